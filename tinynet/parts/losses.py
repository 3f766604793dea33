"""The losses: one number, the mean over the rows, that the training makes small.

Written out, a loss is two calls of PyTorch's own operations: `forward` returns the loss, `backward`
writes its slope by the predictions; `one` is the slope of the loss by itself. A loss without them
is left to autograd.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinynet.parts.data_sets import Task
from tinynet.parts.pytorch import aten, torch

MEAN = 1  # PyTorch's number for the mean over the rows
BOTH: tuple[Task, ...] = ("classes", "regression")


@dataclass(frozen=True)
class Loss:
    """`forward(y_pred, y)` and `backward(one, y_pred, y, slope)`."""

    label: str
    words: str  # what the mean is taken of: "squared difference"
    of_a_row: str  # the same as the name of a column: "squared error"
    code: str  # the criterion, in PyTorch
    of_rows: Callable[[Any, Any], Any]  # (y_pred, y) -> what the mean is taken of, in NumPy
    forward: Callable[[Any, Any], Any] | None = None
    backward: Callable[[Any, Any, Any, Any], object] | None = None
    slope: str = ""  # of a row, by its {y_pred}; as one writes it with the row's {y}
    tasks: tuple[Task, ...] = BOTH
    refuses_nan: bool = False  # with an error


def _entropy(y_pred: Any, y: Any) -> Any:
    with np.errstate(divide="ignore"):  # PyTorch's logarithms end at -100 too
        by_one, by_zero = (np.maximum(np.log(each), -100) for each in (y_pred, 1 - y_pred))
    return -(y * by_one + (1 - y) * by_zero)


MSE = Loss(
    "MSE",
    "squared difference",
    "squared error",
    "torch.nn.MSELoss()",
    lambda y_pred, y: (y_pred - y) ** 2,
    lambda y_pred, y: aten.mse_loss(y_pred, y, MEAN),
    lambda one, y_pred, y, slope: aten.mse_loss_backward.grad_input(
        one, y_pred, y, MEAN, grad_input=slope
    ),
    "2 × ({y_pred} - {y})",
)
BCE = Loss(
    "Cross-entropy",
    "cross-entropy",
    "cross-entropy",
    "torch.nn.BCELoss()",
    _entropy,
    lambda y_pred, y: aten.binary_cross_entropy(y_pred, y, None, MEAN),
    lambda one, y_pred, y, slope: aten.binary_cross_entropy_backward.grad_input(
        one, y_pred, y, None, MEAN, grad_input=slope
    ),
    "({y_pred} - {y}) / ({y_pred} × (1 - {y_pred}))",
    tasks=("classes",),
    refuses_nan=True,
)
L1 = Loss(
    "L1",
    "absolute difference",
    "absolute error",
    "torch.nn.L1Loss()",
    lambda y_pred, y: np.abs(y_pred - y),
    lambda y_pred, y: (y_pred - y).abs_().mean(),
    lambda one, y_pred, y, slope: torch.sub(y_pred, y, out=slope).sgn_().mul_(one / y_pred.numel()),
    "sign({y_pred} - {y})",
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
    lambda one, y_pred, y, slope: aten.huber_loss_backward.out(
        one, y_pred, y, MEAN, 1.0, grad_input=slope
    ),
    "clamp({y_pred} - {y}, -1, 1)",
)
LOSSES = {"mse": MSE, "bce": BCE, "l1": L1, "huber": HUBER}
