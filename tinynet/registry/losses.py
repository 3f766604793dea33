"""The losses: the mean error over the rows, which training minimises.

A written-out loss has a `backward`, which writes its gradient with respect to the predictions;
`one` is the gradient of the loss itself. Autograd differentiates the other losses. A multiclass
loss takes class indices, (rows,).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tinynet.registry.balance import balanced
from tinynet.registry.pytorch import evaluate, torch
from tinynet.registry.tasks import TaskName
from tinynet.registry.torch_seams import LOSS_BACKWARD

SATURATION = 1e-12  # PyTorch's smallest divisor in the gradient of a cross-entropy
STEPS = 100  # of a search; each step keeps two thirds, so 100 exhaust a float's precision


@dataclass(frozen=True)
class Loss:
    """A criterion, and `backward(one, y_pred, y, gradient)` where it is written out."""

    label: str
    words: str  # the error that is averaged: "squared difference"
    row_label: str  # a row's error as a column's name: "squared error"
    code: str  # the PyTorch criterion
    # (y_pred, y) -> the error of each row, in NumPy; shapes as in `registry/tasks.py`
    row_losses: Callable[[Any, Any], Any]
    backward: Callable[[Any, Any, Any, Any], object] | None = None
    derivative: str = ""  # of a row's error without weight, as a formula of {y_pred} and {y}
    # The formula for predictions within SATURATION of 0 or 1, where it differs.
    saturated_derivative: str = ""
    tasks: tuple[TaskName, ...] = ("binary", "regression")
    refuses_nan: bool = False  # whether PyTorch raises an error for NaN
    # y -> the best constant prediction, in NumPy, and its name; None searches for it.
    best_constant: Callable[[Any], Any] | None = None
    baseline_name: str = "the best constant"
    balances: Loss | None = None  # the loss whose rows it weighs, so that all classes count alike

    @property
    def plain(self) -> Loss:
        """The loss without weights for classes: itself, unless it balances another loss."""
        return self.balances or self

    @property
    def code_of_rows(self) -> str:
        """The PyTorch criterion that returns the error of each row, without its weight."""
        return self.plain.code.removesuffix(")") + 'reduction="none")'

    def criterion(self) -> Any:
        """Return the PyTorch criterion."""
        return evaluate(self.code, balanced=balanced)

    def weights_of(self, y: Any) -> Any:
        """Return the weight of each row's error, in NumPy: 1 if the loss does not weigh classes."""
        return _class_weights(y) if self.balances else np.ones(y.shape)

    def derivative_at(self, y_pred: float) -> str:
        """Return the formula of the derivative that holds at a prediction."""
        is_saturated = self.saturated_derivative and y_pred * (1 - y_pred) < SATURATION
        formula = self.saturated_derivative if is_saturated else self.derivative
        return f"{{weight}} × {formula}" if self.balances else formula

    def baseline_of(self, y: Any) -> float:
        """Return the mean loss of the best constant prediction."""
        return float(self.row_losses(self.constant_of(y), y).mean())

    def constant_of(self, y: Any) -> Any:
        """Return the best constant prediction: a number, or a logit for each class."""
        return self.best_constant(y) if self.best_constant else _searched(self.row_losses, y)


def _entropy(y_pred: Any, y: Any) -> Any:
    with np.errstate(divide="ignore"):  # PyTorch cuts logarithms at -100 too
        by_one, by_zero = (np.maximum(np.log(each), -100) for each in (y_pred, 1 - y_pred))
    return -(y * by_one + (1 - y) * by_zero)


def _entropy_of_classes(logits: Any, y: Any) -> Any:
    with np.errstate(invalid="ignore"):  # a diverged training has NaN
        shifted = logits - logits.max(axis=-1, keepdims=True)
    logarithms = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    is_the_class = np.arange(logits.shape[-1]) == y
    return -np.where(is_the_class, logarithms, 0).sum(axis=-1, keepdims=True)


def _class_weights(y: Any) -> Any:
    _, classes, rows = np.unique(y, return_inverse=True, return_counts=True)
    return (y.size / (len(rows) * rows[classes])).reshape(y.shape)


def _balanced(loss: Loss) -> Loss:
    """Return the mean of the classes' mean losses, of the classes that are present."""
    best_constant = loss.best_constant or _mean

    def row_losses(y_pred: Any, y: Any) -> Any:
        losses = loss.row_losses(y_pred, y)
        return losses * _class_weights(y).astype(losses.dtype)

    return replace(
        loss,
        label=f"{loss.label}, balanced",
        words=f"{loss.words}, in which a rare class counts as much as a frequent one",
        row_label=f"weighted {loss.row_label}",
        code=f"{balanced.__name__}({loss.code_of_rows})",
        row_losses=row_losses,
        backward=None,
        best_constant=lambda y: best_constant(np.unique(y)),  # one row of each class
        baseline_name="equal shares",
        balances=loss,
    )


def _mean(y: Any) -> Any:
    return y.mean()


def _searched(row_losses: Callable[[Any, Any], Any], y: Any) -> Any:
    """Return the best constant prediction, by ternary search."""
    low, high = y.min(), y.max()
    for _ in range(STEPS):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        rises = row_losses(left, y).mean() < row_losses(right, y).mean()
        low, high = (low, right) if rises else (left, high)
    return (low + high) / 2


def _logarithms_of_shares(y: Any) -> Any:
    shares = np.bincount(y.astype(np.int64).ravel()) / y.size
    with np.errstate(divide="ignore"):  # log 0, for classes without rows
        return np.log(shares)


MSE = Loss(
    "MSE",
    "squared difference",
    "squared error",
    "torch.nn.MSELoss()",
    lambda y_pred, y: (y_pred - y) ** 2,
    LOSS_BACKWARD["mse"],
    "2 × ({y_pred} - {y})",
    best_constant=_mean,
    baseline_name="the mean",
)
BCE = Loss(
    "Cross-entropy",
    "cross-entropy",
    "cross-entropy",
    "torch.nn.BCELoss()",
    _entropy,
    LOSS_BACKWARD["bce"],
    "({y_pred} - {y}) / ({y_pred} × (1 - {y_pred}))",
    "({y_pred} - {y}) / 1e-12",
    tasks=("binary",),
    refuses_nan=True,
    best_constant=_mean,
    baseline_name="the mean",
)
L1 = Loss(
    "L1",
    "absolute difference",
    "absolute error",
    "torch.nn.L1Loss()",
    lambda y_pred, y: np.abs(y_pred - y),
    lambda one, y_pred, y, gradient: (
        torch.sub(y_pred, y, out=gradient).sgn_().mul_(one / y_pred.numel())
    ),
    "sign({y_pred} - {y})",
    best_constant=np.median,
    baseline_name="the median",
)
HUBER = Loss(
    "Huber",
    "Huber difference",
    "Huber error",
    "torch.nn.HuberLoss()",
    lambda y_pred, y: np.where(
        np.abs(y_pred - y) < 1, (y_pred - y) ** 2 / 2, np.abs(y_pred - y) - 0.5
    ),
    LOSS_BACKWARD["huber"],
    "clamp({y_pred} - {y}, -1, 1)",
)
CROSS_ENTROPY = Loss(
    "Cross-entropy (softmax)",
    "cross-entropy",
    "cross-entropy",
    "torch.nn.CrossEntropyLoss()",
    _entropy_of_classes,
    LOSS_BACKWARD["cross_entropy"],
    "({y_pred} - {y})",  # softmax - 1 for the row's class, softmax for all other classes
    tasks=("multiclass",),
    best_constant=_logarithms_of_shares,
    baseline_name="the share of each class",
)
LOSSES = {
    "mse": MSE,
    "bce": BCE,
    "balanced_bce": _balanced(BCE),
    "l1": L1,
    "huber": HUBER,
    "cross_entropy": CROSS_ENTROPY,
    "balanced_cross_entropy": _balanced(CROSS_ENTROPY),
}
