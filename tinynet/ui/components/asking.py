"""Asking: the browser asks for the rest of the page once it has painted the stage.

If one script drew the whole page, the visitor's next move would wait for its end. The browser does
not ask if the visitor has moved on or looks at another window.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import streamlit as st

from tinynet.stage.numbers import read_count
from tinynet.ui.seams import has_browser

LISTENER, ASK, BELOW, COACH, SEEN = "rest", "ask", "below", "ask the coach", "seen"
_mount = st.components.v2.component(
    "tinynet_asking", js=Path(__file__).with_name("asking.js").read_text(encoding="utf-8")
)


def watch() -> None:
    """Redraw the calling fragment when it is in sight and the rest has changed.

    The browser checks whether the container with the key `watched` is in sight.
    """
    _mount(key=BELOW, data={"watches": True}, on_more_change=draw_again)


def listen(on_rest: Callable[[], None], on_pick: Callable[[], None], *, tells: bool) -> None:
    """Redraw the calling fragment as soon as the browser asks.

    The callbacks run when the player comes to rest, and when the visitor picks something in it.
    `tells` says whether to tell the fragment that calls `watch` that this fragment is redrawn.
    """
    _mount(
        key=LISTENER,
        # The number differs each time, since the browser ignores unchanged data.
        data={"listens": True, "tells": perf_counter() if tells else 0},
        on_more_change=draw_again,
        on_rest_change=on_rest,
        on_pick_change=on_pick,
    )


def ask_for(key: str, *, more: bool = False, after: int = 0, **wishes: Any) -> None:
    """Have the browser ask, once it has painted.

    `more` redraws the fragment that calls this, once the visitor has been idle for `after`
    milliseconds.
    """
    # The number makes each request different.
    data = {"more": more, "after": after, "number": perf_counter(), **wishes}
    _mount(key=key, data=data, on_more_change=draw_again)


def ask_after_move(*, rest: bool, more: bool) -> None:
    """Have the browser ask for the rest of the page, and for more of a long run."""
    if rest or more:
        ask_for(ASK, rest=rest, more=more)


@st.fragment
def ask_whether_seen(jumps: int) -> None:
    """Have the browser report that all widgets show the values of this jump; call this last."""
    _mount(key=SEEN, data={"jumps": jumps}, on_seen_change=draw_again)


def has_seen(jumps: int) -> bool:
    """Tell whether the browser's widgets showed this jump's values when it sent this request.

    A request that left earlier reports the values before the jump, which nobody has chosen.
    """
    is_first = jumps <= 1  # the browser had no values before
    return is_first or not has_browser() or read_count(heard(SEEN, "seen")) == jumps


def steps_told() -> int:
    """Return how many steps through the history the browser had made when it made this request."""
    requests = (heard(each, "more") for each in (LISTENER, ASK, BELOW, COACH))
    steps = (each.get("steps") for each in requests if isinstance(each, dict))
    return max((read_count(each) or 0 for each in steps), default=0)


def state_at_rest() -> int | None:
    """Return the number of the state where the player has come to rest."""
    return read_count(heard(LISTENER, "rest"))


def picked() -> dict[str, int]:
    """Return the row that was picked, or the hidden layer and its unit, from 0; {} for all rows."""
    pick = heard(LISTENER, "pick")
    values = pick if isinstance(pick, dict) else {}
    counts = {name: read_count(values.get(name)) for name in ("row", "layer", "unit")}
    return {name: each for name, each in counts.items() if each is not None}


def heard(component: str, event: str) -> Any:
    """Return the value of a component's event; None if the component is gone."""
    return getattr(st.session_state.get(component), event, None)


def draw_again() -> None:
    """Do nothing: Streamlit redraws the fragment after any callback."""
