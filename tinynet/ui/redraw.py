"""What a moved slider redraws: what is seen first, first, and not the sliders themselves.

The parts are fragments of the page. All else stays as it stands in the browser, which has the more
time for them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from tinynet.ui.pace import MOVE, keep_pace, paced, settle_in

# In the order in which they are drawn.
PAGE, SHARE, WATCH, GUIDE, TABLE = "page", "share", "watch", "guide", "predictions"
CARD, INSIDE, CODE = "experiment", "inside", "code"
COMPLETE = "the page was drawn to its end"
# A browser on a modest machine paints what it has within so many breaths. Sent without a pause, the
# rest of the page would be in the same breath, and the first figure be seen as late as the last
# chart.
BREATHS, BREATH = 9, 0.01  # seconds


def redraw() -> None:
    """Redraw what depends on the settings; the last thing that a slider's callback does.

    Not for one that sets another widget: Streamlit would not tell the browser of it.
    """
    keep_pace(MOVE)
    if st.session_state.get(COMPLETE):  # else the whole page is drawn again, by itself
        st.rerun([WATCH, SHARE, GUIDE, CARD, INSIDE, CODE])


def redraw_view() -> None:
    """Redraw what depends on the epoch that is looked at, and not the picture that has moved."""
    if st.session_state.get(COMPLETE):
        st.rerun([SHARE, TABLE, INSIDE])


def redraw_inside() -> None:
    """Redraw the epoch that is opened up, where a row or a unit of it was picked elsewhere."""
    if st.session_state.get(COMPLETE):
        st.rerun([INSIDE])


@contextmanager
def whole_page() -> Iterator[None]:
    """Draw the whole page; its parts can be redrawn only once it was drawn to its end."""
    with paced(PAGE, MOVE, WATCH, GUIDE, CARD, INSIDE, CODE):
        st.session_state[COMPLETE] = False
        yield
        st.session_state[COMPLETE] = True
    settle_in()


def part(*names: str) -> AbstractContextManager[None]:
    """Draw a part of the page, in its turn if it is drawn by itself."""
    return paced(*names) if draws_parts() else nullcontext()


def draws_parts() -> bool:
    """Tell whether only parts of the page are being redrawn."""
    context = get_script_run_ctx()
    return bool(context and context.fragment_ids_this_run)


def let_the_browser_paint() -> None:
    """Let the browser paint what was drawn so far, before it hears of the rest.

    A visitor who has moved on by then is not kept waiting.
    """
    for _ in range(BREATHS):
        time.sleep(BREATH)
        st.session_state.get(COMPLETE)  # here Streamlit stops what nobody waits for
