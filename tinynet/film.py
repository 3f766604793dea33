"""Run -> film: every kept state of the network, as PyTorch computes it, for the player to draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from tinynet.loop import Loop, as_the_article_trains
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

    def to_bytes(self) -> bytes:
        """Return all numbers but the epochs, float32, state by state, in the order above."""
        states = len(self.epochs)
        parts = (self.losses, self.parameters, self.gradients, self.hidden, self.predictions)
        return np.concatenate([part.reshape(states, -1) for part in parts], axis=1).tobytes()


def film(run: Run) -> Film:
    """Return the film of a run of one hidden layer, or more."""
    kept = run.checkpoints
    with as_the_article_trains():
        loop = Loop(run.settings)
        frames = []
        for index in range(len(kept.epochs)):
            loop.restore(kept, index)
            frames.append(_frame(loop))
    losses, parameters, gradients, hidden, predictions = (
        frozen(torch.stack(each).cpu().numpy()) for each in zip(*frames, strict=True)
    )
    return Film(kept.epochs, losses, parameters, gradients, hidden, predictions)


def _frame(loop: Loop) -> tuple[torch.Tensor, ...]:
    """Return the loop's loss, parameters, gradients, hidden outputs and predictions."""
    parameters = list(loop.network.parameters())
    made, hidden = loop.batch.inputs, []
    for module in loop.network:
        made = module(made)
        if isinstance(module, nn.ReLU):
            hidden.append(made.detach())
    loss = loop.criterion(made, loop.batch.targets)
    loss.backward()
    return (
        loss.detach(),
        torch.cat([each.detach().flatten() for each in parameters]),
        torch.cat([each.grad.flatten() for each in parameters if each.grad is not None]),
        torch.cat(hidden, dim=1),
        made.detach().flatten(),
    )
