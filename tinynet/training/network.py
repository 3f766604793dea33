"""Settings -> network: linear layers, each followed by its activation."""

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
    """Return the network; draw its weights from the generator, as the script does.

    If the weights have their own seed, the generator is seeded with it first.
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
    """Return the activation after each linear layer; None for no activation."""
    hidden = [ACTIVATIONS[settings.activation]] * len(settings.hidden_units)
    return [*hidden, settings.task.last]


def _linear(inputs: int, outputs: int, generator: torch.Generator) -> nn.Linear:
    """Return a nn.Linear with weights as reset_parameters draws them, but from the generator."""
    layer: nn.Linear = nn.utils.skip_init(  # type: ignore[no-untyped-call]
        nn.Linear, inputs, outputs, dtype=torch.float32
    )
    bound = 1 / math.sqrt(inputs)
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
    return layer
