"""Losses in which all classes count alike: a function whose source the script contains."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
else:
    from tinynet.registry.pytorch import torch


def balanced(criterion):
    """Weigh the rows such that all classes count alike, however many rows each has."""

    def balanced_loss(y_pred, y):
        _, classes, rows = torch.unique(y, return_inverse=True, return_counts=True)
        weights = y.numel() / (len(rows) * rows.float()[classes])
        return (weights * criterion(y_pred, y)).mean()

    return balanced_loss
