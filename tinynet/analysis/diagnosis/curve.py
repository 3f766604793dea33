"""Curve: the loss of all training rows, state by state."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinynet.training.record import IntArray
from tinynet.training.run import Run


@dataclass(frozen=True, eq=False)
class Curve:
    """The loss of all training rows in every state; with batches, in the states of the film.

    With batches, an epoch prints a mean over changing weights, not the loss of a state.
    """

    subject: str  # begins a sentence: "The loss"
    states: IntArray  # (states,): the number of epochs trained
    losses: npt.NDArray[np.float64]  # (states,): finite

    @property
    def epochs(self) -> int:
        """The number of epochs."""
        return int(self.states[-1])

    def index_at(self, share: float) -> int:
        """Return the index of the last state within this share of the epochs.

        The state is at least one epoch before the last state.
        """
        latest = min(round(share * self.epochs), self.epochs - 1)
        return int(np.searchsorted(self.states, latest, "right")) - 1

    def fall(self, start: float, end: float = 1) -> float:
        """Return how far the loss fell between two shares of the epochs."""
        last = len(self.losses) - 1 if end == 1 else self.index_at(end)
        return float(self.losses[self.index_at(start)] - self.losses[last])


def curve_of(run: Run) -> Curve:
    """Return the curve of a run whose last loss is finite."""
    if not run.settings.batch_size:
        losses = run.every_loss.astype(np.float64)
        return Curve("The loss", np.arange(len(losses)), losses)
    states = run.checkpoints.epochs[run.passes.checkpoints]
    apart = int(np.diff(states).max())
    every = f", measured every {apart} epochs," if apart > 1 else ""
    is_finite = np.isfinite(run.passes.losses)
    losses = run.passes.losses[is_finite].astype(np.float64)
    return Curve(f"The loss of all rows{every}", states[is_finite], losses)
