"""The pace: a few scripts at a time, and those of visitors who ask again before the answer last.

A person moves a slider, sees what comes, and moves on. A script that follows the one before without
a pause, in the same thread, belongs to someone who did not wait: that is what a flood looks like,
and a dragged slider for a moment. After a few such in a row their scripts start only while nobody
else waits, and with a pause between any two. So a flood gets its share of the processor and no
more, and one person's held key does not notice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from threading import Condition, Thread, current_thread
from time import perf_counter
from weakref import ReferenceType, ref

import streamlit as st

AT_A_TIME = 4  # scripts; with more, each and the server itself wait long for Python's one lock
PATIENCE = 0.2  # seconds until a script that still runs, a long training, no longer counts
IN_A_ROW = 5  # scripts that follow each other at once, until their visitor is in a hurry
GAP = 0.08  # seconds between two scripts of visitors in a hurry: a held key asks no more often
SAME = 0.002  # seconds: two sliders that were set at once are told of one after the other
LOOK = 0.005  # seconds between two looks whether a script has ended
VISITOR = "the visitor's pace"


@dataclass
class Haste:
    """How many scripts of a visitor followed each other at once; a second of rest makes up for one."""

    in_a_row: float = 0
    passed: float = 0
    thread: ReferenceType[Thread] = field(default=lambda: None)  # type: ignore[assignment]

    def note(self, thread: Thread, now: float) -> None:
        """Note that another script begins."""
        at_once = self.thread() is thread
        rest = now - self.passed
        self.in_a_row = self.in_a_row + 1 if at_once else max(0, self.in_a_row - rest)
        self.thread = ref(thread)

    @property
    def is_great(self) -> bool:
        """Whether the visitor is in a hurry."""
        return self.in_a_row > IN_A_ROW


class Pace:
    """All scripts of a server: those that run, and those that wait for their turn."""

    def __init__(self) -> None:
        self._books = Condition()
        self._running: list[tuple[ReferenceType[Thread], float]] = []
        self._waiting: list[tuple[bool, int]] = []
        self._tickets = count()
        self._rested = 0.0  # when the next script of someone in a hurry may start

    def let_pass(self, haste: Haste) -> None:
        """Let this thread's script begin, at once or when its turn has come."""
        thread, now = current_thread(), perf_counter()
        if haste.thread() is thread and now - haste.passed < SAME:
            return
        haste.note(thread, now)
        ticket = (haste.is_great, next(self._tickets))
        with self._books:
            self._forget(thread)
            self._waiting.append(ticket)
            while (first := min(self._waiting)) != ticket or not self._is_free(ticket[0]):
                self._books.wait(LOOK if first == ticket else None)
            self._waiting.remove(ticket)
            haste.passed = perf_counter()
            self._running.append((ref(thread), haste.passed))
            if haste.is_great:
                self._rested = haste.passed + GAP
            self._books.notify_all()

    def _is_free(self, in_a_hurry: bool) -> bool:
        now = perf_counter()
        self._running = [
            (thread, since)
            for thread, since in self._running
            if now - since < PATIENCE and (each := thread()) and each.is_alive()
        ]
        if in_a_hurry:
            return now >= self._rested and len(self._running) < AT_A_TIME / 2
        return len(self._running) < AT_A_TIME

    def _forget(self, thread: Thread) -> None:
        self._running = [each for each in self._running if each[0]() is not thread]


PACE = Pace()


def keep_pace() -> None:
    """Wait until this script's turn has come; the first thing that a script does."""
    if VISITOR not in st.session_state:
        st.session_state[VISITOR] = Haste()
    PACE.let_pass(st.session_state[VISITOR])
