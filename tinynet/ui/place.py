"""A place on the page for a short text, and for a progress bar until the text is known."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


class Place:
    """A place that appears with its first content.

    An empty place would make everything below jump down and up with every slider.
    """

    def __init__(self) -> None:
        self._place: DeltaGenerator | None = None

    def progress(self, doing: str, done: int, epochs: int) -> None:
        """Draw a progress bar."""
        self._place = self._place or st.empty()
        with self._place:
            draw_progress(doing, done, epochs)

    def write(self, text: str) -> None:
        """Write a text."""
        (self._place or st).markdown(text)

    def fail(self, text: str) -> None:
        """Write an error."""
        (self._place or st).error(text, icon=":material/error:")


def draw_progress(doing: str, done: int, epochs: int) -> None:
    """Draw a text and a bar that show the same number.

    Streamlit's own bar lags half a second behind its text.
    """
    st.html(
        f"<p>{doing}: epoch {done:,} of {epochs:,}</p>"
        f'<div class="progress" role="progressbar" aria-label="{doing}" aria-valuemin="0" '
        f'aria-valuemax="{epochs}" aria-valuenow="{done}">'
        f'<div style="width:{100 * done / epochs:.2f}%"></div></div>'
    )
