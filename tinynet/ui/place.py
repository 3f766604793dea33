"""A place on the page for a few words, and until they are known, for how far the work is."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


class Place:
    """A place that is taken with the first words.

    Were it emptied first, all below would jump up and down again with every slider.
    """

    def __init__(self) -> None:
        self._place: DeltaGenerator | None = None

    def progress(self, doing: str, done: int, epochs: int) -> None:
        """Draw a bar."""
        self._place = self._place or st.empty()
        with self._place:
            draw_progress(doing, done, epochs)

    def write(self, words: str) -> None:
        """Write the words."""
        (self._place or st).markdown(words)

    def fail(self, words: str) -> None:
        """Say what went wrong."""
        (self._place or st).error(words, icon=":material/error:")


def draw_progress(doing: str, done: int, epochs: int) -> None:
    """Draw words and a bar that say the same number.

    Streamlit's own bar glides behind its words for half a second.
    """
    st.html(
        f"<p>{doing}: epoch {done:,} of {epochs:,}</p>"
        f'<div class="progress" role="progressbar" aria-label="{doing}" aria-valuemin="0" '
        f'aria-valuemax="{epochs}" aria-valuenow="{done}">'
        f'<div style="width:{100 * done / epochs:.2f}%"></div></div>'
    )
