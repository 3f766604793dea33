"""The pace: at most one script trains or draws at a time, in the order of asking.

Python computes one thing at a time, and a network this small hands its lock round at every step:
two scripts side by side take many times as long as one after the other.
A visitor who does not rest on an answer (a held key, a flood) and one who just opens the page first
wait in a line of their own; only the first of that line competes with everyone else. So however
many requests a few visitors send, together they cost the others the time of one script.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from threading import local
from time import perf_counter

import streamlit as st

from tinynet.serving.fair_lock import FairLock

REST = 0.15  # seconds: nobody sees an answer and acts on it sooner
BUSY = 0.25  # seconds since somebody waited, within which there is no time for more than is asked
SWITCH = 0.001  # seconds until Python lets another thread go on; the server's own asks often
ANSWERED = "when each part of the page was last drawn to its end"


class Turn:
    """A script's place in the lines, until it ends or steps aside."""

    def __init__(self, *, is_hurried: bool) -> None:
        self._held = ExitStack()
        if is_hurried:
            self._held.enter_context(HURRIED)
        self._held.enter_context(COMPUTING)
        self.is_over = False

    def end(self) -> None:
        """Let the next have its turn."""
        self.is_over = True
        self._held.close()

    def interrupt(self) -> None:
        """Let all who wait by now compute first; the place among the hurried stays."""
        if not self.is_over:
            COMPUTING.release()
            COMPUTING.acquire()


COMPUTING, HURRIED = FairLock(), FairLock()
_script = local()  # of a script, the turn that it has


@contextmanager
def in_turn(part: str) -> Iterator[None]:
    """Draw a part of the page in its turn; one that is drawn along with another shares its turn."""
    if _turn():
        yield
        return
    turn = _script.turn = Turn(is_hurried=is_hurried(part))
    try:
        yield
    finally:
        turn.end()
        _script.turn = None
    _answered()[part] = perf_counter()


def step_aside() -> None:
    """End this script's turn before its end: what it goes on with has a line of its own."""
    if turn := _turn():
        turn.end()


def let_others_go_first() -> None:
    """Have this script stand in line again: its work takes longer than a turn."""
    if turn := _turn():
        turn.interrupt()


def others_wait() -> bool:
    """Tell whether anyone waits for a turn."""
    return COMPUTING.is_wanted


def is_busy() -> bool:
    """Tell whether anyone has had to wait for a turn just now."""
    return perf_counter() - COMPUTING.last_wait < BUSY


def _turn() -> Turn | None:
    return getattr(_script, "turn", None)


def is_hurried(part: str) -> bool:
    """Tell whether the visitor has not seen the last such answer, or any."""
    answered = _answered().get(part)
    return answered is None or perf_counter() - answered < REST


@cache
def settle_in() -> None:
    """Make ready for many: called once all is loaded.

    A full garbage collection would stop everyone for 0.2 s, to find that torch is still in use.
    """
    gc.freeze()
    sys.setswitchinterval(SWITCH)


def _answered() -> dict[str, float]:
    answered: dict[str, float] = st.session_state.setdefault(ANSWERED, {})
    return answered
