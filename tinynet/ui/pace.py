"""The pace: who does not rest on an answer waits in line, where one is served at a time.

A visitor looks at what came, and moves on: that is answered at once, however many others there are.
A held key, a flood, and whoever just opens the page stand in line; on a quiet server nobody is
before them. So however many sessions ask for however much, together they take from the others what
one script takes.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from threading import Event
from time import perf_counter, sleep

import streamlit as st

from tinynet.ui.store import FairLock

REST = 0.15  # seconds: nobody sees an answer and acts on it sooner
LEAST = 0.03  # seconds of a turn: at a script's start the server itself works for some 10 ms
AT_ONCE = 4  # scripts: more would only make each other, and the server's own work, take longer
LEASE = 0.1  # seconds, after which a turn keeps nobody waiting any more: a long run's, say
SWITCH = 0.001  # seconds until Python lets another thread go on; the server's own asks often
MOVE = "move"
ANSWERED = "when each part of the page was last drawn to its end"


@dataclass(eq=False)
class Turn:
    """Since when a visitor is served, and whether that is over."""

    since: float = field(default_factory=perf_counter)
    over: Event = field(default_factory=Event)


class Line:
    """Turns that follow one another, and those at once, which the next in line lets pass."""

    def __init__(self) -> None:
        self._crowd, self._head, self._hasty = FairLock(), FairLock(), FairLock()
        self._last = Turn(since=0)
        self._at_once: list[Turn] = []

    def at_once(self) -> Turn:
        """Begin a turn at once, unless many others just have."""
        with self._crowd.held():
            for each in self._under_way()[: 1 - AT_ONCE]:  # all but the last few
                each.over.wait(max(0, each.since + LEASE - perf_counter()))
            mine = Turn()
            self._at_once = [*self._under_way(), mine]
        return mine

    def turn(self) -> Turn:
        """Wait in line, and begin a turn."""
        with self._head.held():
            ends = self._last.since + LEASE
            for each in (self._last, *self._under_way()):
                each.over.wait(max(0, ends - perf_counter()))
            sleep(max(0, self._last.since + LEAST - perf_counter()))
            self._last = mine = Turn()
        return mine

    def hasty_turn(self) -> Turn:
        """Wait among those in a hurry, of whom only the first stands in line with newcomers."""
        with self._hasty.held():
            return self.turn()

    def _under_way(self) -> list[Turn]:
        """Return the turns at once, but for those that are over or were left without a word."""
        begun = perf_counter() - LEASE
        return [each for each in self._at_once if each.since > begun and not each.over.is_set()]


class Script(threading.local):
    """What this thread knows of its script; a look at the session could break the script off."""

    def __init__(self) -> None:
        self.asked: set[str] = set()  # and not yet answered
        self.turn = Turn()
        self.turn.over.set()


LINE, SCRIPT = Line(), Script()


def keep_pace(what: str) -> None:
    """Begin to answer: at once, unless the visitor has not seen the last such answer."""
    SCRIPT.turn.over.set()
    if what in SCRIPT.asked:  # and was broken off by the visitor's next message
        SCRIPT.turn = LINE.hasty_turn()
        return
    SCRIPT.asked.add(what)
    answered = _answered().get(what)
    if answered is None:
        SCRIPT.turn = LINE.turn()
    elif perf_counter() - answered < REST:
        SCRIPT.turn = LINE.hasty_turn()
    else:
        SCRIPT.turn = LINE.at_once()


@contextmanager
def paced(*parts: str) -> Iterator[None]:
    """Draw the page or a part of it, the first of these, and with it answer for all of them."""
    if SCRIPT.turn.over.is_set():
        keep_pace(parts[0])
    try:
        yield
    finally:
        SCRIPT.turn.over.set()
    SCRIPT.asked -= set(parts)
    _answered().update(dict.fromkeys(parts, perf_counter()))


def step_aside() -> None:
    """End this script's turn before its end: what is left of it keeps nobody waiting."""
    SCRIPT.turn.over.set()


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
