"""Settings -> network: linear and activation for each hidden layer, then linear, then the last."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import nn

from tinynet.registry.activations import ACTIVATIONS, Activation
from tinynet.registry.initialisations import INITIALISATIONS
from tinynet.registry.pytorch import evaluate
from tinynet.settings import Settings


def build_network(settings: Settings, generator: torch.Generator) -> nn.Sequential:
    """Return the network, its first weights drawn from the generator as the script draws them.

    Where the weights have a seed of their own, the generator starts anew from it.
    """
    if settings.weight_seed is not None:
        generator.manual_seed(settings.weight_seed)
    modules: list[nn.Module] = []
    sizes = pairwise((settings.inputs, *settings.hidden_units, settings.outputs))
    for (inputs, outputs), activation in zip(sizes, activations(settings), strict=True):
        modules.append(_linear(inputs, outputs, generator))
        if activation:
            modules.append(evaluate(activation.code))
    network = nn.Sequential(*modules)
    if start := INITIALISATIONS[settings.initialisation].start:
        start(network, generator=generator)
    return network


def activations(settings: Settings) -> list[Activation | None]:
    """Return what follows each linear layer; None is nothing."""
    hidden = [ACTIVATIONS[settings.activation]] * len(settings.hidden_units)
    return [*hidden, settings.task.last]


def _linear(inputs: int, outputs: int, generator: torch.Generator) -> nn.Linear:
    """Return nn.Linear as its own reset_parameters leaves it, without the global random state."""
    layer: nn.Linear = nn.utils.skip_init(  # type: ignore[no-untyped-call]
        nn.Linear, inputs, outputs, dtype=torch.float32
    )
    bound = 1 / math.sqrt(inputs)
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
    return layer
