"""Settings -> network: linear and ReLU for each hidden layer, then linear and sigmoid."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import nn

OUTPUTS = 1


def build_network(
    features: int, hidden_units: tuple[int, ...], generator: torch.Generator
) -> nn.Sequential:
    """Return the network, its first weights drawn from the generator as PyTorch draws them."""
    *hidden, output = pairwise((features, *hidden_units, OUTPUTS))
    layers: list[nn.Module] = []
    for inputs, outputs in hidden:
        layers += [_linear(inputs, outputs, generator), nn.ReLU()]
    return nn.Sequential(*layers, _linear(*output, generator), nn.Sigmoid())


def _linear(inputs: int, outputs: int, generator: torch.Generator) -> nn.Linear:
    """Return nn.Linear as its own reset_parameters leaves it, without the global random state."""
    layer: nn.Linear = nn.utils.skip_init(  # type: ignore[no-untyped-call]
        nn.Linear, inputs, outputs, dtype=torch.float32
    )
    bound = 1 / math.sqrt(inputs)
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
    return layer
