"""Presenting: the stage fills the window, with text that the back row can read."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from tinynet.ui.session import change
from tinynet.ui.visit import Visit


def draw_present_button(visit: Visit) -> None:
    """Draw *Present*, or *Leave* while presenting."""
    presented = visit.is_presented
    st.button(
        "Leave" if presented else "Present",
        type="tertiary",
        key="leave" if presented else "present",
        icon=f":material/{'close_fullscreen' if presented else 'slideshow'}:",
        # The pointer rests on *Leave*, whose help would cover the lesson.
        help=None
        if presented
        else "Fills the window with the stage, in large text, for a projector. The menu at the top "
        "right switches between light and dark.",
        on_click=change,
        args=(lambda visit: replace(visit, is_presented=not presented),),
    )
