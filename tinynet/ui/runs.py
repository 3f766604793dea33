"""The cached core: the run of some settings, for whichever session asks."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from time import perf_counter

import streamlit as st

from tinynet.run import Run
from tinynet.settings import Settings
from tinynet.ui.controls import current_settings
from tinynet.ui.store import Request, Result, RunStore, is_in_work, settings_of

PASS = 0.2  # seconds of training between two pictures of a run in progress
REST = 0.5  # seconds on the screen, after which a run counts as looked at
RUN, SINCE, NEW = "the run shown", "on the screen since", "it has taken the place of another"
RESTED = "the settings that the visitor last rested on"
log = logging.getLogger(__name__)
# The store of this server: a module is loaded once for all visitors. Not in Streamlit's own cache,
# which would outlive an edit of the classes whose objects it holds.
STORE = RunStore()


def train_on(settings: Settings) -> Run | None:
    """Train the run of these settings for a pass; return it as far as it is then.

    None is one that failed; the log says why.
    """
    done = work_on(settings, perf_counter() + PASS)
    return done.so_far if isinstance(done.so_far, Run) else None


@dataclass(frozen=True)
class Done:
    """What work in turns has come to, if that is worth something yet, and whether it goes on."""

    so_far: Result | None
    goes_on: bool = False
    share: float = 1.0


def work_on(request: Request, until: float) -> Done:
    """Take turns at what is asked for, up to a time, or to its end.

    Of what failed there is nothing; the log says why.
    """
    try:
        while is_in_work(entry := STORE.advance(request)):
            stop_if_nobody_waits()
            if perf_counter() > until:
                return Done(STORE.so_far(entry), goes_on=True, share=entry.share)
    except Exception:  # noqa: BLE001 - it is noted
        note_failure(request)
        return Done(None)
    return Done(entry)


def note_failure(request: Request) -> None:
    """Note in the log what failed, and why; of a file only that it was one."""
    settings = settings_of(request)
    if settings.files:
        kind = type(sys.exception()).__name__
        log.error("A %s on a file failed: %s", type(request).__name__, kind)
    else:
        log.exception("%r failed", request)  # noqa: LOG004 - called where one is handled


def stop_if_nobody_waits() -> None:
    """End this script if its visitor has moved a slider, changed the tab or left.

    Streamlit does it whenever a script touches the page or the session's state; but not for a click
    inside a fragment, whose turn comes after.
    """
    st.session_state.get(RUN)


def note_shown(run: Run, asked: float) -> None:
    """Note that this run is on the visitor's screen now, and when it was asked for."""
    shown = run_on_the_screen()
    st.session_state[RUN] = run
    if shown and shown.settings == run.settings:
        return
    since: float | None = st.session_state.pop(SINCE, None)
    if shown and since is not None and asked - since >= REST:
        _note_rest(shown.settings)
    st.session_state[NEW] = shown is not None


def note_drawn() -> None:
    """Note that all of the run is drawn: the visitor rests on it from now on."""
    st.session_state.setdefault(SINCE, perf_counter())


def _note_rest(settings: Settings) -> None:
    """Keep the last two, for the visitor may come back to the last."""
    rested: list[Settings] = st.session_state.get(RESTED, [])
    st.session_state[RESTED] = [*(each for each in rested if each != settings), settings][-2:]


def run_on_the_screen() -> Run | None:
    """Return the run that was drawn last, which may still be in progress."""
    run: Run | None = st.session_state.get(RUN)
    return run


def shown_run() -> Run | None:
    """Return the finished run of the settings on the screen, if there is one."""
    run = run_on_the_screen()
    return run if run and run.finished and run.settings == current_settings() else None


def is_in_progress() -> bool:
    """Tell whether the run of the settings on the screen is still training."""
    run = run_on_the_screen()
    return bool(run and not run.finished and run.settings == current_settings())


def is_new_on_the_screen() -> bool:
    """Tell, once, that the run shown has taken the place of another."""
    new: bool = st.session_state.pop(NEW, False)
    return new


def previous_run(run: Run) -> Run | None:
    """Return the run that this visitor last rested on before this one, if one can compare them.

    A loss on other data, or measured otherwise, says nothing beside this one's, and hides it.
    """
    rested: list[Settings] = st.session_state.get(RESTED, [])
    before = [each for each in rested if each != run.settings]
    if not before or measured_on(before[-1]) != measured_on(run.settings):
        return None
    found = STORE.find(before[-1])
    return found if isinstance(found, Run) else None


def measured_on(settings: Settings) -> tuple[object, str]:
    """Return what two losses must have in common to say anything beside each other."""
    return settings.data, settings.loss
