"""Run -> film: every kept state of the network, as PyTorch computes it, for the player to draw."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import torch

from tinynet.backpropagation import fastest_loop
from tinynet.fresh import as_in_a_fresh_process
from tinynet.run import FloatArray, IntArray, Run, frozen


@dataclass(frozen=True, eq=False)
class Film:
    """The states of a run at its checkpoints, one after another; arrays are read-only.

    At most 201 states of 2,189 numbers (64 hidden units), so at most 1.8 MB.
    """

    epochs: IntArray  # (states,): the number of each state
    losses: FloatArray  # (states,)
    parameters: FloatArray  # (states, parameters): weight, bias, layer by layer, row by row
    gradients: FloatArray  # (states, parameters): what backward() leaves there
    hidden: FloatArray  # (states, rows, hidden units): after ReLU; of all hidden layers
    predictions: FloatArray  # (states, rows)

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for field in fields(self):
            object.__setattr__(self, field.name, frozen(getattr(self, field.name)))

    def to_bytes(self) -> bytes:
        """Return all numbers but the epochs, float32, state by state, in the order above."""
        states = len(self.epochs)
        parts = (self.losses, self.parameters, self.gradients, self.hidden, self.predictions)
        return np.concatenate([part.reshape(states, -1) for part in parts], axis=1).tobytes()


def film(run: Run) -> Film:
    """Return the film of a run.

    It kept its losses, parameters and predictions; the rest is made again from each kept state.
    """
    kept = run.checkpoints
    states = len(kept.epochs)
    hidden, gradients = [], []
    with as_in_a_fresh_process():
        loop = fastest_loop(run.settings)
    with as_in_a_fresh_process(autograd=loop.autograd):
        for index in range(states):
            loop.restore(kept, index)
            forward = loop.forward()
            hidden.append(torch.cat(forward.hidden, dim=1).detach())
            loop.update(forward.loss)
            gradients.append(torch.cat([each.ravel() for each in loop.gradients]))
        parameters = [each.reshape(states, -1) for each in kept.parameters]
        return Film(
            epochs=kept.epochs,
            losses=run.every_loss[kept.epochs],
            parameters=np.concatenate(parameters, axis=1),
            gradients=torch.stack(gradients).cpu().numpy(),
            hidden=torch.stack(hidden).cpu().numpy(),
            predictions=kept.predictions.reshape(states, -1),
        )
