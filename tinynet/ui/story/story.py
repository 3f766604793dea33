"""The story of a run: in a sentence what happened, and what to try."""

from __future__ import annotations

import streamlit as st

from tinynet.analysis.diagnosis import Diagnosis, diagnose
from tinynet.training.run import Run
from tinynet.ui.text import inert
from tinynet.ui.visit import Visit


def draw_notices(visit: Visit) -> None:
    """Say what was wrong with the address, until a setting is changed."""
    if visit.notices:
        st.warning("\n\n".join(map(inert, visit.notices)), icon=":material/link_off:")


def draw_start(visit: Visit) -> None:
    """Say that the settings came with the data, until one is changed."""
    if visit.came_with_data:
        st.caption("These settings came with the data, to start from. *Undo* brings back yours.")


def tell(run: Run | None, *, is_presented: bool) -> Diagnosis | None:
    """Write the story, in short where it is presented, and return what it rests on.

    Of a run in progress there is none yet.
    """
    if run is None:
        st.error(
            "This run could not be trained on this machine. Nothing is lost: change a setting, "
            "or go back to the article.",
            icon=":material/error:",
        )
    elif run.finished:
        diagnosis = diagnose(run)
        cause = "" if is_presented else diagnosis.cause
        st.markdown(f"{diagnosis.sentence} {cause}".strip())
        return diagnosis
    return None
