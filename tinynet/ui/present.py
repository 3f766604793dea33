"""Presenting: the stage fills the window, with text that the back row can read."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from tinynet.ui.controls import is_presenting, present

STYLE = Path(__file__).with_name("present.css")


def draw_present_button() -> None:
    """Draw the button that begins it and ends it, and while it lasts, the style."""
    if is_presenting():
        st.html(STYLE)
    st.button(
        "Leave" if is_presenting() else "Present",
        key="present",
        icon=":material/close_fullscreen:" if is_presenting() else ":material/slideshow:",
        help="The stage fills the window, with large text, for a projector. The menu at the top "
        "right switches between light and dark.",
        on_click=_turn,
    )


def _turn() -> None:
    present(presenting=not is_presenting())
