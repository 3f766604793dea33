"""Settings and axes -> the exact results of some cells, one training after another, in turns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from tinynet.settings import Settings
from tinynet.sweeping.grid import Grid, axes_of
from tinynet.sweeping.nearness import ExactEnds, spread
from tinynet.training.run import Run
from tinynet.training.train import Training
from tinynet.training.turns import InTurns

SLICE = 0.005  # seconds of training in one step


class Checking(InTurns):
    """Exact trainings of some cells of a map, in progress.

    Cells that are not trained after `seconds` are left out.
    """

    def __init__(
        self, settings: Settings, axes: Mapping[str, Iterable[Any]], seconds: float
    ) -> None:
        super().__init__()
        self._grid = Grid(settings, axes_of(settings, axes))
        self._cells = spread(*self._grid.shape)
        self._ends: list[tuple[float, ...]] = []
        self._training: Training | None = None
        self._most_seconds = seconds

    @property
    def share(self) -> float:
        """The share that is done, from 0 to 1."""
        within = self._training.share if self._training else 0
        return max((len(self._ends) + within) / len(self._cells), self.seconds / self._most_seconds)

    @property
    def nbytes(self) -> int:
        """The size of its tensors in bytes."""
        return self._training.nbytes if self._training else 0

    def advance(self, seconds: float) -> None:
        """Take a turn; finish when the time for all turns is up."""
        super().advance(seconds)
        self.finished = self.finished or self.seconds >= self._most_seconds

    def _step(self) -> bool:
        if not self._training:
            self._training = Training(self._grid.settings_of(self._cells[len(self._ends)]))
        self._training.advance(SLICE)
        if self._training.finished:
            self._ends.append(_ends_of(self._training.to_run()))
            self._training = None
        return len(self._ends) == len(self._cells)

    def result(self) -> ExactEnds | None:
        """Return the results; None before the end."""
        if not self.finished:
            return None
        ends = np.array(self._ends, np.float32).reshape(-1, 4).T
        return ExactEnds(np.array(self._cells[: len(self._ends)], np.int64), *ends)


def _ends_of(run: Run) -> tuple[float, ...]:
    """Return a run's losses and accuracies, as in a Sweep: NaN if it diverged."""
    if run.diverged or not math.isfinite(run.final_loss):
        return (math.nan,) * 4
    results = run.final_loss, run.final_test_loss, run.accuracy, run.test_accuracy
    return tuple(math.nan if each is None else each for each in results)
