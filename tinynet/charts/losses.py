"""Losses: what a loss chart shows of a training, in TinyNet's loop or in the user's own."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet.registry.losses import LOSSES
from tinynet.training.record import FloatArray
from tinynet.training.run import Run


@dataclass(frozen=True, eq=False)
class Losses:
    """The losses of all states, what they measure, and the baseline."""

    every: FloatArray  # (epochs + 1,)
    every_test: FloatArray  # the same for the test rows; empty without test rows
    last_epoch: int  # the end of the epoch axis; later than the last loss while a run trains
    measure: str  # "mean squared error"
    baseline: float = 0.0  # the loss of the best constant prediction; 0 if there is none
    baseline_name: str = ""

    @classmethod
    def of(cls, run: Run) -> Losses:
        """Return the losses of a run."""
        loss = LOSSES[run.settings.loss]
        return cls(
            run.every_loss,
            run.every_test_loss if run.has_test else run.test_losses[:0],
            len(run.losses) if run.finished else run.settings.epochs,
            f"mean {loss.row_label}",
            run.baseline_loss,
            loss.baseline_name,
        )

    @property
    def epochs(self) -> int:
        """The number of epochs so far."""
        return len(self.every) - 1

    @property
    def each(self) -> list[FloatArray]:
        """The training losses, then the test losses if there are any."""
        return [self.every, *([self.every_test] if len(self.every_test) else [])]
