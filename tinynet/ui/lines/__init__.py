"""The five lines of one epoch, opened up in the browser: a step from line to line asks no server.

The component gets all that the five lines made at once (some 10 kB with 5 hidden units), counts
every click itself, and asks only for an update that it has not got: for another epoch, or another
of its batches.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from tinynet.colours import BLUE, ORANGE
from tinynet.epoch import Epoch
from tinynet.run import Run
from tinynet.ui.lines.five import Line, lines_of
from tinynet.ui.numbers import SCRIPT, Cargo, counted, packed
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
    return counted(getattr(st.session_state.get(KEY), "asked", None))


def packed_lines(run: Run, epoch: Epoch, row: int | None = None) -> bytes:
    """Return the lines of an epoch, or of a batch, their words and numbers, for the browser."""
    cargo = Cargo()
    facts = {
        "run": repr(run.settings),
        "epoch": epoch.number,
        "batch": epoch.batch,
        "row": row,
        "update": epoch.number * epoch.batches + epoch.batch,
        "last": len(run.losses) * epoch.batches - 1,
        "batches": epoch.batches,
        "lines": [_facts(line, run, epoch, cargo) for line in lines_of(run.settings)],
        "colours": {"positive": BLUE, "negative": ORANGE},
    }
    return packed(facts, cargo.to_bytes())


def _facts(line: Line, run: Run, epoch: Epoch, cargo: Cargo) -> dict[str, Any]:
    return {
        "name": line.name,
        "code": line.code,
        "forgotten": line.forgotten,
        "does": line.does,
        "without": line.without,
        "blocks": [block.facts(cargo) for block in line.made(run, epoch)],
        "picture": _picture(line, epoch, cargo),
    }


def _picture(line: Line, epoch: Epoch, cargo: Cargo) -> dict[str, Any]:
    """Return what the player lights: its words, and where the numbers of its edges stand."""
    edges = line.picture.edges
    return {
        "words": line.picture.words,
        "answers": line.picture.answers,
        "edges": None if edges is None else [cargo.place(each) for each in edges(epoch)],
    }
