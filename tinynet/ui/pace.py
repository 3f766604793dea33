"""Pace: one script at a time trains or draws, in the order of the requests.

Python runs one thread at a time, and training a small network hands Python's lock over at every
step: two scripts side by side take many times as long as one after the other.

Visitors who send requests faster than anyone can react (a held key, a flood), and visitors who are
opening the page, wait in a queue of their own. Only the first of that queue competes with everyone
else. So together they cost the other visitors the time of one script at most.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import local
from time import perf_counter

import streamlit as st

from tinynet.serving.fair_lock import FairLock

REACTION = 0.15  # seconds: no visitor reacts to an answer sooner
BUSY = 0.25  # seconds for which the server counts as busy after a script had to wait
SWITCH = 0.001  # seconds until Python lets another thread run; the server's thread runs often
PAGE = "page"  # the name of the whole page as a part
COMPUTING, HURRIED = FairLock(), FairLock()
_script = local()  # holds the turn of the script that runs in this thread


class Turn:
    """A script's place in the queues, until it ends or steps aside."""

    def __init__(self, *, is_hurried: bool, part: str = "") -> None:
        self.part = part
        self._held = [HURRIED, COMPUTING] if is_hurried else [COMPUTING]
        for each in self._held:
            each.acquire()

    def end(self) -> None:
        """Let the next script run."""
        while self._held:
            self._held.pop().release()

    def interrupt(self) -> None:
        """Let every script that waits now go first."""
        if self._held:
            COMPUTING.release()
            COMPUTING.acquire()


@contextmanager
def in_turn(part: str) -> Iterator[None]:
    """Draw a part of the page when its turn comes; a part drawn within another shares its turn."""
    if _turn():
        yield
        return
    turn = _script.turn = Turn(is_hurried=is_hurried(part), part=part)
    try:
        yield
    finally:
        turn.end()
        _script.turn = None
    _answered()[part] = perf_counter()


def draws_parts() -> bool:
    """Tell whether this script draws only parts of the page."""
    turn = _turn()
    return turn is None or turn.part != PAGE


def step_aside() -> None:
    """End this script's turn early, before work that has a queue of its own."""
    if turn := _turn():
        turn.end()


def let_others_go_first() -> None:
    """Queue this script again, because its work takes longer than one turn."""
    if turn := _turn():
        turn.interrupt()


def others_wait() -> bool:
    """Tell whether another script waits for its turn."""
    return COMPUTING.is_wanted


def is_busy() -> bool:
    """Tell whether a script had to wait a moment ago."""
    return perf_counter() - COMPUTING.last_wait < BUSY


def is_hurried(part: str) -> bool:
    """Tell whether this request is the first, or comes too soon after the last answer."""
    answered = _answered().get(part)
    return answered is None or perf_counter() - answered < REACTION


@cache
def settle_in() -> None:
    """Prepare the process for many visitors, once everything is imported.

    A full garbage collection would stop everyone for 0.2 s, mostly to check torch's objects.
    """
    gc.freeze()
    sys.setswitchinterval(SWITCH)


def _turn() -> Turn | None:
    return getattr(_script, "turn", None)


def _answered() -> dict[str, float]:
    """Return when each part of the page was last drawn completely, in seconds."""
    answered: dict[str, float] = st.session_state.setdefault("answered", {})
    return answered
