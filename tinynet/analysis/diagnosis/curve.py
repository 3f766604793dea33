"""The losses that stories rest on: of all training rows at once, state by state."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinynet.training.run import IntArray, Run


@dataclass(frozen=True, eq=False)
class Curve:
    """The losses of all training rows: in every state, or with batches in those of the film.

    With batches, what an epoch prints is a mean over weights in motion, which no state ever had.
    """

    subject: str  # which losses, in words that begin a sentence
    states: IntArray  # (states,): how many epochs had been trained
    losses: npt.NDArray[np.float64]  # (states,): finite

    @property
    def epochs(self) -> int:
        """How many epochs there were."""
        return int(self.states[-1])

    def place(self, share: float) -> int:
        """Return the place of the last state that is no later than this share of the epochs.

        An epoch before the last state, at the latest.
        """
        latest = min(round(share * self.epochs), self.epochs - 1)
        return int(np.searchsorted(self.states, latest, "right")) - 1

    def fall(self, start: float, end: float = 1) -> float:
        """Return how far the loss fell between two shares of the epochs."""
        last = len(self.losses) - 1 if end == 1 else self.place(end)
        return float(self.losses[self.place(start)] - self.losses[last])


def curve_of(run: Run) -> Curve:
    """Return the losses of a run whose last loss is a number."""
    if not run.settings.batch_size:
        losses = run.every_loss.astype(np.float64)
        return Curve("The loss", np.arange(len(losses)), losses)
    states = run.checkpoints.epochs[run.passes.checkpoints]
    apart = int(np.diff(states).max())
    seen = f", seen every {apart} epochs," if apart > 1 else ""
    is_number = np.isfinite(run.passes.losses)
    losses = run.passes.losses[is_number].astype(np.float64)
    return Curve(f"The loss of all rows{seen}", states[is_number], losses)
