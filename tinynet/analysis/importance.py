"""Run -> how much each column matters: the score that is lost when its test values are shuffled."""

from __future__ import annotations

from itertools import count, islice

import numpy as np
import pandas as pd

from tinynet.registry.features import INPUTS
from tinynet.training.prediction import predictor_of
from tinynet.training.record import FloatArray, IntArray
from tinynet.training.run import Run
from tinynet.training.scores import are_correct, r_squared_of

REPEATS, MOST_REPEATS = 10, 100


def importance(run: Run, repeats: int = REPEATS) -> pd.DataFrame:
    """Return the permutation importance of each column of the data, the largest first.

    Columns: column, importance (the mean loss of accuracy or R²) and spread (its deviation over
    the shuffles). All inputs of a column are shuffled together. The shuffles are always the same.
    ValueError without test rows, or where all test targets are equal numbers.
    """
    if not run.has_test:
        raise ValueError("The importance is measured on test rows: set test_share.")
    if not 1 <= repeats <= MOST_REPEATS:
        raise ValueError(f"repeats must be from 1 to {MOST_REPEATS}, not {repeats}.")
    predictor, score = predictor_of(run), _score(run, run.test_predictions)
    x = run.test_inputs if run.settings.features == INPUTS else run.test_points
    generator = np.random.default_rng(0)
    orders = [generator.permutation(len(x)) for _ in range(repeats)]
    found = []
    for name, places in _places(run).items():
        lost = [score - _score(run, predictor.outputs_of(_shuffled(x, places, o))) for o in orders]
        found.append((name, float(np.mean(lost)), float(np.std(lost))))
    table = pd.DataFrame(found, columns=["column", "importance", "spread"])
    return table.sort_values("importance", ascending=False, kind="stable", ignore_index=True)


def _places(run: Run) -> dict[str, list[int]]:
    """Return the places of the inputs of each column of the file."""
    places: dict[str, list[int]] = {}
    inputs = count()
    for column in run.settings.data_set.columns_needed:
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
    r_squared = r_squared_of(y_pred, run.test_targets)
    if r_squared is None:
        raise ValueError("All test targets are equal: no column can matter to them.")
    return float(r_squared)
