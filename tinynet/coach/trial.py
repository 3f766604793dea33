"""Settings -> Trial: changes, each trained on a few seeds, in turns that one can stop after.

Each change is tried alone, on two seeds; then the promising ones together, two and three of them at
a time. What did best is trained on three more seeds, and so are the settings themselves. All of it
is bounded by what it costs as it is reckoned beforehand, so that it is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, repeat
from math import inf, isfinite
from statistics import fmean

from tinynet.coach.changes import Change, changes, cost, in_words, leads_to, recipe, turned_from
from tinynet.coach.ends import End, end_of, train_to_the_end
from tinynet.coach.luck import seeds_from
from tinynet.coach.work import InTurns
from tinynet.run import Run
from tinynet.settings import EPOCHS, Settings

BUDGET = 1.0  # seconds of one core, as reckoned
FOR_SINGLES, FOR_SEVERAL = 0.4 * BUDGET, 0.65 * BUDGET  # the rest is for what did best
DEAREST = BUDGET / 14  # of one training
AT_FIRST, SEEDS = 2, 5  # seeds that a change is tried on, and that what did best is tried on
MOST_OFFERED = 3
PROMISING = 4  # changes that are tried together
TOGETHER = (2, 3)
FINALISTS = 4
GAIN, FALL = 0.03, 0.8  # of the score, and of the loss where the score stays: what helps


@dataclass(frozen=True)
class Tried:
    """Settings that were trained, and how that ended: on the seed of the run first."""

    settings: Settings
    ends: tuple[End, ...]

    @property
    def good(self) -> int:
        """How many of the ends are good."""
        return sum(end.is_good for end in self.ends)

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


@dataclass(frozen=True)
class Suggestion:
    """A change that was seen to help."""

    settings: Settings
    changed: str  # "optimizer adam, learning rate 0.02"
    ends: tuple[End, ...]  # seed by seed, that of the run first

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
    def good(self) -> int:
        """How many of the ends are good."""
        return sum(end.is_good for end in self.ends)

    @property
    def words(self) -> str:
        """What is changed, and what it was seen to do."""
        seeds = len(self.ends)
        seen = f"good on {self.good} of {seeds} seeds" if self.good else f"better on {seeds} seeds"
        return f"{self.changed}: {self.ends[0].words}, {seen}"


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
            Suggestion(each.settings, self.changed(each), each.ends)
            for each in offered[:MOST_OFFERED]
        )

    def changed(self, tried: Tried) -> str:
        """Return what differs from the settings, in words."""
        return in_words(tried.settings, self.base.settings)

    @property
    def nbytes(self) -> int:
        """The size of what it holds, in bytes."""
        return 500 * sum(1 + len(each.ends) for each in (self.base, *self.tried))

    def _helps(self, tried: Tried) -> bool:
        """Tell whether it ends better on all seeds but one, and by more than chance would."""
        gain = tried.score - self.base.score
        is_clear = gain >= GAIN or (gain >= 0 and tried.loss <= FALL * self.base.loss)
        return len(tried.ends) == SEEDS and tried.beats(self.base) >= SEEDS - 1 and is_clear

    def _adds_to(self, tried: Tried, other: Tried) -> bool:
        """Whether it has all that another changes, and more: needlessly, if the other is good."""
        mine, others = (turned_from(self.base.settings, each.settings) for each in (tried, other))
        return other.good >= SEEDS - 1 and others.items() <= mine.items()


class Trying(InTurns):
    """A trial in progress."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.settings = run.settings
        self._spent = 0.0  # seconds, as reckoned
        self._ends = {run.settings: end_of(run)}
        self._base = Tried(run.settings, (end_of(run),))
        self._tried: dict[Settings, Tried] = {}

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return 1.0 if self.finished else min(1.0, self._spent / BUDGET)

    @property
    def nbytes(self) -> int:
        """The size of what it holds, in bytes."""
        return 500 * len(self._ends)

    def result(self) -> Trial | None:
        """Return what was found; None before the end."""
        if not self.finished:
            return None
        ranked = sorted(self._tried.values(), key=self._rank)
        return Trial(self._base, tuple(ranked), self.seconds)

    def _rank(self, tried: Tried) -> tuple[float, ...]:
        """Return what the best has least of: what is good by the fewest changes, else the best."""
        is_seen = len(tried.ends) == SEEDS
        is_good = is_seen and tried.good >= SEEDS - 1
        return (not is_seen, not is_good, self._count(tried) if is_good else 0, -tried.score)

    def _count(self, tried: Tried) -> int:
        """Return how many knobs are turned."""
        return len(turned_from(self.settings, tried.settings))

    def _work(self) -> Iterator[None]:
        singles = changes(self.settings)
        for change in singles:
            yield from self._try_change(change, FOR_SINGLES)
        promising = self._promising(singles)
        yield from self._try_change(recipe(self.settings), FOR_SEVERAL)
        for count in TOGETHER:
            if sum(self._is_good(each) for each in self._tried.values()) >= MOST_OFFERED:
                break
            for several in combinations(promising, count):
                together = {name: value for each in several for name, value in each.items()}
                yield from self._try_change(together, FOR_SEVERAL)
        for tried in sorted(self._tried.values(), key=self._rank_at_first)[:FINALISTS]:
            yield from self._try(tried.settings, SEEDS, BUDGET)
        yield from self._try(self.settings, SEEDS, BUDGET)
        self._base = self._tried.pop(self.settings, self._base)

    def _is_good(self, tried: Tried) -> bool:
        return tried.good == len(tried.ends)

    def _rank_at_first(self, tried: Tried) -> tuple[float, ...]:
        is_good = self._is_good(tried)
        return (not is_good, self._count(tried) if is_good else 0, -_promise(tried))

    def _promising(self, singles: list[Change]) -> list[Change]:
        """Return the changes that did best alone, no two of which turn the same knob."""
        known = [each for each in singles if self._with(each) in self._tried]
        ranked = sorted(known, key=lambda each: -_promise(self._tried[self._with(each)]))
        found: list[Change] = []
        for change in ranked:
            if not any(change.keys() & other.keys() for other in found):
                found.append(change)
        return found[:PROMISING]

    def _try_change(self, change: Change, budget: float) -> Iterator[None]:
        settings = self._with(change)
        if settings not in self._tried and settings != self.settings:
            yield from self._try(settings, AT_FIRST, budget)

    def _with(self, change: Change) -> Settings:
        """Return the settings with a change, in as many epochs as a trial can afford."""
        settings = leads_to(self.settings, change)
        shorter = (
            replace(settings, epochs=stop)
            for stop in reversed(EPOCHS.stops)
            if stop < settings.epochs
        )
        return next((each for each in (settings, *shorter) if cost(each) <= DEAREST), settings)

    def _try(self, settings: Settings, seeds: int, budget: float) -> Iterator[None]:
        """Train settings on so many seeds, if the budget allows."""
        wanted = seeds_from(settings, seeds)
        costs = cost(settings) * sum(each not in self._ends for each in wanted)
        if self._spent + costs > budget:
            return
        self._spent += costs
        for each in wanted:
            if each not in self._ends:
                self._ends[each] = yield from train_to_the_end(each)
        self._tried[settings] = Tried(settings, tuple(self._ends[each] for each in wanted))


def _promise(tried: Tried) -> float:
    """Return a score that tells also ends apart that have as much correct."""
    return tried.score - 0.1 * min(tried.loss, 1.0)


def suggest(run: Run) -> list[Suggestion]:
    """Return the changes to a run's settings that were seen to help, best first; at most three.

    Each was trained on the seed of the run and on four others. A run that is good already needs
    none. The same list each time.
    """
    if end_of(run).is_good:
        return []
    trying = Trying(run)
    while not trying.finished:
        trying.advance(seconds=1)
    trial = trying.result()
    return list(trial.suggestions) if trial else []
