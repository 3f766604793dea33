"""The store: one training per settings for the whole server, in short turns.

Runs belong to the server, not to a visitor. A thread that needs a run trains it for one short turn
under a fair lock; threads that need the same run share the turn. So each run is trained once for
everyone, a run that nobody requests pauses, a later request resumes it, and a long run never delays
a short run, however many threads wait for it. If a finished run has the same settings but fewer
epochs, a run continues from there. Maps, landscapes and the like are computed in the same way.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from threading import Lock
from time import perf_counter
from typing import Any

from tinynet.serving.fair_lock import FairLock
from tinynet.serving.requests import (
    Entry,
    Request,
    Result,
    Work,
    begin,
    is_in_progress,
    key_of,
    settings_of,
)
from tinynet.settings import EPOCHS, KNOBS, Settings
from tinynet.training.run import Run
from tinynet.user_data import UserData

BUDGET = 128 * 1024 * 1024  # bytes: 16 of the largest runs, or thousands of article runs
TURN = 0.020  # seconds
OVERHEAD = 20_000  # bytes of an entry besides its arrays: modules and objects


class RunStore:
    """A cache of runs, maps and landscapes, finished or not; drops the least recently used."""

    def __init__(self, budget: int = BUDGET, turn: float = TURN) -> None:
        self.budget = budget
        self.turn = turn
        self.nbytes = 0  # of all entries
        # Each entry with its size in `nbytes`; unfinished work changes its size in each turn.
        self._entries: OrderedDict[Request, tuple[Entry, int]] = OrderedDict()
        self._user_data: Counter[str | UserData] = Counter()  # the number of entries of each
        # Runs that differ only in epochs, by their number of epochs.
        self._lengths: defaultdict[Hashable, dict[int, Settings]] = defaultdict(dict)
        self._mutex = Lock()  # guards the fields; held for moments
        self._lock = FairLock()  # held for a turn of training
        self._others = FairLock()  # also held during a turn of maps, landscapes and trials
        self._turns: dict[Request, Future[Entry]] = {}  # queued or in progress

    def find(self, request: Request) -> Result | None:
        """Return the result of a request, if it is finished."""
        with self._mutex:
            entry = self._wanted(request)
        return None if entry is None or is_in_progress(entry) else entry

    def advance(self, request: Request) -> Entry:
        """Advance a request by one turn; return its work, or its result once it is finished.

        An error in the work is raised to the caller, and the entry is dropped.
        """
        with self._mutex:
            entry = self._wanted(request)
            if entry is not None and not is_in_progress(entry):
                return entry
            turn = self._turns.get(request)
            is_first = turn is None
            if turn is None:
                turn = self._turns[request] = Future()
        if is_first:
            self._take(turn, request)
        return turn.result()

    def so_far(self, work: Work) -> Result | None:
        """Return the result so far, if any, while no thread advances the work."""
        with self._lock:
            return work.result()

    @contextmanager
    def in_turns(self) -> Iterator[Callable[[], bool]]:
        """Hold the lock for work outside the store.

        The work regularly calls the function that this yields. Once its turn is over, the function
        releases the lock, waits for the next turn and returns True. All work of this kind shares
        one place in the queue, so a run waits for one turn of it at most.
        """
        with self._others, self._lock:
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
        """Return the number of entries, finished or not."""
        return len(self._entries)

    def _wanted(self, request: Request) -> Entry | None:
        """Look up an entry and mark it as recently used; the caller holds the mutex."""
        if request in self._entries:
            self._entries.move_to_end(request)
            return self._entries[request][0]
        return None

    def _take(self, turn: Future[Entry], request: Request) -> None:
        # Maps and landscapes share one place in the queue.
        their_lock = nullcontext() if isinstance(request, Settings) else self._others
        try:
            with their_lock, self._lock:
                work = self._open(request)
                work.advance(self.turn)
                entry: Any = work.result() if work.finished else work
        except BaseException as error:  # noqa: BLE001 - raised in all threads that share the turn
            self._close(request, None)
            turn.set_exception(error)
        else:
            self._close(request, entry)
            turn.set_result(entry)

    def _open(self, request: Request) -> Work:
        with self._mutex:
            entry, _ = self._entries.get(request, (None, 0))
            shorter = self._shorter(request) if isinstance(request, Settings) else None
        return entry if entry is not None and is_in_progress(entry) else begin(request, shorter)

    def _shorter(self, settings: Settings) -> Run | None:
        """Return the longest finished run that differs only in having fewer epochs, if any."""
        lengths = self._lengths.get(_but_epochs(settings), {})
        for epochs in sorted(lengths, reverse=True):
            entry, _ = self._entries[lengths[epochs]]
            if epochs < settings.epochs and isinstance(entry, Run):
                return entry
        return None

    def _close(self, request: Request, entry: Entry | None) -> None:
        """End a turn and keep its entry, which is None if the work failed."""
        with self._mutex:
            del self._turns[request]
            self._drop(request)
            if entry is None:
                return
            size = entry.nbytes + OVERHEAD
            self._entries[key_of(request)] = entry, size
            self.nbytes += size
            self._count_user_data(request, 1)
            if isinstance(request, Settings):
                self._lengths[_but_epochs(request)][request.epochs] = request
            while self.nbytes > self.budget and len(self._entries) > 1:
                self._drop(next(iter(self._entries)))

    def forget(self, matches: Callable[[Settings], bool]) -> None:
        """Drop all entries of matching settings."""
        with self._mutex:
            for request in [each for each in self._entries if matches(settings_of(each))]:
                self._drop(request)

    def _drop(self, request: Request) -> None:
        entry, size = self._entries.pop(request, (None, 0))
        self.nbytes -= size
        if entry is None:
            return
        self._count_user_data(request, -1)
        if isinstance(request, Settings):
            others = self._lengths[_but_epochs(request)]
            del others[request.epochs]
            if not others:
                del self._lengths[_but_epochs(request)]

    def _count_user_data(self, request: Request, by: int) -> None:
        """Count user data once, however many entries use it."""
        settings = settings_of(request)
        if not settings.user_bytes:
            return
        before = self._user_data[settings.data]
        self._user_data[settings.data] += by
        if 0 in (before, before + by):
            self.nbytes += by * settings.user_bytes
        if before + by == 0:
            del self._user_data[settings.data]


def _but_epochs(settings: Settings) -> Hashable:
    """Return a key that is the same for settings that differ only in epochs."""
    return tuple(getattr(settings, knob.name) for knob in KNOBS if knob is not EPOCHS)
