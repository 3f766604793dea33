"""The losses: one number, the mean over the rows, that the training makes small.

Written out, a loss is two calls of PyTorch's own operations. `forward` returns the loss; `backward`
writes its gradient with respect to the predictions, and `one` is the gradient of the loss itself. A
loss without them is left to autograd. A multiclass loss is given the number of each row's class,
(rows,).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinynet.registry.pytorch import aten, torch
from tinynet.registry.tasks import TaskName

SURE = 1e-12  # the least that PyTorch divides the gradient of a cross-entropy by
MEAN = 1  # PyTorch's number for the mean over the rows
NO_CLASS = -100  # the number of a class that PyTorch leaves out, unless told otherwise
CUTS = 100  # by a third each: more than a number has digits
BOTH: tuple[TaskName, ...] = ("binary", "regression")


@dataclass(frozen=True)
class Loss:
    """`forward(y_pred, y)` and `backward(one, y_pred, y, gradient)`."""

    label: str
    words: str  # what the mean is taken of: "squared difference"
    of_a_row: str  # the same as the name of a column: "squared error"
    code: str  # the criterion, in PyTorch
    # (y_pred, y) -> what the mean is taken of, in NumPy; both as in `registry/tasks.py`
    of_rows: Callable[[Any, Any], Any]
    forward: Callable[[Any, Any], Any] | None = None
    backward: Callable[[Any, Any, Any, Any], object] | None = None
    derivative: str = ""  # of a row, by its {y_pred}; as one writes it with the row's {y}
    derivative_of_the_sure: str = (
        ""  # the same where a prediction is within SURE of 0 or 1, if another
    )
    tasks: tuple[TaskName, ...] = BOTH
    refuses_nan: bool = False  # with an error
    # y -> the prediction that, given for every row, loses least, in NumPy, and what that is of y;
    # of numbers it is searched for where an entry has none.
    constant: Callable[[Any], Any] | None = None
    the_constant: str = "the best constant"

    def derivative_at(self, y_pred: float) -> str:
        """Return the gradient as one writes it for a prediction."""
        is_sure = self.derivative_of_the_sure and y_pred * (1 - y_pred) < SURE
        return self.derivative_of_the_sure if is_sure else self.derivative

    def of_the_constant(self, y: Any) -> float:
        """Return the mean loss of the best constant answer."""
        constant = self.constant(y) if self.constant else _searched(self.of_rows, y)
        return float(self.of_rows(constant, y).mean())


def _entropy(y_pred: Any, y: Any) -> Any:
    with np.errstate(divide="ignore"):  # PyTorch's logarithms end at -100 too
        by_one, by_zero = (np.maximum(np.log(each), -100) for each in (y_pred, 1 - y_pred))
    return -(y * by_one + (1 - y) * by_zero)


def _entropy_of_classes(logits: Any, y: Any) -> Any:
    with np.errstate(invalid="ignore"):  # where a training breaks
        away = logits - logits.max(axis=-1, keepdims=True)
    logarithms = away - np.log(np.exp(away).sum(axis=-1, keepdims=True))
    is_its_own = np.arange(logits.shape[-1]) == y
    return -np.where(is_its_own, logarithms, 0).sum(axis=-1, keepdims=True)


def _mean(y: Any) -> Any:
    return y.mean()


def _searched(of_rows: Callable[[Any, Any], Any], y: Any) -> Any:
    """Return the number that loses least: a loss that falls and then rises is cut into thirds."""
    low, high = y.min(), y.max()
    for _ in range(CUTS):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        rises = of_rows(left, y).mean() < of_rows(right, y).mean()
        low, high = (low, right) if rises else (left, high)
    return (low + high) / 2


def _logarithms_of_shares(y: Any) -> Any:
    shares = np.bincount(y.astype(np.int64).ravel()) / y.size
    with np.errstate(divide="ignore"):  # of a class without a row
        return np.log(shares)


def _gradient_of_classes(one: Any, logits: Any, y: Any, gradient: Any) -> None:
    """Write softmax - 1 for a row's own class, softmax for the others; over the number of rows."""
    logarithms = torch.log_softmax(logits, 1)
    rows = logits.new_tensor(float(len(y)))
    aten.nll_loss_backward.grad_input(
        one, logarithms, y, None, MEAN, NO_CLASS, rows, grad_input=gradient
    )
    by_logits = aten._log_softmax_backward_data  # noqa: SLF001 - as autograd calls it
    by_logits.out(gradient, logarithms, 1, logits.dtype, out=gradient)


MSE = Loss(
    "MSE",
    "squared difference",
    "squared error",
    "torch.nn.MSELoss()",
    lambda y_pred, y: (y_pred - y) ** 2,
    lambda y_pred, y: aten.mse_loss(y_pred, y, MEAN),
    lambda one, y_pred, y, gradient: aten.mse_loss_backward.grad_input(
        one, y_pred, y, MEAN, grad_input=gradient
    ),
    "2 × ({y_pred} - {y})",
    constant=_mean,
    the_constant="the mean",
)
BCE = Loss(
    "Cross-entropy",
    "cross-entropy",
    "cross-entropy",
    "torch.nn.BCELoss()",
    _entropy,
    lambda y_pred, y: aten.binary_cross_entropy(y_pred, y, None, MEAN),
    lambda one, y_pred, y, gradient: aten.binary_cross_entropy_backward.grad_input(
        one, y_pred, y, None, MEAN, grad_input=gradient
    ),
    "({y_pred} - {y}) / ({y_pred} × (1 - {y_pred}))",
    "({y_pred} - {y}) / 1e-12",
    tasks=("binary",),
    refuses_nan=True,
    constant=_mean,
    the_constant="the mean",
)
L1 = Loss(
    "L1",
    "absolute difference",
    "absolute error",
    "torch.nn.L1Loss()",
    lambda y_pred, y: np.abs(y_pred - y),
    lambda y_pred, y: (y_pred - y).abs_().mean(),
    lambda one, y_pred, y, gradient: (
        torch.sub(y_pred, y, out=gradient).sgn_().mul_(one / y_pred.numel())
    ),
    "sign({y_pred} - {y})",
    constant=np.median,
    the_constant="the median",
)
HUBER = Loss(
    "Huber",
    "Huber difference",
    "Huber error",
    "torch.nn.HuberLoss()",
    lambda y_pred, y: np.where(
        np.abs(y_pred - y) < 1, (y_pred - y) ** 2 / 2, np.abs(y_pred - y) - 0.5
    ),
    lambda y_pred, y: aten.huber_loss(y_pred, y, MEAN, 1.0),
    lambda one, y_pred, y, gradient: aten.huber_loss_backward.out(
        one, y_pred, y, MEAN, 1.0, grad_input=gradient
    ),
    "clamp({y_pred} - {y}, -1, 1)",
)
CROSS_ENTROPY = Loss(
    "Cross-entropy (softmax)",
    "cross-entropy",
    "cross-entropy",
    "torch.nn.CrossEntropyLoss()",
    _entropy_of_classes,
    lambda y_pred, y: aten.cross_entropy_loss(y_pred, y, None, MEAN),
    _gradient_of_classes,
    "({y_pred} - {y})",  # a class's softmax, and 1 for the row's own class
    tasks=("multiclass",),
    constant=_logarithms_of_shares,
    the_constant="the share of each class",
)
LOSSES = {"mse": MSE, "bce": BCE, "l1": L1, "huber": HUBER, "cross_entropy": CROSS_ENTROPY}
