"""The story of a run: what happened and why, in a sentence or two."""

from __future__ import annotations

import streamlit as st

from tinynet.analysis.diagnosis import Diagnosis, diagnose
from tinynet.training.run import Run
from tinynet.ui.text import inert
from tinynet.ui.visit import Visit


def draw_notices(visit: Visit) -> None:
    """Draw what was wrong with the address, until a setting changes."""
    if visit.notices:
        st.warning("\n\n".join(map(inert, visit.notices)), icon=":material/link_off:")


def draw_start(visit: Visit) -> None:
    """Draw a note that the settings came with the data, until a setting changes."""
    if visit.came_with_data:
        st.caption("These settings came with the data as a starting point. *Undo* restores yours.")


def tell(run: Run | None, *, is_presented: bool) -> Diagnosis | None:
    """Write the story of a run, and return its diagnosis if it is finished."""
    if run is None:
        st.error(
            "This run could not be trained on this machine. Change a setting, or go back to the "
            "article.",
            icon=":material/error:",
        )
    elif run.finished:
        diagnosis = diagnose(run)
        cause = "" if is_presented else diagnosis.cause
        st.markdown(f"{diagnosis.sentence} {cause}".strip())
        return diagnosis
    return None
