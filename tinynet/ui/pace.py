"""The pace: who does not rest on an answer waits in line, where one is served at a time.

A visitor looks at what came, and moves on: that is answered at once, however many others there are.
A held key, a flood, and whoever just opens the page stand in line; on a quiet server nobody is
before them. So however many sessions ask for however much, together they take from the others what
one script takes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock
from time import perf_counter, sleep

import streamlit as st

REST = 0.15  # seconds: nobody sees an answer and acts on it sooner
LEAST = 0.03  # seconds of a turn: at a script's start the server itself works for some 10 ms
LEASE = 0.1  # seconds, after which a turn keeps nobody waiting any more: a long run's, say
PAGE, MOVE = "page", "move"
ANSWERED = "when each part of the page was last drawn to its end"


@dataclass
class Turn:
    """From when on a visitor is served, and whether that is over."""

    since: float = field(default_factory=perf_counter)
    over: Event = field(default_factory=Event)


class Line:
    """Turns that follow one another in the order of asking, and those of whoever need not ask."""

    def __init__(self, least: float = LEAST, lease: float = LEASE) -> None:
        self.least = least
        self.lease = lease
        self._books = Lock()
        self._line = FairLock()
        self._at_once = 

