"""Settings -> Trial: changes, each trained on a few seeds, in turns.

Each change is first tried alone on two seeds, then the most promising changes in pairs and threes.
The best changes are trained on three more seeds, and the unchanged settings on all five. The budget
is an estimated cost, not a time, so the trial is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from itertools import combinations
from math import isfinite
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
from tinynet.training.best import BestState, best_state_of
from tinynet.training.engine import Engine
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.run import Run
from tinynet.training.turns import InTurns

BUDGET = 1.0  # estimated seconds of one core
# The total costs at which to stop trying the unchanged settings, single changes, and combined
# changes. The rest of the budget is for more seeds of the best changes.
FOR_ITSELF, FOR_SINGLES, FOR_SEVERAL = 0.15 * BUDGET, 0.45 * BUDGET, 0.65 * BUDGET
DEAREST = BUDGET / 14  # the highest cost of one training
AT_FIRST = 2  # seeds for each change
PROMISING = 4  # changes to combine
COMBINED = (2, 3)
FINALISTS = 4
SLICE = 0.005  # seconds of training between two steps


class Trying(InTurns):
    """A trial in progress."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.settings = run.settings
        self._spent = 0.0  # estimated seconds
        self._ends = {run.settings: end_of(run)}
        self._base = Tried(run.settings, (end_of(run),))
        self._tried: dict[Settings, Tried] = {}
        self._steps = self._work()

    @property
    def share(self) -> float:
        """The share that is done, from 0 to 1."""
        return 1.0 if self.finished else min(1.0, self._spent / BUDGET)

    @property
    def nbytes(self) -> int:
        """The memory that the trainings take, in bytes."""
        return BYTES_OF_AN_END * len(self._ends)

    def result(self) -> Trial | None:
        """Return the trial; None before the end."""
        if not self.finished:
            return None
        ranked = sorted(self._tried.values(), key=self._rank)
        return Trial(self._base, tuple(ranked), self.seconds)

    def _rank(self, tried: Tried) -> tuple[float, ...]:
        """Return a sort key: good ends by the fewest changes first, then the highest scores."""
        is_seen = len(tried.ends) == SEEDS
        is_good = is_seen and tried.good >= SEEDS - 1
        doubtful = SEEDS - tried.good if is_good else 0
        changed = self._count(tried) if is_good else 0
        return (not is_seen, not is_good, doubtful, changed, -tried.score)

    def _count(self, tried: Tried) -> int:
        """Return the number of changed knobs."""
        return len(changed_from(self.settings, tried.settings))

    def _work(self) -> Iterator[None]:
        yield from self._try(self.settings, SEEDS, FOR_ITSELF)
        self._base = self._tried.pop(self.settings, self._base)
        singles = changes(self.settings)
        for change in singles:
            yield from self._try_change(change, FOR_SINGLES)
        promising = self._promising(singles)
        yield from self._try_change(recipe(self.settings), FOR_SEVERAL)
        for count in COMBINED:
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
        """Return the changes that did best alone, no two of which change the same knob."""
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
        """Return the settings with a change, with as many epochs as the budget allows."""
        settings = leads_to(self.settings, change)
        shorter = (
            replace(settings, epochs=stop)
            for stop in reversed(EPOCHS.stops)
            if stop < settings.epochs
        )
        return next((each for each in (settings, *shorter) if cost(each) <= DEAREST), settings)

    def _try(self, settings: Settings, seeds: int, budget: float) -> Iterator[None]:
        """Train settings on several seeds, if the budget allows."""
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
    """Return the score, with the loss as a tie-breaker."""
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
        """The share that is done, from 0 to 1."""
        return len(self._ends) / STARTS

    @property
    def nbytes(self) -> int:
        """The memory that the trainings take, in bytes."""
        return BYTES_OF_AN_END * len(self._ends)

    def result(self) -> Luck | None:
        """Return all ends; None before the last end."""
        return Luck(self.settings, tuple(self._ends)) if self.finished else None

    def _work(self) -> Iterator[None]:
        for settings in starts_of(self.settings):
            self._ends.append((yield from train_to_the_end(settings)))


def seeds_from(settings: Settings, count: int) -> list[Settings]:
    """Return the settings with their own seed and the next seeds: other data, other weights."""
    seeds = ((settings.seed + each) % (SEED.maximum + 1) for each in range(1, count))
    return [settings, *(replace(settings, seed=seed, weight_seed=None) for seed in seeds)]


def suggest(run: Run) -> list[Suggestion]:
    """Return at most three changes that improve a run, best first; none for a good run.

    Each change is trained on the run's seed and on four other seeds. The list is reproducible.
    """
    if end_of(run).is_good:
        return []
    trying = Trying(run)
    trying.finish()
    trial = trying.result()
    return list(trial.suggestions) if trial else []


def train_to_the_end(settings: Settings) -> Generator[None, None, End]:
    """Train like `train`, with the same bits, in slices; return the end."""
    with fresh_torch_state():
        loop = fastest_loop(settings)
    best = best_state_of(loop)
    epochs = iter(range(settings.epochs))
    while loop.updates < settings.epochs * loop.updates_per_epoch:
        with fresh_torch_state(autograd=loop.autograd):
            start = perf_counter()
            for _ in epochs:
                _look_for_the_best(loop, best)
                loop.train_one_epoch()
                if perf_counter() - start >= SLICE:
                    break
        yield
    with fresh_torch_state(autograd=loop.autograd), torch.no_grad():
        _look_for_the_best(loop, best)
        end = _end_of_loop(loop)
        if best and isfinite(end.loss):
            best.restore()
            end = _end_of_loop(loop)
        return end


def _look_for_the_best(loop: Engine, best: BestState | None) -> None:
    if best:
        with torch.no_grad():
            best.see(loop.forward(loop.test).loss.item())


def _end_of_loop(loop: Engine) -> End:
    tests = loop.test.targets.reshape(-1, 1).cpu().numpy()
    counts = judges_test_rows(loop.settings, tests)
    batch = loop.test if counts else loop.batch
    passed = loop.forward(batch)
    targets = tests if counts else batch.targets.reshape(-1, 1).cpu().numpy()
    return end_from(loop.settings, passed.loss.item(), passed.y_pred.cpu().numpy(), targets)
