"""Requests: what can be asked of the store; the work that fulfils each, and its result."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from tinynet.analysis.coach.trial import Luck, Trial
from tinynet.analysis.landscape import Directions, Landscape
from tinynet.settings import Settings
from tinynet.sweeping.grid import Sweep
from tinynet.sweeping.nearness import ExactEnds
from tinynet.training.run import Run

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from tinynet.analysis.importance import Importance
    from tinynet.analysis.rivals import Rivals


class Work(Protocol):
    """Work that is done in turns, with a useful intermediate result."""

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""

    @property
    def share(self) -> float:
        """The share that is done, from 0 to 1."""

    @property
    def nbytes(self) -> int:
        """The memory that the work takes, in bytes."""

    def advance(self, seconds: float) -> None:
        """Continue for so many seconds, or to the end."""

    def result(self) -> Result | None:
        """Return the result so far; None if there is none yet."""


@dataclass(frozen=True)
class SweepRequest:
    """The networks of a map: all combinations of the axes' values."""

    settings: Settings
    axes: tuple[tuple[str, tuple[Any, ...]], ...]


@dataclass(frozen=True)
class CheckRequest:
    """Some of the networks of a map, each trained individually until the time is up."""

    settings: Settings
    axes: tuple[tuple[str, tuple[Any, ...]], ...]
    seconds: float = field(compare=False)


@dataclass(frozen=True)
class OfARun:
    """A request about a finished run."""

    settings: Settings
    run: Run | None = field(compare=False)  # of these settings; None in the store's keys


@dataclass(frozen=True)
class SurveyRequest(OfARun):
    """The landscape of a run."""

    directions: Directions


class TrialRequest(OfARun):
    """The changes to a run's settings that the coach tries."""


class ImportanceRequest(OfARun):
    """How much each column matters to a run."""


@dataclass(frozen=True)
class LuckRequest:
    """The same settings with other initial weights."""

    settings: Settings


@dataclass(frozen=True)
class RivalsRequest:
    """The same settings, a linear network and the best constant, on several splits."""

    settings: Settings


Request: TypeAlias = Settings | SweepRequest | CheckRequest | LuckRequest | RivalsRequest | OfARun
Result: TypeAlias = "Run | Sweep | ExactEnds | Landscape | Trial | Luck | Rivals | Importance"
Entry: TypeAlias = "Work | Result"


def is_in_progress(entry: Entry) -> TypeIs[Work]:
    """Tell whether an entry is unfinished work, not a result."""
    return hasattr(entry, "advance")


def settings_of(request: Request) -> Settings:
    """Return the settings that a request is about."""
    return request if isinstance(request, Settings) else request.settings


def key_of(request: Request) -> Request:
    """Return an equal request without its run, so that the store's keys keep no run in memory."""
    if isinstance(request, OfARun):
        return replace(request, run=None)
    return request


def begin(request: Request, shorter: Run | None) -> Work:
    """Return the work for a request; a run continues `shorter` if possible."""
    return _begin_run(request, shorter) if isinstance(request, Settings) else _begin_other(request)


# The imports are inside these functions, because torch takes seconds to import.


def _begin_run(settings: Settings, shorter: Run | None) -> Work:
    from tinynet.training.train import Training, why_not  # noqa: PLC0415

    continues = shorter and not why_not(settings, shorter)
    return Training(settings, after=shorter if continues else None)


def _begin_other(request: Request) -> Work:  # noqa: PLR0911 - one for each kind
    from tinynet.analysis.coach.trying import Trying, TryingLuck  # noqa: PLC0415
    from tinynet.analysis.importance import Shuffling  # noqa: PLC0415
    from tinynet.analysis.rivals import Comparing  # noqa: PLC0415
    from tinynet.analysis.survey import Surveying  # noqa: PLC0415
    from tinynet.sweeping.checking import Checking  # noqa: PLC0415
    from tinynet.sweeping.turns import Sweeping  # noqa: PLC0415

    match request:
        case SweepRequest():
            return Sweeping(request.settings, dict(request.axes))
        case CheckRequest():
            return Checking(request.settings, dict(request.axes), request.seconds)
        case LuckRequest():
            return TryingLuck(request.settings)
        case RivalsRequest():
            return Comparing(request.settings)
        case ImportanceRequest(run=Run() as run):
            return Shuffling(run)
        case SurveyRequest(run=Run() as run):
            return Surveying(run, request.directions)
        case TrialRequest(run=Run() as run):
            return Trying(run)
    raise ValueError(f"A {type(request).__name__} needs its run.")
