"""Shared helpers for the tests of films."""

from __future__ import annotations

from torch import nn

CRITERIA: dict[str, nn.Module] = {
    "mse": nn.MSELoss(),
    "bce": nn.BCELoss(),
    "huber": nn.HuberLoss(),
    "l1": nn.L1Loss(),
    "cross_entropy": nn.CrossEntropyLoss(),
}
