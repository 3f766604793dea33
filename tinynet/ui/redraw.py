"""What a moved slider redraws: what is seen first, first, and not the sliders themselves.

The parts are fragments of the page. All else stays as it stands in the browser, which has the more
time for them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from tinynet.address import TAB
from tinynet.ui.pace import MOVE, age, keep_pace, paced, settle_in, step_aside
from tinynet.ui.scripts import restore

PAGE, SHARE, WATCH, GUIDE, TABLE = "page", "share", "watch", "guide", "predictions"
CARD, INSIDE, COMPARE, CODE = "experiment", "inside", "compare", "code"
# What a moved slider redraws, in this order.
PARTS = (WATCH, SHARE, GUIDE, CARD, INSIDE, COMPARE, CODE)
COMPLETE = "the page was drawn to its end"
VIEW = "the view of the run that was drawn, by the name of its tab"
OWED = "the parts that were to be redrawn, and are not yet"
TABLE_STANDS = "the table of the predictions was drawn"  # it is a part of another, often broken off
# A browser on a modest machine paints what it has within so many breaths. Sent without a pause, the
# rest of the page would be in the same breath, and the first figure be seen as late as the last
# chart.
BREATHS, BREATH = 9, 0.01  # seconds
AT_ONCE = 0.2  # seconds, within which a script begins whose message came during the one before
ON_ITS_WAY = 2.0  # seconds, within which a server with much to do, too, has sent what it drew


def redraw() -> None:
    """Redraw what depends on the settings; the last thing that a slider's callback does.

    Not for one that sets another widget: Streamlit would not tell the browser of it.
    """
    keep_pace(MOVE)
    if _stands():  # else the whole page is drawn again, by itself
        _owed().update(each for each in PARTS if each != SHARE)  # which is always redrawn
        st.rerun(list(PARTS))


def redraw_all() -> None:
    """Redraw the whole page; the last thing that a callback does which sets other widgets."""
    st.rerun()


def redraw_view() -> None:
    """Redraw what depends on the epoch that is looked at, and not the picture that has moved."""
    _redraw_with_owed(SHARE, INSIDE, TABLE)


def redraw_inside() -> None:
    """Redraw the epoch that is opened up, where a row or a unit of it was picked elsewhere."""
    _redraw_with_owed(INSIDE)


def _redraw_with_owed(*wanted: str) -> None:
    """Redraw these, and what a visitor who did not wait has broken off."""
    if not _stands():
        return
    if _is_on_its_way(WATCH):  # where the picture stands whose message this answers
        _owed().add(WATCH)
    parts = {*wanted, *_owed()}
    if WATCH in parts or not st.session_state.get(TABLE_STANDS):
        parts.discard(TABLE)
    st.rerun([each for each in (*PARTS, TABLE) if each in parts])


def _is_on_its_way(what: str) -> bool:
    """Tell whether the browser may not have a part yet, for the script before this one drew it.

    A message from a part has Streamlit drop what it has not sent yet of that part, for it counts on
    drawing that part again; where a callback asks for others, the browser would never get it.
    """
    return age() < AT_ONCE and age(what) < ON_ITS_WAY


def _stands() -> bool:
    """Tell whether the page was drawn to its end, and with the view that is wanted now.

    Another tab may be chosen in the same breath in which a slider is moved.
    """
    state = st.session_state
    return bool(state.get(COMPLETE)) and state.get(VIEW) == state.get(TAB)


def _owed() -> set[str]:
    owed: set[str] = st.session_state.setdefault(OWED, set())
    return owed


@contextmanager
def whole_page() -> Iterator[None]:
    """Draw the whole page; its parts can be redrawn only once it was drawn to its end."""
    with paced(PAGE, MOVE, WATCH, GUIDE, CARD, INSIDE, COMPARE, CODE):
        st.session_state[COMPLETE] = False
        restore()
        yield
        st.session_state[COMPLETE] = True
        _owed().clear()
    settle_in()


@contextmanager
def part(*names: str, in_turn: bool = True) -> Iterator[None]:
    """Draw a part of the page, the first of these, in its turn if it is drawn by itself."""
    with paced(*names) if in_turn and draws_parts() else nullcontext():
        _owed().add(names[0])
        yield
        _owed().discard(names[0])


def draws_parts() -> bool:
    """Tell whether only parts of the page are being redrawn."""
    context = get_script_run_ctx()
    return bool(context and context.fragment_ids_this_run)


def let_the_browser_paint() -> None:
    """Let the browser paint what was drawn so far, before it hears of the rest.

    A visitor who has moved on by then is not kept waiting.
    """
    step_aside()
    for _ in range(BREATHS):
        time.sleep(BREATH)
        st.session_state.get(COMPLETE)  # here Streamlit stops what nobody waits for
