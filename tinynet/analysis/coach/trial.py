"""What a trial leaves behind: what was tried, how it ended, and what of it helps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import repeat
from math import inf, isfinite, sqrt
from statistics import fmean

from tinynet.analysis.coach.changes import changed_from, in_words
from tinynet.analysis.diagnosis.ends import End
from tinynet.settings import Settings

SEEDS = 5  # that what did best is tried on, that of the run first
MOST_OFFERED = 3
GAIN, FALL = 0.03, 0.8  # of the score, and of the loss where the score stays: what helps
STARTS = 20  # that tell whether an end was luck
BYTES_OF_AN_END = 500


@dataclass(frozen=True)
class Ended:
    """Settings that were trained some times, and how that ended."""

    settings: Settings
    ends: tuple[End, ...]

    @property
    def good(self) -> int:
        """How many of the ends are good."""
        return sum(end.is_good for end in self.ends)


class Tried(Ended):
    """Settings that were tried: on the seed of the run first."""

    @property
    def score(self) -> float:
        """The mean of the scores."""
        return fmean(end.score for end in self.ends)

    @property
    def loss(self) -> float:
        """The mean of the losses; infinite where one broke."""
        losses = [end.loss for end in self.ends]
        return fmean(losses) if all(map(isfinite, losses)) else inf

    def beats(self, other: Tried) -> int:
        """On how many seeds it ends better; the first end stands for those that are not known."""
        others = (*other.ends, *repeat(other.ends[0], len(self.ends) - len(other.ends)))
        return sum(mine.beats(each) for mine, each in zip(self.ends, others, strict=False))

    @property
    def words(self) -> str:
        """How the ends are, seed by seed: "10, 9 of 10 correct"."""
        *others, last = self.ends
        return ", ".join([*(end.brief for end in others), last.words])


@dataclass(frozen=True)
class Suggestion(Ended):
    """A change that was seen to help: its ends seed by seed, that of the run first."""

    changed: str  # "Adam at 0.02"
    better: int  # on how many of these seeds it ends better than the run's own settings

    @property
    def correct(self) -> tuple[int, ...] | None:
        """How many rows each of the ends has correct; None of a regression."""
        found = [end.correct for end in self.ends]
        return None if None in found else tuple(map(int, found))  # type: ignore[arg-type]

    @property
    def loss(self) -> tuple[float, ...]:
        """The loss of each of the ends."""
        return tuple(end.loss for end in self.ends)

    @property
    def brief(self) -> str:
        """What is changed, and how that ends from the seed of the run."""
        return f"{self.changed}: {self.ends[0].words}"

    @property
    def words(self) -> str:
        """What is changed, and what it was seen to do."""
        seen = f"good on {self.good}" if self.good else f"better on {self.better}"
        return f"{self.brief}, {seen} of {len(self.ends)} seeds"


@dataclass(frozen=True)
class Trial:
    """What was tried for some settings: these themselves, and the changes, best first."""

    base: Tried
    tried: tuple[Tried, ...]
    seconds: float  # that it took

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """What helps, best first: what is good by the fewest changes, else what does better."""
        offered: list[Tried] = []
        for each in self.tried:
            if self._helps(each) and not any(self._adds_to(each, other) for other in offered):
                offered.append(each)
        return tuple(
            Suggestion(each.settings, each.ends, self.changed(each), each.beats(self.base))
            for each in offered[:MOST_OFFERED]
        )

    def changed(self, tried: Tried) -> str:
        """Return what differs from the settings, in words."""
        return in_words(tried.settings, self.base.settings)

    @property
    def nbytes(self) -> int:
        """The size of what it holds, in bytes."""
        return BYTES_OF_AN_END * sum(1 + len(each.ends) for each in (self.base, *self.tried))

    def _helps(self, tried: Tried) -> bool:
        """Tell whether it ends better on all seeds but one, and by more than chance would.

        Of few rows, chance alone makes one seed or another better; good it does not make them.
        """
        if len(tried.ends) < SEEDS:
            return False
        gain, better = tried.score - self.base.score, tried.beats(self.base)
        if tried.good >= SEEDS - 1 and not self.base.good:
            return better >= SEEDS - 1
        chance = 1 / sqrt(sum(end.rows for end in tried.ends))  # two standard errors of a share
        if gain >= max(GAIN, chance):
            return better >= SEEDS - 1
        return gain >= 0 and tried.loss <= FALL * self.base.loss and better == SEEDS

    def _adds_to(self, tried: Tried, other: Tried) -> bool:
        """Whether it has all that another changes, and more: needlessly, if the other is good."""
        mine, others = (changed_from(self.base.settings, each.settings) for each in (tried, other))
        return other.good >= SEEDS - 1 and others.items() <= mine.items()


def starts_of(settings: Settings) -> list[Settings]:
    """Return the settings, and the same with other first weights: the same data, twenty starts."""
    seeds = (seed for seed in range(STARTS) if seed != settings.weight_seed)
    others = [replace(settings, weight_seed=seed) for seed in seeds]
    return [settings, *(each for each in others if each != settings)][:STARTS]


class Luck(Ended):
    """How the settings ended from each start, their own first."""

    def words(self, start: int) -> str:
        """Return how a start ends, in short: "3: 196", or "4: 101 ✗" if it is not good."""
        end = self.ends[start]
        return f"{start + 1}: {end.brief}{'' if end.is_good else ' ✗'}"

    @property
    def nbytes(self) -> int:
        """The size of what it holds, in bytes."""
        return BYTES_OF_AN_END * len(self.ends)
