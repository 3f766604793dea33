"""Predictions -> answers, probabilities, correct rows, R²."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from tinynet.settings import Settings

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]


def answers(settings: Settings, predictions: FloatArray) -> IntArray:
    """Return the predicted class of each row, (rows,); ValueError for a regression."""
    classes: IntArray = of_classes(settings.task.answers)(predictions)
    return classes.ravel()


def probabilities(settings: Settings, predictions: FloatArray) -> FloatArray:
    """Return the probability of class 1, or of each class; ValueError for a regression."""
    shares: FloatArray = of_classes(settings.task.probabilities)(predictions)
    return shares


def are_correct(
    settings: Settings, predictions: FloatArray, targets: FloatArray
) -> npt.NDArray[np.bool_]:
    """Return whether each answer is its target, (rows,); ValueError for a regression."""
    return np.equal(answers(settings, predictions), targets.ravel())


def of_classes(function: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    """Return a task's function of classes; ValueError for a regression, which has no classes."""
    if function is None:
        raise ValueError("A regression has no right and wrong; ask for r_squared.")
    return function


def r_squared_of(predictions: FloatArray, targets: FloatArray) -> npt.NDArray[np.float64] | None:
    """Return R² = 1 - squared error / variance; None if all targets are equal.

    The result has the extra leading dimensions of the predictions.
    """
    y = targets.astype(np.float64)
    spread = ((y - y.mean()) ** 2).sum()
    return 1 - ((predictions - y) ** 2).sum(axis=(-2, -1)) / spread if spread else None
