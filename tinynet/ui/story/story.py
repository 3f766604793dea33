"""The story of a run: what happened and why, in a sentence or two."""

from __future__ import annotations

import streamlit as st

from tinynet.analysis.diagnosis import Diagnosis
from tinynet.links.address import WATCH
from tinynet.training.run import Run
from tinynet.ui.text import inert
from tinynet.ui.visit import Visit
from tinynet.user_data import Table

FIRST = (
    "This is the article's network: ten inputs, five hidden units and one output. It has just "
    "trained for 50 epochs, on ten rows of random numbers."
)
PREDICTS = "Further down, *Predict* answers new rows."
CAME_WITH_DATA = "These settings came with the data as a starting point. *Undo* restores yours."


def draw_notices(visit: Visit) -> None:
    """Draw what was wrong with the address, until a setting changes."""
    if visit.notices:
        st.warning("\n\n".join(map(inert, visit.notices)), icon=":material/link_off:")


def tell(run: Run | None, visit: Visit, diagnosis: Diagnosis | None, tried: str) -> None:
    """Write the story of a run, with a cause: from its diagnosis, or from the changes tried.

    The first story, about the article's run, begins with the network; a button continues it.
    """
    if run is None:
        st.error(
            "This run could not be trained on this machine. Change a setting, or go back to the "
            "article.",
            icon=":material/error:",
        )
    elif diagnosis:
        step = visit.story_step
        has_cause = not visit.is_presented and step is None
        words = f"{diagnosis.sentence} {diagnosis.cause or tried if has_cause else ''}".strip()
        data = visit.settings.data
        has_form = isinstance(data, Table) and not data.pixels
        if has_form and visit.tab == WATCH and not visit.is_presented and not run.diverged:
            words += f" :gray[{PREDICTS}]"
        if visit.came_with_data:
            words += f" :gray[{CAME_WITH_DATA}]"
        st.markdown(FIRST if step == 0 else words)
