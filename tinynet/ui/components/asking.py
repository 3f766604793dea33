"""Asking: the browser asks for the rest of a page once it has painted what it has.

A script that went on by itself would leave the visitor's next move waiting until its end; and
whoever has moved on, or looks at another window, asks for nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import streamlit as st

from tinynet.stage.numbers import read_count

LISTENER = "rest"
_mount = st.components.v2.component(
    "tinynet_asking", js=Path(__file__).with_name("asking.js").read_text(encoding="utf-8")
)


def watch() -> None:
    """Have the part that draws this drawn again when it is in sight and the rest has changed.

    In sight is the container with the key `watched` around it.
    """
    _mount(key="below", data={"watches": True}, on_more_change=draw_again)


def listen(on_rest: Callable[[], None], on_pick: Callable[[], None], *, tells: bool) -> None:
    """Have the part of the page that draws this be drawn again as soon as the browser asks.

    It also hears of where the player comes to rest, and of what is picked in it; and it may tell
    the part that watches that this one was drawn again.
    """
    _mount(
        key=LISTENER,
        # The number has the browser hear of it each time.
        data={"listens": True, "tells": perf_counter() if tells else 0},
        on_more_change=draw_again,
        on_rest_change=on_rest,
        on_pick_change=on_pick,
    )


def ask_for(key: str, *, rest: bool = False, more: bool = False, after: int = 0) -> None:
    """Have the browser ask, once it has painted.

    The rest is the part of the page that listens; more is of the part that draws this, which may
    wait until its visitor has touched nothing for so many milliseconds.
    """
    # The number tells one asking from the next.
    data = {"rest": rest, "more": more, "after": after, "number": perf_counter()}
    _mount(key=key, data=data, on_more_change=draw_again)


def state_at_rest() -> int | None:
    """Return the number of the state where the player has come to rest."""
    return read_count(heard(LISTENER, "rest"))


def picked() -> dict[str, int]:
    """Return what was picked: the row, or layer (of the hidden ones) and unit, from 0."""
    pick = heard(LISTENER, "pick")
    wanted = pick if isinstance(pick, dict) else {}
    known = {name: read_count(wanted.get(name)) for name in ("row", "layer", "unit")}
    return {name: each for name, each in known.items() if each is not None}


def heard(component: str, event: str) -> Any:
    """Return what a component has told; None where it has gone meanwhile."""
    return getattr(st.session_state.get(component), event, None)


def draw_again() -> None:
    """Do nothing: the part is drawn again by itself."""
