"""The story of a run: how far it is, and then in a sentence what happened and what to try."""

from __future__ import annotations

import streamlit as st

from tinynet.diagnosis import diagnose
from tinynet.run import Run
from tinynet.ui.place import draw_progress


def tell(run: Run | None) -> None:
    """Write the story; the place is as high for a run in progress as for a finished one."""
    if run is None:
        st.error(
            "This run could not be trained on this machine. Nothing is lost: change a setting, "
            "or go back to the article.",
            icon=":material/error:",
        )
    elif run.finished:
        diagnosis = diagnose(run)
        st.markdown(f"{diagnosis.sentence}  \n**{diagnosis.hint}**")
    else:
        draw_progress("Training", len(run.losses), run.settings.epochs)
