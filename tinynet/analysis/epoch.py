"""Epoch: what the five lines made in one epoch, or in one of its batches; plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from tinynet.settings import Settings
from tinynet.training.run import FloatArray, IntArray

Tensors = tuple[FloatArray, ...]  # weight, bias, layer by layer


@dataclass(frozen=True, eq=False)
class Layer:
    """What one layer makes of the batch; its own weights are among the epoch's parameters."""

    sums: FloatArray  # (rows, units): inputs times weights, plus bias
    outputs: FloatArray  # (rows, units): after the activation, if one follows
    gradients: FloatArray  # (rows, units): of the loss, by each sum
    output_gradients: FloatArray  # (rows, units): of the loss, by each output


def batch_count(settings: Settings) -> int:
    """Return how many batches an epoch has; 1 where all rows come at once."""
    rows = settings.training_rows
    return -(-rows // (settings.batch_size or rows))


@dataclass(frozen=True, eq=False)
class Epoch:
    """One epoch of a run: its step leads from state `number` to the next.

    With batches, it is one of the epoch's steps.
    """

    number: int
    names: tuple[str, ...]  # of the parameters, as one writes them in PyTorch
    layers: tuple[Layer, ...]
    loss: float
    row_losses: FloatArray  # (rows,): the loss is their mean
    accumulated: (
        Tensors  # what stood in every .grad before zero_grad(); empty before the first step
    )
    gradients: Tensors  # every .grad after backward()
    before: Tensors  # every parameter before step()
    after: Tensors  # and after it
    batch: int = 0  # which of the epoch's batches
    batches: int = 1  # of so many
    # (rows,): which of the run's rows it sees
    rows: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    rates: tuple[float, ...] = ()  # of each parameter: the learning rate of this step
    clipped: Tensors = ()  # every .grad as step() finds it, where clipping is asked for
    memory: Mapping[str, Tensors] = field(default_factory=dict)  # the optimizer's, before step()
    steps: int = 1  # of the optimizer, this one included

    @property
    def y_pred(self) -> FloatArray:
        """(rows, outputs): the predictions."""
        return self.layers[-1].outputs
