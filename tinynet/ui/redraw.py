"""What a moved slider redraws: what is seen first, first, and not the sliders themselves.

The parts are fragments of the page. All else stays as it stands in the browser, which has the more
time for them.
"""

from __future__ import annotations

import time

import streamlit as st

from tinynet.ui.pace import keep_pace

# In the order in which they are drawn.
SHARE, STORY, TRAIN, INSIDE, CODE = "share", "story", "train", "inside", "code"
COMPLETE = "the page was drawn to its end"
# A browser on a modest machine paints what it has within this time. Sent without a pause, the rest
# of the page would be in the same breath, and the first figure be seen as late as the last chart.
BREATH = 0.03  # seconds


def redraw() -> None:
    """Redraw what depends on the settings; the last thing that a slider's callback does.

    Not for one that sets another widget: Streamlit would not tell the browser of it.
    """
    keep_pace()
    if COMPLETE in st.session_state:  # else the whole page is drawn again, by itself
        st.rerun([SHARE, STORY, TRAIN, INSIDE, CODE])


def let_the_browser_paint(breaths: int = 1) -> None:
    """Let the browser paint what was drawn so far, before it hears of the rest."""
    time.sleep(breaths * BREATH)
