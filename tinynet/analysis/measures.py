"""Run -> errors in the target's unit, scores of each class, and the worst rows, from plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tinynet.training.one_row import OneRow
from tinynet.training.prediction import classes_of, data_of, predictor_of
from tinynet.training.record import FloatArray, IntArray
from tinynet.training.run import Run
from tinynet.training.scores import answers, probabilities
from tinynet.user_data import Table

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Errors:
    """The errors of a regression, in the unit of the target."""

    mae: float  # mean absolute error
    rmse: float  # root of the mean squared error


def errors(run: Run, *, test: bool = False) -> Errors:
    """Return the errors of the training rows, or the test rows; ValueError for classes."""
    if run.has_classes:
        raise ValueError("Classes have no error in a unit; ask for class_scores.")
    answer, target = _in_units(run, test=test)
    difference = answer - target
    return Errors(float(np.abs(difference).mean()), float(np.sqrt((difference**2).mean())))


def class_scores(run: Run, *, test: bool = False) -> pd.DataFrame:
    """Return the precision, recall and F1 of each class; ValueError for a regression.

    Index: the class. Columns: rows, predicted, precision, recall, F1. A share of no rows is NaN.
    """
    y_pred, y = _outputs(run, test=test)
    predicted, target = answers(run.settings, y_pred), y.ravel().astype(np.int64)
    classes = classes_of(run.settings)
    counts = np.zeros((len(classes), len(classes)))
    np.add.at(counts, (target, predicted), 1)
    correct, rows, guesses = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    with np.errstate(invalid="ignore"):  # 0 of 0 rows
        table = {
            "rows": rows.astype(int),
            "predicted": guesses.astype(int),
            "precision": correct / guesses,
            "recall": correct / rows,
            "F1": 2 * correct / (rows + guesses),
        }
    return pd.DataFrame(table, index=pd.Index(classes, name=run.settings.data_set.target))


def worst_rows(run: Run, *, test: bool = False) -> pd.DataFrame:
    """Return all rows, the worst first, in the words or the unit of the data.

    Columns: row (its number in the file, from 1 below the names), target, answer, and error. For
    classes, the columns probability (of the target) and correct replace the error.
    """
    y_pred, y = _outputs(run, test=test)
    of_rows = {"row": row_numbers(run, test=test)}
    if not run.has_classes:
        answer, target = _in_units(run, test=test)
        table = pd.DataFrame({**of_rows, "target": target, "answer": answer})
        table["error"] = (table["answer"] - table["target"]).abs()
        return _sorted(table, "error", ascending=False)
    classes, indices = classes_of(run.settings), y.ravel().astype(np.int64)
    predicted = answers(run.settings, y_pred)
    table = pd.DataFrame(
        {
            **of_rows,
            "target": [classes[each] for each in indices],
            "answer": [classes[each] for each in predicted],
            "probability": _of_target(run, y_pred, indices),
            "correct": predicted == indices,
        }
    )
    return _sorted(table, "probability", ascending=True)


def row_numbers(run: Run, *, test: bool = False) -> IntArray:
    """Return the number of each row in the file, or among the drawn rows, counted from 1."""
    return _numbers_of(run, _places(run, test=test))


def row_of(run: Run, number: int) -> OneRow | None:
    """Return the row with this number; None if the run does not use it."""
    data = data_of(run.settings)
    for is_test, places in ((False, data.places), (True, data.test_places)):
        for place in np.flatnonzero(_numbers_of(run, places.numpy()) == number):
            return OneRow(number, int(place), is_test)
    return None


def _numbers_of(run: Run, places: IntArray) -> IntArray:
    table = run.settings.data
    return table.row_numbers[places] if isinstance(table, Table) else places + 1


def _places(run: Run, *, test: bool) -> IntArray:
    """Return the places of the rows among all rows of the data."""
    data = data_of(run.settings)
    places: IntArray = (data.test_places if test else data.places).numpy()
    return places


def _outputs(run: Run, *, test: bool) -> tuple[FloatArray, FloatArray]:
    """Return predictions and targets; ValueError without test rows."""
    if not test:
        return run.predictions, run.targets
    if not run.has_test:
        raise ValueError("There are no test rows: set test_share.")
    return run.test_predictions, run.test_targets


def _in_units(run: Run, *, test: bool) -> tuple[Numbers, Numbers]:
    """Return answers and targets in the unit of the data; the targets are as in the file."""
    y_pred, y = _outputs(run, test=test)
    answers_in_units = predictor_of(run).in_units(y_pred).ravel()
    if isinstance(run.settings.data, Table):
        _, of_file = run.settings.data_set.draw()
        return answers_in_units, of_file.numpy().ravel()[_places(run, test=test)]
    return answers_in_units, y.ravel().astype(np.float64)


def _of_target(run: Run, y_pred: FloatArray, target: IntArray) -> npt.NDArray[Any]:
    """Return the probability of each row's target."""
    shares = probabilities(run.settings, y_pred)
    if shares.shape[1] == 1:
        return np.where(target == 1, shares.ravel(), 1 - shares.ravel())
    return np.take_along_axis(shares, target[:, None], axis=1).ravel()


def _sorted(table: pd.DataFrame, column: str, *, ascending: bool) -> pd.DataFrame:
    return table.sort_values(column, ascending=ascending, kind="stable", ignore_index=True)
