"""The cached core: the run of some settings, for whichever session asks."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import TYPE_CHECKING

import streamlit as st

from tinynet.run import Run
from tinynet.settings import Settings
from tinynet.ui.store import RunStore

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from tinynet.training import Training

PATIENCE = 0.5  # seconds before a progress bar is worth drawing
SHOWN, BEFORE = "settings shown", "settings shown before"
log = logging.getLogger(__name__)


@st.cache_resource(show_spinner=False)
def run_store() -> RunStore:
    """Return the store of this server."""
    return RunStore()


def obtain_run(settings: Settings, slot: DeltaGenerator) -> Run:
    """Return the run of these settings, trained in turns; the slot shows a long one's progress."""
    start = perf_counter()
    while not isinstance(entry := _take_a_turn(settings, slot), Run):
        if perf_counter() - start > PATIENCE:
            _draw_progress(entry, slot)
        # Streamlit stops a script that nobody waits for any more when it touches the page or the
        # session's state; while there is nothing to draw, this does it.
        st.session_state.get(SHOWN)
    return entry


def previous_run(settings: Settings) -> Run | None:
    """Return the run that was on this visitor's screen before this one, and remember this one."""
    if settings != st.session_state.get(SHOWN):
        st.session_state[BEFORE] = st.session_state.get(SHOWN)
        st.session_state[SHOWN] = settings
    before = st.session_state[BEFORE]
    return run_store().find(before) if before else None


def _take_a_turn(settings: Settings, slot: DeltaGenerator) -> Run | Training:
    try:
        return run_store().advance(settings)
    except Exception:
        log.exception("The run of %s failed", settings)
        slot.error(
            "This run could not be trained on this machine. Nothing is lost: change a setting, "
            "or go back to the article.",
            icon=":material/error:",
        )
        st.stop()


def _draw_progress(training: Training, slot: DeltaGenerator) -> None:
    epochs = training.settings.epochs
    slot.progress(training.epoch / epochs, f"Training: epoch {training.epoch:,} of {epochs:,}")
