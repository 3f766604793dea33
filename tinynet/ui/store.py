"""The store: one training per settings for the whole server, in turns that everyone shares.

A run belongs to nobody. Whoever wants it advances it by one short turn at a time, under one lock
that is handed round in the order of asking; who wants a run that stands in line already shares its
turn. So one run is trained once for everyone, a run that nobody wants any more simply stands
still, whoever wants it later goes on from there, and a long run never holds up a short one, however
many wait for it.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Event, Lock
from time import perf_counter
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
        self._lock = FairLock()  # held for a turn of training
        self._others = FairLock()  # held besides for a turn of other work
        self._turns: dict[Settings, Future[Run | Training]] = {}  # asked for, and not yet over

    def find(self, settings: Settings) -> Run | None:
        """Return the finished run of these settings, if there is one."""
        with self._books:
            entry = self._wanted(settings)
        return entry if isinstance(entry, Run) else None

    def advance(self, settings: Settings) -> Run | Training:
        """Take one turn at the run of these settings; it is a Run once it is finished.

        An error of the training is the caller's to handle; nothing of the run is kept then.
        """
        with self._books:
            if isinstance(entry := self._wanted(settings), Run):
                return entry
            turn = self._turns.get(settings)
            mine = turn is None
            if turn is None:
                turn = self._turns[settings] = Future()
        if mine:
            self._take(turn, settings)
        return turn.result()

    def so_far(self, training: Training) -> Run:
        """Return what a training has made so far, while nobody advances it."""
        with self._lock.held():
            return training.to_run()

    @contextmanager
    def in_turns(self) -> Iterator[Callable[[], bool]]:
        """Hold the lock for other work of the same kind.

        The work calls what this yields every now and then; when its turn is over, that lets the
        others have theirs, waits for the next, and says so. All such work has one place in the
        line between it: however much there is, a run waits for one turn of it.
        """
        with self._others.held(), self._lock.held():
            turn_ends = perf_counter() + self.turn

            def rest_if_over() -> bool:
                nonlocal turn_ends
                if perf_counter() < turn_ends:
                    return False
                self._lock.release()
                self._others.release()
                self._others.acquire()
                self._lock.acquire()
                turn_ends = perf_counter() + self.turn
                return True

            yield rest_if_over

    def __len__(self) -> int:
        """How many runs it holds, finished or not."""
        return len(self._entries)

    def _wanted(self, settings: Settings) -> Run | Training | None:
        """Look an entry up, and note that it was wanted; the books are held."""
        if settings in self._entries:
            self._entries.move_to_end(settings)
        return self._entries.get(settings)

    def _take(self, turn: Future[Run | Training], settings: Settings) -> None:
        try:
            with self._lock.held():
                entry = self._open(settings)
                entry.advance(self.turn)
                result = entry.to_run() if entry.finished else entry
        except BaseException as error:  # noqa: BLE001 - handed on to all who share the turn
            self._close(settings, None)
            turn.set_exception(error)
        else:
            self._close(settings, result)
            turn.set_result(result)

    def _open(self, settings: Settings) -> Training:
        from tinynet.training import Training  # noqa: PLC0415 - torch takes seconds to import

        with self._books:
            entry = self._entries.get(settings)
        return entry if isinstance(entry, Training) else Training(settings)

    def _close(self, settings: Settings, entry: Run | Training | None) -> None:
        """End a turn, and keep what it left; nothing is kept of a run that failed."""
        with self._books:
            del self._turns[settings]
            self._drop(settings)
            if entry is None:
                return
            self._entries[settings] = entry
            self.nbytes += _size(entry)
            while self.nbytes > self.budget and len(self._entries) > 1:
                self._drop(next(iter(self._entries)))

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
        self.acquire()
        try:
            yield
        finally:
            self.release()

    def acquire(self) -> None:
        """Wait in line, and hold the lock."""
        with self._books:
            if not self._taken:
                self._taken = True
                return
            mine = Event()
            self._waiting.append(mine)
        mine.wait()

    def release(self) -> None:
        """Hand the lock to the next in line."""
        with self._books:
            if self._waiting:
                self._waiting.popleft().set()  # still taken: it passes straight to the next
            else:
                self._taken = False
