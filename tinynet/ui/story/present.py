"""Presenting: the stage fills the window, with text that the back row can read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from tinynet.ui.session import change
from tinynet.ui.visit import Visit

STYLE = Path(__file__).with_name("present.css")


def draw_present_button(visit: Visit) -> None:
    """Draw the button that begins it and ends it, and while it lasts, the style."""
    if visit.is_presented:
        st.html(STYLE)
    st.button(
        "Leave" if visit.is_presented else "Present",
        key="present",
        icon=f":material/{'close_fullscreen' if visit.is_presented else 'slideshow'}:",
        help="The stage fills the window, with large text, for a projector. The menu at the top "
        "right switches between light and dark.",
        on_click=change,
        args=(lambda visit: replace(visit, is_presented=not visit.is_presented),),
    )
