"""The weight initialisations: functions whose source the script contains.

They overwrite the weights that PyTorch has drawn.
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
    """`start(model, generator)` sets the weights; None keeps PyTorch's weights."""

    label: str
    words: str
    start: Callable[..., Any] | None = None


def xavier(model, generator=None):
    """Draw weights so that the sums vary about as much as the inputs; set biases to 0."""
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            nn.init.xavier_uniform_(layer.weight, generator=generator)
            nn.init.zeros_(layer.bias)


def kaiming(model, generator=None):
    """Draw larger weights, since ReLU passes only half of the sums; set biases to 0."""
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu", generator=generator)
            nn.init.zeros_(layer.bias)


def zeros(model, generator=None):
    """Set all weights to 0: the units of a layer then stay identical."""
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)


INITIALISATIONS = {
    "default": Initialisation("PyTorch's default", "small random numbers, as nn.Linear draws them"),
    "xavier": Initialisation("Xavier", "random numbers that suit tanh and sigmoid", xavier),
    "kaiming": Initialisation("Kaiming", "random numbers that suit ReLU", kaiming),
    "zeros": Initialisation("Zeros", "all zero, to see why that fails", zeros),
}
