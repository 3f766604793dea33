"""Run -> how much each column matters: the score that is lost when its test values are shuffled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice

import numpy as np
import pandas as pd

from tinynet.registry.features import INPUTS
from tinynet.training.prediction import predictor_of
from tinynet.training.record import FloatArray, IntArray
from tinynet.training.run import Run
from tinynet.training.scores import are_correct, r_squared_of
from tinynet.training.turns import InTurns

REPEATS, MOST_REPEATS = 10, 100


def importance(run: Run, repeats: int = REPEATS) -> pd.DataFrame:
    """Return the permutation importance of each column of the data, the largest first.

    Columns: column, importance (the mean loss of accuracy or R²) and spread (its deviation over
    the shuffles). All inputs of a column are shuffled together. The shuffles are always the same.
    ValueError without test rows, or where all test targets are equal numbers.
    """
    shuffling = Shuffling(run, repeats)
    shuffling.finish()
    return shuffling.table()


@dataclass(frozen=True)
class Importance:
    """How much each column matters, as the table that `importance` returns."""

    table: pd.DataFrame

    @property
    def nbytes(self) -> int:
        """The memory that the table takes, in bytes."""
        return int(self.table.memory_usage(deep=True).sum())


class Shuffling(InTurns):
    """The importance of all columns, while it is measured."""

    def __init__(self, run: Run, repeats: int = REPEATS) -> None:
        super().__init__()
        if reason := why_no_importance(run):
            raise ValueError(reason)
        if not 1 <= repeats <= MOST_REPEATS:
            raise ValueError(f"repeats must be from 1 to {MOST_REPEATS}, not {repeats}.")
        self._found: list[tuple[str, float, float]] = []
        self._columns = len(run.settings.data_set.sources)
        self.nbytes = run.nbytes  # in progress, it holds the run
        self._steps = self._work(run, repeats)

    @property
    def share(self) -> float:
        """The share that is done, from 0 to 1."""
        return len(self._found) / self._columns

    def result(self) -> Importance | None:
        """Return the importance of all columns; None before the end."""
        return Importance(self.table()) if self.finished else None

    def table(self) -> pd.DataFrame:
        """Return the importance of the columns measured so far, the largest first."""
        table = pd.DataFrame(self._found, columns=["column", "importance", "spread"])
        return table.sort_values("importance", ascending=False, kind="stable", ignore_index=True)

    def _work(self, run: Run, repeats: int) -> Iterator[None]:
        predictor, score = predictor_of(run), _score(run, run.test_predictions)
        x = run.test_inputs if run.settings.features == INPUTS else run.test_points
        generator = np.random.default_rng(0)
        orders = [generator.permutation(len(x)) for _ in range(repeats)]
        for name, places in _places(run).items():
            lost = []
            for order in orders:
                y_pred = predictor.outputs_of(_shuffled(x, places, order))
                lost.append(score - _score(run, y_pred))
                yield
            self._found.append((name, float(np.mean(lost)), float(np.std(lost))))


def why_no_importance(run: Run) -> str:
    """Return why the importance of a run's columns cannot be measured; "" if it can."""
    if not run.has_test:
        return "The importance is measured on test rows: set test_share."
    if not run.has_classes and not np.ptp(run.test_targets):
        return "All test targets are equal: no column can matter to them."
    return ""


def _places(run: Run) -> dict[str, list[int]]:
    """Return the places of the inputs of each column of the file."""
    places: dict[str, list[int]] = {}
    inputs = count()
    for column in run.settings.data_set.input_columns:
        width = len(column.words) or 1
        places.setdefault(column.needed, []).extend(islice(inputs, width))
    return places


def _shuffled(x: FloatArray, places: list[int], order: IntArray) -> FloatArray:
    shuffled = x.copy()
    shuffled[:, places] = x[order][:, places]
    return shuffled


def _score(run: Run, y_pred: FloatArray) -> float:
    if run.has_classes:
        return float(are_correct(run.settings, y_pred, run.test_targets).mean())
    return float(r_squared_of(y_pred, run.test_targets) or 0.0)
