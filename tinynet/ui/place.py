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

    def progress(self, done: float, words: str) -> None:
        """Draw a bar."""
        self._place = self._place or st.empty()
        self._place.progress(min(1.0, done), words)

    def write(self, words: str) -> None:
        """Write the words."""
        (self._place or st).markdown(words)

    def fail(self, words: str) -> None:
        """Say what went wrong."""
        (self._place or st).error(words, icon=":material/error:")
