"""The cached core: the run of some settings, for whichever session asks."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import TYPE_CHECKING

import streamlit as st

from tinynet.run import Run
from tinynet.settings import Settings
from tinynet.ui.controls import current_settings
from tinynet.ui.place import Place
from tinynet.ui.store import RunStore

if TYPE_CHECKING:
    from tinynet.training import Training

PATIENCE = 0.5  # seconds before a progress bar is worth drawing
RUN, NEW = "the run shown", "it has taken the place of another"
BEFORE = "the settings of the run before"
log = logging.getLogger(__name__)
# The store of this server: a module is loaded once for all visitors. Not in Streamlit's own cache,
# which would outlive an edit of the classes whose objects it holds.
STORE = RunStore()


def obtain_run(settings: Settings, story: Place) -> Run | None:
    """Return the run of these settings, trained in turns; a long one tells of its progress.

    None is one that failed; the story says so.
    """
    start = perf_counter()
    while not isinstance(entry := _take_a_turn(settings, story), Run | None):
        if perf_counter() - start > PATIENCE:
            epochs = entry.settings.epochs
            words = f"Training: epoch {entry.epoch:,} of {epochs:,}"
            story.progress(entry.epoch / epochs, words)
        stop_if_nobody_waits()
    return entry


def stop_if_nobody_waits() -> None:
    """End this script if its visitor has moved a slider, changed the tab or left.

    Streamlit does it whenever a script touches the page or the session's state; but not for a click
    inside a fragment, whose turn comes after.
    """
    st.session_state.get(RUN)


def note_shown(run: Run) -> None:
    """Note that this run is on the visitor's screen now."""
    shown: Run | None = st.session_state.get(RUN)
    st.session_state[RUN] = run
    if shown and shown.settings != run.settings:
        st.session_state[BEFORE] = shown.settings
        st.session_state[NEW] = True


def shown_run() -> Run | None:
    """Return the run of the settings on the screen; None is one that failed or was stopped."""
    run: Run | None = st.session_state.get(RUN)
    return run if run and run.settings == current_settings() else None


def is_new_on_the_screen() -> bool:
    """Tell, once, that the run shown has taken the place of another."""
    new: bool = st.session_state.pop(NEW, False)
    return new


def previous_run() -> Run | None:
    """Return the run that was on this visitor's screen before this one."""
    before = st.session_state.get(BEFORE)
    return STORE.find(before) if before else None


def _take_a_turn(settings: Settings, story: Place) -> Run | Training | None:
    try:
        return STORE.advance(settings)
    except Exception:
        log.exception("The run of %s failed", settings)
        story.fail(
            "This run could not be trained on this machine. Nothing is lost: change a setting, "
            "or go back to the article."
        )
        return None
