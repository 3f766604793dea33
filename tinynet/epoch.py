"""Epoch: what the five lines of the loop made in one epoch; plain data."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet.run import FloatArray

Tensors = tuple[FloatArray, ...]  # weight, bias, layer by layer


@dataclass(frozen=True, eq=False)
class Layer:
    """What one layer makes of the batch; its own weights are among the epoch's parameters."""

    sums: FloatArray  # (rows, units): inputs times weights, plus bias
    outputs: FloatArray  # (rows, units): after ReLU or sigmoid
    gradients: FloatArray  # (rows, units): of the loss, by each sum


@dataclass(frozen=True, eq=False)
class Epoch:
    """One epoch of a run: its step leads from state `number` to the next."""

    number: int
    names: tuple[str, ...]  # of the parameters, as one writes them in PyTorch
    layers: tuple[Layer, ...]
    loss: float
    squared_errors: FloatArray  # (rows,): the loss is their mean
    standing: Tensors  # what stood in every .grad before zero_grad(); empty before the first epoch
    gradients: Tensors  # every .grad after backward()
    before: Tensors  # every parameter before step()
    after: Tensors  # and after it

    @property
    def y_pred(self) -> FloatArray:
        """(rows, 1): the predictions."""
        return self.layers[-1].outputs
