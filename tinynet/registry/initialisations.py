"""The initialisations: the first weights, as functions that the script contains as they stand.

They come after PyTorch has drawn its own first weights, and write over them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn
else:
    from tinynet.registry.pytorch import nn


@dataclass(frozen=True)
class Initialisation:
    """`start(model, generator)` sets the first weights; None leaves them as PyTorch draws them."""

    label: str
    words: str
    start: Callable[..., Any] | None = None


def xavier(model, generator=None):
    """Draw weights so that sums vary about as much as what comes in; biases are 0."""
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            nn.init.xavier_uniform_(layer.weight, generator=generator)
            nn.init.zeros_(layer.bias)


def kaiming(model, generator=None):
    """Draw weights larger, for ReLU lets only half of the sums through; biases are 0."""
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu", generator=generator)
            nn.init.zeros_(layer.bias)


def zeros(model, generator=None):
    """Start with zeros everywhere: the units of a layer stay alike for ever."""
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)


INITIALISATIONS = {
    "default": Initialisation("PyTorch's own", "small random numbers, as nn.Linear draws them"),
    "xavier": Initialisation("Xavier", "random numbers that suit tanh and sigmoid", xavier),
    "kaiming": Initialisation("Kaiming", "random numbers that suit ReLU", kaiming),
    "zeros": Initialisation("Zeros", "all zero, to see why one does not", zeros),
}
