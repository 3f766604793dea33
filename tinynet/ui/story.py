"""The place for what happened in a run, and until that is known, for how far the run is."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


class Story:
    """A place that is taken with the first words.

    Were it emptied first, all below would jump up and down again with every slider.
    """

    def __init__(self) -> None:
        self._place: DeltaGenerator | None = None

    def progress(self, done: float, words: str) -> None:
        """Draw a bar."""
        self._place = self._place or st.empty()
        self._place.progress(done, words)

    def tell(self, words: str) -> None:
        """Write the story."""
        (self._place or st).markdown(words)

    def fail(self, words: str) -> None:
        """Say what went wrong."""
        (self._place or st).error(words, icon=":material/error:")
