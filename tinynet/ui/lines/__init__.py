"""The five lines of one epoch, opened up in the browser: a step from line to line asks no server.

The component gets all that the five lines made at once (some 10 kB with 5 hidden units), counts
every click itself, and asks only for an update that it has not got: for another epoch, or another
of its batches.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from tinynet.colours import BLUE, ORANGE
from tinynet.epoch import Epoch
from tinynet.run import Run
from tinynet.ui.asking import heard
from tinynet.ui.lines.five import lines_of
from tinynet.ui.numbers import SCRIPT, counted, packed
from tinynet.ui.scripts import served

HERE = Path(__file__).parent
KEY = "lines"
_mount = st.components.v2.component(
    "tinynet_lines",
    html=(HERE / "lines.html").read_text(encoding="utf-8"),
    css=(HERE / "lines.css").read_text(encoding="utf-8"),
    js=served("lines", SCRIPT + (HERE / "lines.js").read_text(encoding="utf-8")),
)


def draw_lines(run: Run, epoch: Epoch, row: int | None, on_update: Callable[[], None]) -> None:
    """Draw the lines of an update; `update_asked` says which one a step has led to.

    The player hears by them which row of the run is picked.
    """
    _mount(key=KEY, data=packed_lines(run, epoch, row), on_asked_change=on_update)


def update_asked() -> int | None:
    """Return the update, counted from the first, that a step from line to line has led to."""
    return counted(heard(KEY, "asked"))


def packed_lines(run: Run, epoch: Epoch, row: int | None = None) -> bytes:
    """Return the lines of an epoch, or of a batch, their words and numbers, for the browser."""
    facts = {
        "run": repr(run.settings),
        "epoch": epoch.number,
        "batch": epoch.batch,
        "row": row,
        "update": epoch.number * epoch.batches + epoch.batch,
        "last": len(run.losses) * epoch.batches - 1,
        "batches": epoch.batches,
        "lines": [
            {**vars(line), "blocks": [*line.blocks], "picture": vars(line.picture)}
            for line in lines_of(run, epoch)
        ],
        "colours": {"positive": BLUE, "negative": ORANGE},
    }
    return packed(facts)
