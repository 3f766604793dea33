"""The five lines of one epoch, in the browser: a step from line to line needs no server.

The browser receives the results of all five lines at once (about 10 kB with 5 hidden units). It
asks the server only for another epoch or batch.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from tinynet.analysis.epoch import Epoch
from tinynet.stage.assets import LINES_HTML, LINES_STYLE
from tinynet.stage.lines.message import packed_lines
from tinynet.stage.numbers import read_count
from tinynet.training.run import Run
from tinynet.ui.components.asking import heard
from tinynet.ui.components.scripts import served

KEY = "lines"
_mount = st.components.v2.component(
    "tinynet_lines", html=LINES_HTML, css=LINES_STYLE, js=served("streamlit/lines.js")
)


def draw_lines(run: Run, epoch: Epoch, row: int | None, on_update: Callable[[], None]) -> None:
    """Draw the lines of an update; `update_asked` returns the update that a step leads to.

    The component tells the player which row of the run is picked.
    """
    _mount(key=KEY, data=packed_lines(run, epoch, row), on_asked_change=on_update)


def update_asked() -> int | None:
    """Return the number of the update that a step from line to line leads to, from 0."""
    return read_count(heard(KEY, "asked"))
