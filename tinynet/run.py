"""Run: what a training leaves behind; frozen, its arrays read-only."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from tinynet.settings import Settings

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

HALF = 0.5  # a prediction above it says 1


def frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a copy of the array that no flag can make writable, for its memory is `bytes`."""
    return np.frombuffer(array.tobytes(), array.dtype).reshape(array.shape)


@dataclass(frozen=True, eq=False)
class Checkpoints:
    """States of the network on the way: every state of a short run, about 200 of a long one."""

    epochs: IntArray  # (checkpoints,): the state's number, from 0 to the last
    parameters: tuple[FloatArray, ...]  # (checkpoints, *shape) each: weight, bias, layer by layer
    gradients: tuple[FloatArray, ...]  # what had piled up in each .grad; none where it is cleared
    predictions: FloatArray  # (checkpoints, rows, 1)

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        object.__setattr__(self, "epochs", frozen(self.epochs))
        object.__setattr__(self, "parameters", tuple(map(frozen, self.parameters)))
        object.__setattr__(self, "gradients", tuple(map(frozen, self.gradients)))
        object.__setattr__(self, "predictions", frozen(self.predictions))

    @property
    def nbytes(self) -> int:
        """The size of the arrays in bytes."""
        tensors = (*self.parameters, *self.gradients, self.predictions)
        return self.epochs.nbytes + sum(each.nbytes for each in tensors)


@dataclass(frozen=True, eq=False)
class Run:
    """One training: state e is the network before update e, so n epochs have states 0 to n."""

    settings: Settings
    inputs: FloatArray  # (rows, features)
    targets: FloatArray  # (rows, 1)
    losses: FloatArray  # (epochs,): what the article prints at each epoch, before its update
    final_loss: float  # after the last update
    predictions: FloatArray  # (rows, 1): after the last update
    checkpoints: Checkpoints
    seconds: float  # spent training, waiting not counted
    device: str
    torch_version: str
    processor: str

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                object.__setattr__(self, field.name, frozen(value))

    @property
    def broke(self) -> bool:
        """Whether the training ended early, at the first loss that was no finite number."""
        return not math.isfinite(self.losses[-1])

    @property
    def finished(self) -> bool:
        """Whether it came to its end; a run that is still training is one of fewer epochs."""
        return self.broke or len(self.losses) == self.settings.epochs

    @property
    def parameter_count(self) -> int:
        """How many weights and biases the network has."""
        return sum(math.prod(each.shape[1:]) for each in self.checkpoints.parameters)

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """(rows,): whether each prediction, rounded at one half, is its target."""
        return np.equal(self.predictions > HALF, self.targets > HALF).ravel()

    @property
    def loss_of_the_mean(self) -> float:
        """The loss of always answering the targets' mean: what a network must beat."""
        return float(np.var(self.targets, dtype=np.float64))

    @property
    def right_by_always_one(self) -> int:
        """How many rows always answering 1 would get right."""
        return int((self.targets > HALF).sum())

    def printed(self, start: int, stop: int) -> list[str]:
        """Return the lines that the article's loop prints in these epochs, to the letter."""
        losses = enumerate(self.losses[start:stop].tolist(), start)
        return [f"epoch:  {epoch}  loss:  {loss}" for epoch, loss in losses]

    @property
    def every_loss(self) -> FloatArray:
        """(epochs + 1,): the loss of every state, 0 to the last: `losses`, then `final_loss`."""
        return np.append(self.losses, np.float32(self.final_loss))

    @property
    def nbytes(self) -> int:
        """The size of the arrays in bytes."""
        arrays = (self.inputs, self.targets, self.losses, self.predictions)
        return sum(each.nbytes for each in arrays) + self.checkpoints.nbytes
