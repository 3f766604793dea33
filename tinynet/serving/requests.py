"""Requests: what can be asked of the store; the work that fulfils each, and its result."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from tinynet.analysis.coach import Luck, Trial
from tinynet.analysis.landscape import Directions, Landscape
from tinynet.settings import Settings
from tinynet.sweeping.grid import Sweep
from tinynet.sweeping.nearness import ExactEnds
from tinynet.training.run import Run

if TYPE_CHECKING:
    from typing_extensions import TypeIs


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
        """The memory it takes, in bytes."""

    def advance(self, seconds: float) -> None:
        """Continue for that long, or to the end."""

    def result(self) -> Result | None:
        """Return the result so far; None if there is none yet."""


@dataclass(frozen=True)
class SweepRequest:
    """The networks of a map: all combinations of the axes' values."""

    settings: Settings
    axes: tuple[tuple[str, tuple[Any, ...]], ...]

    def begin(self) -> Work:
        """Return the work, not yet begun."""
        from tinynet.sweeping.turns import Sweeping  # noqa: PLC0415 - torch takes seconds to import

        return Sweeping(self.settings, dict(self.axes))


@dataclass(frozen=True)
class CheckRequest:
    """Some of the networks of a map, each trained individually until the time is up."""

    settings: Settings
    axes: tuple[tuple[str, tuple[Any, ...]], ...]
    seconds: float = field(compare=False)

    def begin(self) -> Work:
        """Return the work, not yet begun."""
        from tinynet.sweeping.checking import Checking  # noqa: PLC0415 - torch takes seconds to import

        return Checking(self.settings, dict(self.axes), self.seconds)


@dataclass(frozen=True)
class SurveyRequest:
    """The landscape of a run."""

    settings: Settings
    directions: Directions
    run: Run | None = field(compare=False)  # of these settings; None in the store's keys

    def begin(self) -> Work:
        """Return the work, not yet begun."""
        from tinynet.analysis.survey import Surveying  # noqa: PLC0415 - torch takes seconds to import

        if self.run is None:
            raise ValueError("A landscape needs its run.")
        return Surveying(self.run, self.directions)


@dataclass(frozen=True)
class TrialRequest:
    """The changes to a run's settings that the coach tries."""

    settings: Settings
    run: Run | None = field(compare=False)  # of these settings; None in the store's keys

    def begin(self) -> Work:
        """Return the work, not yet begun."""
        from tinynet.analysis.coach.trying import Trying  # noqa: PLC0415 - torch takes seconds to import

        if self.run is None:
            raise ValueError("A trial needs its run.")
        return Trying(self.run)


@dataclass(frozen=True)
class LuckRequest:
    """The same settings with other initial weights."""

    settings: Settings

    def begin(self) -> Work:
        """Return the work, not yet begun."""
        from tinynet.analysis.coach.trying import TryingLuck  # noqa: PLC0415 - torch is slow to import

        return TryingLuck(self.settings)


Request: TypeAlias = (
    Settings | SweepRequest | CheckRequest | SurveyRequest | TrialRequest | LuckRequest
)
Result: TypeAlias = "Run | Sweep | ExactEnds | Landscape | Trial | Luck"
Entry: TypeAlias = "Work | Result"


def is_in_progress(entry: Entry) -> TypeIs[Work]:
    """Tell unfinished work from a result."""
    return hasattr(entry, "advance")


def settings_of(request: Request) -> Settings:
    """Return the settings that a request is about."""
    return request if isinstance(request, Settings) else request.settings


def key_of(request: Request) -> Request:
    """Return an equal request without its run, so that a key of the store holds no run alive."""
    if isinstance(request, SurveyRequest | TrialRequest):
        return replace(request, run=None)
    return request


def begin(request: Request, shorter: Run | None) -> Work:
    """Return the work for a request; a run continues a shorter one where that is possible."""
    if not isinstance(request, Settings):
        return request.begin()
    from tinynet.training.train import Training, why_not  # noqa: PLC0415 - torch takes seconds to import

    continues = shorter and not why_not(request, shorter)
    return Training(request, after=shorter if continues else None)
