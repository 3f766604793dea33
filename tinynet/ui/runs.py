"""The cached core: the run of some settings, for whichever session asks."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from time import perf_counter

import streamlit as st

from tinynet.serving.requests import Request, Result, is_in_progress, settings_of
from tinynet.serving.store import RunStore
from tinynet.settings import Settings
from tinynet.training.run import Run
from tinynet.ui.pace import let_others_go_first, others_wait
from tinynet.ui.seams import somebody_waits
from tinynet.ui.session import VISIT, current_visit

PASS = 0.2  # seconds of training between two pictures of a run in progress
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
    gave_way: bool = False  # others waited


def work_on(request: Request, until: float, *, gives_way: bool = False) -> Done:
    """Take turns at what is asked for, up to a time, or to its end, or until the visitor moves on.

    What gives way stops where anyone else waits. Of what failed there is nothing; the log says why.
    """
    if found := STORE.find(request):
        return Done(found)
    if gives_way and others_wait():
        return Done(None, goes_on=True, gave_way=True)
    try:
        while is_in_progress(entry := STORE.advance(request)):
            stop_if_nobody_waits()
            gave_way = gives_way and others_wait()
            if perf_counter() > until or somebody_waits() or gave_way:
                so_far = STORE.so_far(entry)
                return Done(so_far, goes_on=True, share=entry.share, gave_way=gave_way)
            let_others_go_first()
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
    """End this script if its visitor has asked for the whole page anew, or has left.

    Streamlit does it whenever a script touches the page or the session's state.
    """
    st.session_state.get(VISIT)


def kept_run(settings: Settings) -> Run | None:
    """Return the run of some settings, if it is finished."""
    found = STORE.find(settings)
    return found if isinstance(found, Run) else None


def finished_run() -> Run | None:
    """Return the run of the settings of this visit, if it is finished."""
    return kept_run(current_visit().settings)


def previous_run(run: Run) -> Run | None:
    """Return the run that this visitor last rested on before this one, if one can compare them.

    A loss on other data, or measured otherwise, says nothing beside this one's, and hides it; that
    of a run which this one has gone on from lies below this one's, unseen.
    """
    visit = current_visit()
    before = visit.looked_at_before
    if before is None or visit.went_on_from or measured_on(before) != measured_on(run.settings):
        return None
    return kept_run(before)


def measured_on(settings: Settings) -> tuple[object, str]:
    """Return what two losses must have in common to say anything beside each other."""
    return settings.data, settings.loss
