"""Run -> film: its kept states, as PyTorch computes them, for the player to draw."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import torch

from tinynet.backpropagation import fastest_loop
from tinynet.engine import Engine
from tinynet.fresh import as_in_a_fresh_process
from tinynet.run import FloatArray, IntArray, Run, frozen

MOST_ROWS = 10  # the first of the training rows
MOST_BYTES = 2_000_000


@dataclass(frozen=True, eq=False)
class Film:
    """The states of a run at its checkpoints, one after another; arrays are read-only.

    Of a large network only some of them, the first and the last included: about 2 MB at most.
    """

    epochs: IntArray  # (states,): the number of each state
    losses: FloatArray  # (states,): of all training rows
    parameters: FloatArray  # (states, parameters): weight, bias, layer by layer, row by row
    # (states, parameters): what backward() leaves there; with batches, what all rows would leave
    gradients: FloatArray
    hidden: FloatArray  # (states, rows, all hidden units): after the activation, layer by layer
    predictions: FloatArray  # (states, rows x outputs): row by row

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

    It kept its parameters and predictions; the rest is made again from each kept state.
    """
    kept = run.checkpoints
    chosen = _chosen(run)
    with as_in_a_fresh_process():
        loop = fastest_loop(run.settings)
    with as_in_a_fresh_process(autograd=loop.autograd):
        made = []
        for index in chosen:
            loop.restore(kept, index, to_train_on=False)
            made.append(_made(loop))
    parameters = [each[chosen].reshape(len(chosen), -1) for each in kept.parameters]
    losses, hidden, gradients = (np.stack(each) for each in zip(*made, strict=True))
    return Film(
        epochs=kept.epochs[chosen],
        losses=losses,
        parameters=np.concatenate(parameters, axis=1),
        gradients=gradients,
        hidden=hidden,
        predictions=kept.predictions[chosen, :MOST_ROWS].reshape(len(chosen), -1),
    )


def nearest_state(run: Run, state: int | None) -> int:
    """Return the number of the film's last state that is not after this one; None is the last."""
    return int(run.checkpoints.epochs[_nearest(run, state)])


def predictions_at(run: Run, state: int | None, *, test: bool = False) -> FloatArray:
    """Return what the network answers in that state, (rows, outputs)."""
    index = _nearest(run, state)
    y_pred: FloatArray = run.checkpoints.predictions[index]
    if not test:
        return y_pred
    with as_in_a_fresh_process():
        loop = fastest_loop(run.settings)
        loop.restore(run.checkpoints, index, to_train_on=False)
        with torch.no_grad():
            y_pred = frozen(loop.forward(loop.test).y_pred.cpu().numpy())
    return y_pred


def _nearest(run: Run, state: int | None) -> int:
    """Return the checkpoint that the film shows at a state."""
    kept, chosen = run.checkpoints, _chosen(run)
    if state is None:
        return chosen[-1]
    return chosen[int(np.searchsorted(kept.epochs[chosen], state, "right")) - 1]


def _chosen(run: Run) -> list[int]:
    """Return the checkpoints that the film shows: all, or as many as are within its bytes."""
    rows = min(MOST_ROWS, len(run.inputs))
    numbers = (
        1 + 2 * run.parameter_count + rows * (run.settings.outputs + sum(run.settings.hidden_units))
    )
    last = len(run.checkpoints.epochs) - 1
    stride = -(-last // (MOST_BYTES // (4 * numbers) - 1)) or 1
    return [*range(0, last, stride), last]


def _made(loop: Engine) -> list[FloatArray]:
    """Return the loss, what the hidden layers make of the first rows, and the gradients."""
    forward = loop.forward()
    rows = [loop.batch.inputs[:MOST_ROWS, :0], *(each[:MOST_ROWS] for each in forward.hidden)]
    hidden = torch.cat(rows, dim=1)
    loop.backward(forward.loss)
    gradients = torch.cat([each.ravel() for each in loop.gradients])
    return [each.detach().cpu().numpy() for each in (forward.loss, hidden, gradients)]
