"""Runs for the page: the store of this server, and work on it in turns."""

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
from tinynet.ui.seams import has_moved_on
from tinynet.ui.session import VISIT
from tinynet.ui.visit import Visit

PASS = 0.2  # seconds of training between two drawings of an unfinished run
log = logging.getLogger(__name__)
# All visitors share the module's variables. Streamlit's own cache would keep objects of outdated
# classes after a reload.
STORE = RunStore()


def train_on(settings: Settings) -> Run | None:
    """Train the run of these settings for one pass, and return it, finished or not.

    Return None if the training failed; the log says why.
    """
    done = work_on(settings, perf_counter() + PASS)
    return done.so_far if isinstance(done.so_far, Run) else None


@dataclass(frozen=True)
class Done:
    """The result of one pass of work."""

    so_far: Result | None  # None if there is nothing to show yet, or if the work failed
    goes_on: bool = False
    share: float = 1.0
    gave_way: bool = False  # the work stopped because other scripts waited


def work_on(request: Request, until: float, *, gives_way: bool = False) -> Done:
    """Work on a request in turns, until a time, the end, or the visitor's next request.

    Work that gives way also stops as soon as another script waits. The log says why work failed.
    """
    if found := STORE.find(request):
        return Done(found)
    if gives_way and others_wait():
        return Done(None, goes_on=True, gave_way=True)
    try:
        while is_in_progress(entry := STORE.advance(request)):
            stop_if_superseded()
            gave_way = gives_way and others_wait()
            if perf_counter() > until or has_moved_on() or gave_way:
                so_far = STORE.so_far(entry)
                return Done(so_far, goes_on=True, share=entry.share, gave_way=gave_way)
            let_others_go_first()
    except Exception:  # noqa: BLE001 - it is logged
        log_failure(request)
        return Done(None)
    return Done(entry)


def log_failure(request: Request) -> None:
    """Log which request failed, and why; for user data, log only the kind of error."""
    settings = settings_of(request)
    if settings.files:
        kind = type(sys.exception()).__name__
        log.error("A %s on a file failed: %s", type(request).__name__, kind)
    else:
        log.exception("%r failed", request)  # noqa: LOG004 - called in an except block


def stop_if_superseded() -> None:
    """End this script if the visitor has asked for the whole page again, or has left.

    Streamlit checks this whenever a script reads the session state.
    """
    st.session_state.get(VISIT)


def kept_run(settings: Settings) -> Run | None:
    """Return the finished run of these settings, if the store has it."""
    found = STORE.find(settings)
    return found if isinstance(found, Run) else None


def previous_run(visit: Visit) -> Run | None:
    """Return the run that the visitor looked at before, if its losses can be compared.

    None if the current run continues it: the previous line would be hidden.
    """
    before = visit.looked_at_before
    if before is None or visit.went_on_from or measured_on(before) != measured_on(visit.settings):
        return None
    return kept_run(before)


def measured_on(settings: Settings) -> tuple[object, str]:
    """Return what two runs must share for their losses to be comparable."""
    return settings.data, settings.loss
