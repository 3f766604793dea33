"""The story of a run: trained, and told in a sentence with what to try."""

from __future__ import annotations

import streamlit as st

from tinynet.diagnosis import diagnose
from tinynet.ui.controls import current_settings, draw_notices, keep_state_within
from tinynet.ui.place import Place
from tinynet.ui.redraw import STORY
from tinynet.ui.runs import note_shown, obtain_run


@st.fragment(key=STORY)
def train_and_tell() -> None:
    """Train what the sidebar is set to, and write what happened and what to try."""
    draw_notices()
    story = Place()
    run = obtain_run(current_settings(), story)
    if run is None:
        return
    keep_state_within(len(run.losses))  # one that broke has fewer epochs than its settings
    note_shown(run)
    diagnosis = diagnose(run)
    story.write(f"{diagnosis.sentence}  \n**{diagnosis.hint}**")
