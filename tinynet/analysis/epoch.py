"""Epoch: all values that the five lines compute in one epoch or batch; plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from tinynet.settings import Settings
from tinynet.training.record import FloatArray, IntArray

Tensors = tuple[FloatArray, ...]  # weight, bias, layer by layer


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """The values of one layer in the forward and backward pass."""

    sums: FloatArray  # (rows, units): weights times inputs, plus bias
    outputs: FloatArray  # (rows, units): after the activation, if there is one
    gradients: FloatArray  # (rows, units): of the loss with respect to each sum
    output_gradients: FloatArray  # (rows, units): with respect to each output


def batch_count(settings: Settings) -> int:
    """Return the number of batches in an epoch."""
    rows = settings.training_rows
    return -(-rows // (settings.batch_size or rows))


@dataclass(frozen=True, eq=False)
class Epoch:
    """One epoch of a run, or one of its batches; its step leads from state `number` to the next."""

    number: int
    names: tuple[str, ...]  # of the parameters, as in PyTorch: "model[0].weight"
    layers: tuple[LayerTrace, ...]
    loss: float
    row_losses: FloatArray  # (rows,): the loss is their mean
    accumulated: Tensors  # every .grad before zero_grad(); empty before the first step
    gradients: Tensors  # every .grad after backward()
    before: Tensors  # every parameter before step()
    after: Tensors  # every parameter after step()
    batch: int = 0  # the index of the batch
    batches: int = 1  # the number of batches in the epoch
    # (rows,): the indices of the batch's rows
    rows: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    rates: tuple[float, ...] = ()  # the learning rate of each parameter in this step
    clipped: Tensors = ()  # every .grad after clipping; empty without clipping
    memory: Mapping[str, Tensors] = field(default_factory=dict)  # optimizer state before step()
    steps: int = 1  # the optimizer's steps so far, this step included

    @property
    def y_pred(self) -> FloatArray:
        """(rows, outputs): the predictions."""
        return self.layers[-1].outputs
