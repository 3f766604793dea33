"""Settings -> Trial: changes, each trained on a few seeds, in turns that one can stop after.

Each change is tried alone, on two seeds; then the promising ones together, two and three of them at
a time. What did best is trained on three more seeds, and so are the settings themselves. All of it
is bounded by what it costs as it is reckoned beforehand, so that it is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from itertools import combinations
from time import perf_counter

import torch

from tinynet.analysis.coach.changes import Change, changed_from, changes, cost, leads_to, recipe
from tinynet.analysis.coach.trial import (
    BYTES_OF_AN_END,
    MOST_OFFERED,
    SEEDS,
    STARTS,
    Luck,
    Suggestion,
    Trial,
    Tried,
    starts_of,
)
from tinynet.analysis.diagnosis.ends import End, end_from, end_of, judges_test_rows
from tinynet.settings import EPOCHS, SEED, Settings
from tinynet.training.backpropagation import fastest_loop
from tinynet.training.engine import Engine
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.run import Run
from tinynet.training.turns import InTurns

BUDGET = 1.0  # seconds of one core, as reckoned
# Up to what it may have cost once the settings themselves are tried, single changes, and several;
# the rest is for what did best.
FOR_ITSELF, FOR_SINGLES, FOR_SEVERAL = 0.15 * BUDGET, 0.45 * BUDGET, 0.65 * BUDGET
DEAREST = BUDGET / 14  # of one training
AT_FIRST = 2  # seeds that a change is tried on
PROMISING = 4  # changes that are tried together
TOGETHER = (2, 3)
FINALISTS = 4
SLICE = 0.005  # seconds that are trained at a time


class Trying(InTurns):
    """A trial in progress."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.settings = run.settings
        self._spent = 0.0  # seconds, as reckoned
        self._ends = {run.settings: end_of(run)}
        self._base = Tried(run.settings, (end_of(run),))
        self._tried: dict[Settings, Tried] = {}
        self._steps = self._work()

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return 1.0 if self.finished else min(1.0, self._spent / BUDGET)

    @property
    def nbytes(self) -> int:
        """The size of what it holds, in bytes."""
        return BYTES_OF_AN_END * len(self._ends)

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
        return len(changed_from(self.settings, tried.settings))

    def _work(self) -> Iterator[None]:
        yield from self._try(self.settings, SEEDS, FOR_ITSELF)
        self._base = self._tried.pop(self.settings, self._base)
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


class TryingLuck(InTurns):
    """The twenty trainings, in progress."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self._ends: list[End] = []
        self._steps = self._work()

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
        for settings in starts_of(self.settings):
            self._ends.append((yield from train_to_the_end(settings)))


def seeds_from(settings: Settings, count: int) -> list[Settings]:
    """Return the settings with their own seed and those after it: other data, other weights."""
    seeds = ((settings.seed + each) % (SEED.maximum + 1) for each in range(1, count))
    return [settings, *(replace(settings, seed=seed, weight_seed=None) for seed in seeds)]


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


def train_to_the_end(settings: Settings) -> Generator[None, None, End]:
    """Train as `train` does, to the same bits, a slice at a time; return how that ended."""
    with fresh_torch_state():
        loop = fastest_loop(settings)
    epochs = iter(range(settings.epochs))
    while loop.updates < settings.epochs * loop.updates_per_epoch:
        with fresh_torch_state(autograd=loop.autograd):
            start = perf_counter()
            for _ in epochs:
                loop.train_one_epoch()
                if perf_counter() - start >= SLICE:
                    break
        yield
    with fresh_torch_state(autograd=loop.autograd), torch.no_grad():
        return _end_of_loop(loop)


def _end_of_loop(loop: Engine) -> End:
    tests = loop.test.targets.reshape(-1, 1).cpu().numpy()
    counts = judges_test_rows(loop.settings, tests)
    batch = loop.test if counts else loop.batch
    made = loop.forward(batch)
    targets = tests if counts else batch.targets.reshape(-1, 1).cpu().numpy()
    return end_from(loop.settings, made.loss.item(), made.y_pred.cpu().numpy(), targets)
