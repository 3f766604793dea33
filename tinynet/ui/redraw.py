"""What a moved slider redraws: what is seen first, first, and not the sliders themselves.

The parts are fragments of the page. All else stays as it stands in the browser, which has the more
time for them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from threading import Event

import streamlit as st
from streamlit import runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx

from tinynet.address import TAB
from tinynet.ui.pace import MOVE, keep_pace, paced, settle_in, step_aside
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
MOST_BREATHS = 200  # for the server to send what was drawn


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
    has_table = st.session_state.get(TABLE_STANDS) and WATCH not in _owed()
    _redraw_with_owed(SHARE, INSIDE, *([TABLE] if has_table else []))


def redraw_inside() -> None:
    """Redraw the epoch that is opened up, where a row or a unit of it was picked elsewhere."""
    _redraw_with_owed(INSIDE)


def _redraw_with_owed(*wanted: str) -> None:
    """Redraw these, and what a visitor who did not wait has broken off."""
    if _stands():
        st.rerun([each for each in (*PARTS, TABLE) if each in {*wanted, *_owed()}])


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
        let_it_leave()
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
        _breathe()


def let_it_leave() -> None:
    """Wait until the server has sent what was drawn; on a quiet one that takes a breath or two.

    As soon as a message comes from a part of the page, Streamlit drops what it has not sent yet of
    that part, or of all where it comes from none, for it counts on drawing that again. A callback
    that asks for other parts would leave the page without, in the worst case for good.
    """
    step_aside()
    if (session := _session()) is None:
        return
    is_handed_on = Event()
    session._event_loop.call_soon_threadsafe(is_handed_on.set)  # noqa: SLF001 - nothing public tells
    for _ in range(MOST_BREATHS):
        if is_handed_on.is_set() and session._browser_queue.is_empty():  # noqa: SLF001 - likewise
            return
        _breathe()


def _session() -> AppSession | None:
    """Return Streamlit's own side of this visit; None where nobody listens."""
    context = get_script_run_ctx()
    server = runtime.get_instance() if runtime.exists() else None
    sessions = getattr(server, "_session_mgr", None)  # nothing public leads there
    found = sessions.get_active_session_info(context.session_id) if sessions and context else None
    return found.session if found else None


def _breathe() -> None:
    time.sleep(BREATH)
    st.session_state.get(COMPLETE)  # here Streamlit stops what nobody waits for
