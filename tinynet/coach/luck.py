"""Settings -> Luck: the same settings from twenty seeds, to see whether an end was luck."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tinynet.coach.changes import cost
from tinynet.coach.ends import End, train_to_the_end
from tinynet.coach.work import InTurns
from tinynet.settings import SEED, Settings

STARTS = 20
BYTES_OF_AN_END = 500


@dataclass(frozen=True)
class Luck:
    """How the settings ended from each seed, their own first."""

    settings: Settings
    ends: tuple[End, ...]

    @property
    def good(self) -> int:
        """How many of the ends are good."""
        return sum(end.is_good for end in self.ends)

    @property
    def nbytes(self) -> int:
        """The size of what it holds, in bytes."""
        return BYTES_OF_AN_END * len(self.ends)


class TryingLuck(InTurns):
    """The twenty trainings, in progress."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self._ends: list[End] = []

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return len(self._ends) / STARTS

    @property
    def nbytes(self) -> int:
        """The size of what it holds, in bytes."""
        return BYTES_OF_AN_END * len(self._ends)

    def result(self) -> Luck | None:
        """Return the ends; None before all are known."""
        return Luck(self.settings, tuple(self._ends)) if self.finished else None

    def _work(self) -> Iterator[None]:
        for settings in seeds_from(self.settings, STARTS):
            self._ends.append((yield from train_to_the_end(settings)))


def seeds_from(settings: Settings, count: int) -> list[Settings]:
    """Return the settings with their own seed and those that follow it."""
    seeds = ((settings.seed + each) % (SEED.maximum + 1) for each in range(count))
    return [replace(settings, seed=seed) for seed in seeds]


def cost_of_luck(settings: Settings) -> float:
    """Return about how many seconds of one core the twenty trainings take."""
    return STARTS * cost(settings)
