"""Shared helpers for the tests of films."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import nn


def balanced(
    losses: Callable[..., torch.Tensor],
    y_pred: torch.Tensor,
    y: torch.Tensor,
    reduction: str = "mean",
) -> torch.Tensor:
    """Return PyTorch's loss with scikit-learn's weights: rows / (classes x rows of the class)."""
    counts = torch.bincount(y.ravel().long())
    weights = len(y) / ((counts > 0).sum() * counts[y.long()])
    of_rows = weights * losses(y_pred, y, reduction="none")
    return of_rows.sum() if reduction == "sum" else of_rows.mean()


CRITERIA: dict[str, Callable[..., torch.Tensor]] = {
    "mse": nn.MSELoss(),
    "bce": nn.BCELoss(),
    "balanced_bce": partial(balanced, nn.functional.binary_cross_entropy),
    "huber": nn.HuberLoss(),
    "l1": nn.L1Loss(),
    "cross_entropy": nn.CrossEntropyLoss(),
    "balanced_cross_entropy": partial(balanced, nn.functional.cross_entropy),
}
