"""The five lines of one epoch, opened up in the browser: a step from line to line asks no server.

The component gets all that the five lines made at once (some 10 kB with 5 hidden units), counts
every click itself, and asks only for an epoch that it has not got.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from tinynet.colours import BLUE, ORANGE
from tinynet.epoch import Epoch
from tinynet.run import Run
from tinynet.ui.lines.five import FORGOTTEN, LINES, ZERO_GRAD, Line
from tinynet.ui.numbers import SCRIPT, Cargo, packed

HERE = Path(__file__).parent
KEY = "lines"
_mount = st.components.v2.component(
    "tinynet_lines",
    html=(HERE / "lines.html").read_text(),
    css=(HERE / "lines.css").read_text(),
    js=SCRIPT + (HERE / "lines.js").read_text(),
)


def draw_lines(run: Run, epoch: Epoch, on_epoch: Callable[[], None]) -> None:
    """Draw the lines of an epoch; `epoch_asked` says which one a step has led to."""
    _mount(key=KEY, data=packed_lines(run, epoch), on_epoch_change=on_epoch)


def epoch_asked() -> int | None:
    """Return the epoch that a step from line to line has led to, if there is one."""
    epoch: int | None = st.session_state[KEY].epoch
    return epoch


def packed_lines(run: Run, epoch: Epoch) -> bytes:
    """Return the lines of an epoch, their words and their numbers, for the browser."""
    cargo = Cargo()
    facts = {
        "epoch": epoch.number,
        "last": len(run.losses) - 1,
        "lines": [_facts(index, line, run, epoch, cargo) for index, line in enumerate(LINES)],
        "colours": {"positive": BLUE, "negative": ORANGE},
    }
    return packed(facts, cargo.to_bytes())


def _facts(index: int, line: Line, run: Run, epoch: Epoch, cargo: Cargo) -> dict[str, Any]:
    forgotten = index == ZERO_GRAD and not run.settings.zero_gradients
    return {
        "code": line.code,
        "forgotten": forgotten,
        "does": FORGOTTEN if forgotten else line.does,
        "without": line.without,
        "blocks": [block.facts(cargo) for block in line.made(run, epoch)],
    }
