"""The store: one training per settings for the whole server, in turns that everyone shares.

A run belongs to nobody. Whoever wants it advances it by one short turn at a time, under one lock
that is handed round in the order of asking: so one run is trained once for everyone, a run that
nobody wants any more simply stands still, whoever wants it later goes on from there, and a long
run never holds up a short one.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock
from typing import TYPE_CHECKING

from tinynet.run import Run
from tinynet.settings import Settings

if TYPE_CHECKING:
    from tinynet.training import Training

BUDGET = 128 * 1024 * 1024  # bytes: some 190 runs of the largest kind, thousands of the article's
TURN = 0.020  # seconds
OVERHEAD = 20_000  # bytes of an entry besides its arrays: the modules and objects around them


class RunStore:
    """Runs, finished and in progress, the least recently wanted dropped first."""

    def __init__(self, budget: int = BUDGET, turn: float = TURN) -> None:
        self.budget = budget
        self.turn = turn
        self.nbytes = 0  # what the entries take
        self._entries: OrderedDict[Settings, Run | Training] = OrderedDict()
        self._books = Lock()  # held for moments, to look up and to enter
        self._turns = FairLock()  # held for a turn of training

    def find(self, settings: Settings) -> Run | None:
        """Return the finished run of these settings, if there is one."""
        with self._books:
            entry = self._entries.get(settings)
            if entry is not None:
                self._entries.move_to_end(settings)
        return entry if isinstance(entry, Run) else None

    def advance(self, settings: Settings) -> Run | Training:
        """Take one turn at the run of these settings; it is a Run once it is finished.

        An error of the training is the caller's to handle; nothing of the run is kept then.
        """
        if run := self.find(settings):
            return run
        with self._turns.held():
            entry = self._open(settings)
            if isinstance(entry, Run):  # somebody else has finished it meanwhile
                return entry
            try:
                entry.advance(self.turn)
                return self._enter(settings, entry.to_run() if entry.finished else entry)
            except BaseException:
                self._forget(settings)
                raise

    def __len__(self) -> int:
        """How many runs it holds, finished or not."""
        return len(self._entries)

    def _open(self, settings: Settings) -> Run | Training:
        from tinynet.training import Training  # noqa: PLC0415 - torch takes seconds to import

        with self._books:
            entry = self._entries.get(settings)
        return entry or Training(settings)

    def _enter(self, settings: Settings, entry: Run | Training) -> Run | Training:
        with self._books:
            self._drop(settings)
            self._entries[settings] = entry
            self.nbytes += _size(entry)
            while self.nbytes > self.budget and len(self._entries) > 1:
                self._drop(next(iter(self._entries)))
        return entry

    def _forget(self, settings: Settings) -> None:
        with self._books:
            self._drop(settings)

    def _drop(self, settings: Settings) -> None:
        if entry := self._entries.pop(settings, None):
            self.nbytes -= _size(entry)


def _size(entry: Run | Training) -> int:
    return entry.nbytes + OVERHEAD


class FairLock:
    """A lock that goes to whoever has waited longest; Python's own goes to anyone."""

    def __init__(self) -> None:
        self._books = Lock()
        self._taken = False
        self._waiting: deque[Event] = deque()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait in line, hold the lock, and hand it to the next."""
        self._wait()
        try:
            yield
        finally:
            self._hand_on()

    def _wait(self) -> None:
        with self._books:
            if not self._taken:
                self._taken = True
                return
            mine = Event()
            self._waiting.append(mine)
        mine.wait()

    def _hand_on(self) -> None:
        with self._books:
            if self._waiting:
                self._waiting.popleft().set()  # still taken: it passes straight to the next
            else:
                self._taken = False
