"""The store: one training per settings for the whole server, in turns that everyone shares.

A run belongs to nobody. Whoever wants it advances it by one short turn at a time, under one lock
that is handed round in the order of asking; who wants a run that stands in line already shares its
turn. So one run is trained once for everyone, a run that nobody wants any more simply stands
still, whoever wants it later goes on from there, and a long run never holds up a short one, however
many wait for it. A run of more epochs than a finished one, and nothing else changed, begins at its
end. A map and a landscape are such work too.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from math import inf
from threading import Event, Lock
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from tinynet.analysis.coach import Luck, Trial
from tinynet.analysis.landscape import Directions, Landscape
from tinynet.settings import EPOCHS, KNOBS, Settings
from tinynet.sweeping.grid import Sweep
from tinynet.sweeping.nearness import ExactEnds
from tinynet.training.run import Run
from tinynet.user_data import UserData

if TYPE_CHECKING:
    from typing_extensions import TypeIs

BUDGET = 128 * 1024 * 1024  # bytes: 16 runs of the largest kind, thousands of the article's
TURN = 0.020  # seconds
OVERHEAD = 20_000  # bytes of an entry besides its arrays: the modules and objects around them


class Work(Protocol):
    """What is done in turns, and is worth something on the way."""

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to do."""

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""

    @property
    def nbytes(self) -> int:
        """The size of what it holds, in bytes."""

    def advance(self, seconds: float) -> None:
        """Go on until that much time has gone by, or to the end."""

    def result(self) -> Result | None:
        """Return what it has come to so far; None if that is worth nothing yet."""


@dataclass(frozen=True)
class SweepOf:
    """The networks of a map: all combinations of the axes' values."""

    settings: Settings
    axes: tuple[tuple[str, tuple[Any, ...]], ...]

    def begin(self) -> Work:
        """Return the work, not yet begun."""
        from tinynet.sweeping.turns import Sweeping  # noqa: PLC0415 - torch takes seconds to import

        return Sweeping(self.settings, dict(self.axes))


@dataclass(frozen=True)
class CheckOf:
    """Some of the networks of a map, each trained by itself, as far as the time reaches."""

    settings: Settings
    axes: tuple[tuple[str, tuple[Any, ...]], ...]
    seconds: float = field(compare=False)

    def begin(self) -> Work:
        """Return the work, not yet begun."""
        from tinynet.sweeping.checking import Checking  # noqa: PLC0415 - torch takes seconds to import

        return Checking(self.settings, dict(self.axes), self.seconds)


@dataclass(frozen=True)
class SurveyOf:
    """The landscape of a run."""

    settings: Settings
    directions: Directions
    run: Run | None = field(compare=False)  # of these settings; the store's key has none

    def begin(self) -> Work:
        """Return the work, not yet begun."""
        from tinynet.analysis.survey import Surveying  # noqa: PLC0415 - torch takes seconds to import

        if self.run is None:
            raise ValueError("A landscape needs its run.")
        return Surveying(self.run, self.directions)


@dataclass(frozen=True)
class TrialOf:
    """Changes, tried beside a run."""

    settings: Settings
    run: Run | None = field(compare=False)  # of these settings; the store's key has none

    def begin(self) -> Work:
        """Return the work, not yet begun."""
        from tinynet.analysis.coach.trying import Trying  # noqa: PLC0415 - torch takes seconds to import

        if self.run is None:
            raise ValueError("A trial needs its run.")
        return Trying(self.run)


@dataclass(frozen=True)
class LuckOf:
    """Other starts of some settings."""

    settings: Settings

    def begin(self) -> Work:
        """Return the work, not yet begun."""
        from tinynet.analysis.coach.trying import TryingLuck  # noqa: PLC0415 - torch is slow to import

        return TryingLuck(self.settings)


Request: TypeAlias = Settings | SweepOf | CheckOf | SurveyOf | TrialOf | LuckOf
Result: TypeAlias = "Run | Sweep | ExactEnds | Landscape | Trial | Luck"
Entry: TypeAlias = "Work | Result"


def is_in_work(entry: Entry) -> TypeIs[Work]:
    """Tell whether it is not finished yet."""
    return hasattr(entry, "advance")


class RunStore:
    """Runs, maps and landscapes, finished or not, the least recently wanted dropped first."""

    def __init__(self, budget: int = BUDGET, turn: float = TURN) -> None:
        self.budget = budget
        self.turn = turn
        self.nbytes = 0  # what the entries take
        # With the size that was reckoned: work changes its own from turn to turn.
        self._entries: OrderedDict[Request, tuple[Entry, int]] = OrderedDict()
        self._user_data: Counter[str | UserData] = Counter()  # and how many entries are of each
        # Of the runs among them: those that differ in epochs alone, by their epochs.
        self._lengths: defaultdict[Hashable, dict[int, Settings]] = defaultdict(dict)
        self._mutex = Lock()  # held for moments, to look up and to enter
        self._lock = FairLock()  # held for a turn of training
        self._others = FairLock()  # held besides for a turn of other work
        self._turns: dict[Request, Future[Entry]] = {}  # asked for, and not yet over

    def find(self, request: Request) -> Result | None:
        """Return what was asked for, if it is finished."""
        with self._mutex:
            entry = self._wanted(request)
        return None if entry is None or is_in_work(entry) else entry

    def advance(self, request: Request) -> Entry:
        """Take one turn at what is asked for; it is its result once it is finished.

        An error of the work is the caller's to handle; nothing of it is kept then.
        """
        with self._mutex:
            entry = self._wanted(request)
            if entry is not None and not is_in_work(entry):
                return entry
            turn = self._turns.get(request)
            mine = turn is None
            if turn is None:
                turn = self._turns[request] = Future()
        if mine:
            self._take(turn, request)
        return turn.result()

    def so_far(self, work: Work) -> Result | None:
        """Return what work has come to so far, if anything, while nobody advances it."""
        with self._lock:
            return work.result()

    @contextmanager
    def in_turns(self) -> Iterator[Callable[[], bool]]:
        """Hold the lock for other work of the same kind.

        The work calls what this yields every now and then; when its turn is over, that lets the
        others have theirs, waits for the next, and says so. All such work has one place in the
        line between it: however much there is, a run waits for one turn of it.
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
        """How many entries it holds, finished or not."""
        return len(self._entries)

    def _wanted(self, request: Request) -> Entry | None:
        """Look an entry up, and note that it was wanted; the books are held."""
        if request in self._entries:
            self._entries.move_to_end(request)
            return self._entries[request][0]
        return None

    def _take(self, turn: Future[Entry], request: Request) -> None:
        # Maps and landscapes have one place in the line between them.
        of_others = nullcontext() if isinstance(request, Settings) else self._others
        try:
            with of_others, self._lock:
                work = self._open(request)
                work.advance(self.turn)
                entry: Any = work.result() if work.finished else work
        except BaseException as error:  # noqa: BLE001 - handed on to all who share the turn
            self._close(request, None)
            turn.set_exception(error)
        else:
            self._close(request, entry)
            turn.set_result(entry)

    def _open(self, request: Request) -> Work:
        with self._mutex:
            entry, _ = self._entries.get(request, (None, 0))
            shorter = self._shorter(request) if isinstance(request, Settings) else None
        return entry if entry is not None and is_in_work(entry) else _begin(request, shorter)

    def _shorter(self, settings: Settings) -> Run | None:
        """Return the longest finished run with fewer epochs and nothing else changed, if any."""
        lengths = self._lengths.get(_but_epochs(settings), {})
        for epochs in sorted(lengths, reverse=True):
            entry, _ = self._entries[lengths[epochs]]
            if epochs < settings.epochs and isinstance(entry, Run):
                return entry
        return None

    def _close(self, request: Request, entry: Entry | None) -> None:
        """End a turn, and keep what it left; nothing is kept of what failed."""
        with self._mutex:
            del self._turns[request]
            self._drop(request)
            if entry is None:
                return
            size = entry.nbytes + OVERHEAD
            self._entries[_key(request)] = entry, size
            self.nbytes += size
            self._count_user_data(request, 1)
            if isinstance(request, Settings):
                self._lengths[_but_epochs(request)][request.epochs] = request
            while self.nbytes > self.budget and len(self._entries) > 1:
                self._drop(next(iter(self._entries)))

    def forget(self, of: Callable[[Settings], bool]) -> None:
        """Drop all that was made of some settings."""
        with self._mutex:
            for request in [each for each in self._entries if of(settings_of(each))]:
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
        """Count data of one's own once, however many entries are of them."""
        settings = settings_of(request)
        if not settings.user_bytes:
            return
        before = self._user_data[settings.data]
        self._user_data[settings.data] += by
        if 0 in (before, before + by):
            self.nbytes += by * settings.user_bytes
        if before + by == 0:
            del self._user_data[settings.data]


def _begin(request: Request, shorter: Run | None) -> Work:
    if not isinstance(request, Settings):
        return request.begin()
    from tinynet.training.train import Training, why_not  # noqa: PLC0415 - torch takes seconds to import

    goes_on = shorter and not why_not(request, shorter)
    return Training(request, after=shorter if goes_on else None)


def _but_epochs(settings: Settings) -> Hashable:
    """Return what settings have in common that differ in epochs alone."""
    return tuple(getattr(settings, knob.name) for knob in KNOBS if knob is not EPOCHS)


def settings_of(request: Request) -> Settings:
    """Return the settings that something is made of."""
    return request if isinstance(request, Settings) else request.settings


def _key(request: Request) -> Request:
    """Return what is equal, and holds no run: the store would keep it, and not know its size."""
    return replace(request, run=None) if isinstance(request, SurveyOf | TrialOf) else request


class FairLock:
    """A lock that goes to whoever has waited longest; Python's own goes to anyone."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._taken = False
        self._waiting: deque[Event] = deque()
        self.last_wait = -inf  # when somebody last had to wait for it

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    @property
    def is_wanted(self) -> bool:
        """Whether anyone waits for it."""
        return bool(self._waiting)

    def acquire(self) -> None:
        """Wait in line, and hold the lock."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                return
            mine = Event()
            self._waiting.append(mine)
            self.last_wait = perf_counter()
        mine.wait()

    def release(self) -> None:
        """Hand the lock to the next in line."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()  # still taken: it passes straight to the next
            else:
                self._taken = False
