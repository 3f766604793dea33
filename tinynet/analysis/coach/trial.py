"""Trial: the changes that were tried, how their trainings ended, and which changes help."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import repeat
from math import inf, isfinite, sqrt
from statistics import fmean

from tinynet.analysis.coach.changes import Change, changed_from, in_words
from tinynet.analysis.diagnosis.ends import End
from tinynet.settings import Settings

SEEDS = 5  # for the best changes, the run's own seed first
MOST_OFFERED = 3
# A change helps if the score rises by this number, or the loss falls to this share.
GAIN, FALL = 0.03, 0.8
STARTS = 20  # other initial weights, to see whether an end was luck
BYTES_OF_AN_END = 500


@dataclass(frozen=True)
class Ended:
    """Settings that were trained several times, and how each training ended."""

    settings: Settings
    ends: tuple[End, ...]

    @property
    def good(self) -> int:
        """The number of good ends."""
        return sum(end.is_good for end in self.ends)


class Tried(Ended):
    """Settings that were tried, on the run's own seed first."""

    @property
    def is_good(self) -> bool:
        """Whether they are good on all seeds, or on all but one."""
        return self.good >= SEEDS - 1

    @property
    def score(self) -> float:
        """The mean score."""
        return fmean(end.score for end in self.ends)

    @property
    def loss(self) -> float:
        """The mean loss; infinite if a training diverged."""
        losses = [end.loss for end in self.ends]
        return fmean(losses) if all(map(isfinite, losses)) else inf

    def beats(self, other: Tried) -> int:
        """Count the seeds with a better end; where `other` has no end, its first end counts."""
        others = (*other.ends, *repeat(other.ends[0], len(self.ends) - len(other.ends)))
        return sum(mine.beats(each) for mine, each in zip(self.ends, others, strict=False))

    @property
    def words(self) -> str:
        """The end on each seed: "10, 9 of 10 correct"."""
        *others, last = self.ends
        return ", ".join([*(end.brief for end in others), last.words])


@dataclass(frozen=True)
class Suggestion(Ended):
    """A change that helps, with the end on each seed; the run's own seed is first."""

    changed: str  # "Adam at 0.02"
    better: int  # the seeds on which it ends better than the unchanged settings

    @property
    def correct(self) -> tuple[int, ...] | None:
        """The number of correct rows of each end; None for a regression."""
        found = [end.correct for end in self.ends]
        return None if None in found else tuple(map(int, found))  # type: ignore[arg-type]

    @property
    def loss(self) -> tuple[float, ...]:
        """The loss of each end."""
        return tuple(end.loss for end in self.ends)

    @property
    def brief(self) -> str:
        """The change, and its end on the run's own seed."""
        return f"{self.changed}: {self.ends[0].words}"

    def label(self, longest: int) -> str:
        """Return `brief`, with the change cut to `longest` characters.

        The last knobs stay, because suggestions often share the first ones.
        """
        changed = parts = self.changed
        while len(changed) > longest and ", " in parts:
            parts = parts.partition(", ")[2]
            changed = f"…, {parts}"
        if len(changed) > longest:
            changed = f"{changed[: longest - 1].rstrip(' ,')}…"
        return f"{changed}: {self.ends[0].words}"

    @property
    def seen(self) -> str:
        """The number of seeds on which the change helped: "good on 5 of 5 seeds"."""
        seen = f"good on {self.good}" if self.good else f"better on {self.better}"
        return f"{seen} of {len(self.ends)} seeds"

    @property
    def words(self) -> str:
        """The change, its end, and the number of seeds on which the change helped."""
        return f"{self.brief}, {self.seen}"


@dataclass(frozen=True)
class Trial:
    """The results of the unchanged settings, and of the changes, best first."""

    base: Tried
    tried: tuple[Tried, ...]
    seconds: float  # spent on the trial

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """The changes that help: good changes with few knobs first, then other improvements."""
        offered: list[Tried] = []
        for each in self.tried:
            if self._helps(each) and not any(self._adds_to(each, other) for other in offered):
                offered.append(each)
        return tuple(
            Suggestion(each.settings, each.ends, self.changed(each), each.beats(self.base))
            for each in offered[:MOST_OFFERED]
        )

    @property
    def cause(self) -> str:
        """Say which knob alone makes the network learn; "" if none or several do."""
        single = [each for each in self.tried if len(self._change(each)) == 1]
        # A change that was good at first may be good on the seeds for which no time was left.
        good = [each for each in single if each.good and (each.is_good or len(each.ends) < SEEDS)]
        knobs = {name for each in good for name in self._change(each)}
        if len(knobs) != 1 or not good[0].is_good or self.base.good:
            return ""
        return f"Of all single changes tried, only one makes it learn: {self.changed(good[0])}."

    def changed(self, tried: Tried) -> str:
        """Return the changed knobs in words."""
        return in_words(tried.settings, self.base.settings)

    @property
    def nbytes(self) -> int:
        """The memory that the results take, in bytes."""
        return BYTES_OF_AN_END * sum(1 + len(each.ends) for each in (self.base, *self.tried))

    def _helps(self, tried: Tried) -> bool:
        """Tell whether a change helps on all seeds, or all but one seed, and by more than chance.

        With few rows, a result can be better by chance, but not good by chance.
        """
        if len(tried.ends) < SEEDS:
            return False
        gain, better = tried.score - self.base.score, tried.beats(self.base)
        if tried.is_good and not self.base.good:
            return better >= SEEDS - 1
        chance = 1 / sqrt(sum(end.rows for end in tried.ends))  # two standard errors of a share
        if gain >= max(GAIN, chance):
            return better >= SEEDS - 1
        return gain >= 0 and tried.loss <= FALL * self.base.loss and better == SEEDS

    def _adds_to(self, tried: Tried, other: Tried) -> bool:
        """Tell whether a change only extends another change that is already good."""
        return other.is_good and self._change(other).items() <= self._change(tried).items()

    def _change(self, tried: Tried) -> Change:
        return changed_from(self.base.settings, tried.settings)


def starts_of(settings: Settings) -> list[Settings]:
    """Return the settings with twenty different initial weights on the same data."""
    seeds = (seed for seed in range(STARTS) if seed != settings.weight_seed)
    others = [replace(settings, weight_seed=seed) for seed in seeds]
    return [settings, *(each for each in others if each != settings)][:STARTS]


class Luck(Ended):
    """The ends with each start (initial weights), the settings' own start first."""

    def words(self, start: int) -> str:
        """Return the end of a start in short: "3: 196", or "4: 101 ✗" for a poor end."""
        end = self.ends[start]
        return f"{start + 1}: {end.brief}{'' if end.is_good else ' ✗'}"

    @property
    def nbytes(self) -> int:
        """The memory that the results take, in bytes."""
        return BYTES_OF_AN_END * len(self.ends)
