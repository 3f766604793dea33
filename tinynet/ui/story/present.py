"""Presenting: the stage fills the window, with text that the back row can read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from tinynet.ui.session import change
from tinynet.ui.visit import Visit

STYLE = Path(__file__).parents[1] / "present.css"


def draw_present_button(visit: Visit) -> None:
    """Draw *Present*; while presenting, draw *Leave* and load the style."""
    presented = visit.is_presented
    if presented:
        st.html(STYLE)
    st.button(
        "Leave" if presented else "Present",
        type="tertiary",
        key="leave" if presented else "present",  # seams.css has rules for pages with *Leave*
        icon=f":material/{'close_fullscreen' if presented else 'slideshow'}:",
        help="Fills the window with the stage, in large text, for a projector. The menu at the top "
        "right switches between light and dark.",
        on_click=change,
        args=(lambda visit: replace(visit, is_presented=not presented),),
    )
