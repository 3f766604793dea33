"""What a moved slider redraws: the run first, and of the rest what speaks of it.

The parts are fragments of the page. All else, the sliders above all, stays as it stands in the
browser, which has the more time for the run.
"""

from __future__ import annotations

import time

import streamlit as st

RUN, SHARE, BACK = "run", "share", "back"
COMPLETE = "the page was drawn to its end"
# A browser on a modest machine paints what it has within this time. Sent without a pause, the rest
# of the page would be in the same breath, and the first figure be seen as late as the last chart.
BREATH = 0.03  # seconds


def redraw() -> None:
    """Redraw what depends on the settings and the view; the last thing that a callback does."""
    if COMPLETE in st.session_state:  # else the whole page is drawn again, by itself
        st.rerun([RUN, SHARE, BACK])


def let_the_browser_paint(breaths: int) -> None:
    """Let the browser paint what was drawn so far, before it hears of the rest."""
    time.sleep(breaths * BREATH)
