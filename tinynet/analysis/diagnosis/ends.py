"""Ends: how a run ended, in numbers that can be compared with those of another run."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tinynet.analysis.diagnosis.scores import FEW, is_enough
from tinynet.settings import Settings
from tinynet.training.record import FloatArray
from tinynet.training.run import Run
from tinynet.training.scores import answers, r_squared_of


@dataclass(frozen=True)
class End:
    """The end of one run: on its test rows, if there are enough, else on its training rows.

    A classifier has a number of correct rows, a regression an R².
    """

    seed: int
    loss: float
    rows: int
    correct: int | None = None
    r_squared: float | None = None
    is_constant: bool = False  # all rows get the same class, though their classes differ

    @property
    def score(self) -> float:
        """The share of correct rows, or R², from 0 to 1; -1 for a run that diverged."""
        if not math.isfinite(self.loss):
            return -1.0
        if self.correct is not None:
            return self.correct / self.rows
        return max(0.0, self.r_squared or 0.0)

    @property
    def is_good(self) -> bool:
        """Whether this end is good enough; the end of a constant answer never is."""
        return is_enough(self.score, of_classes=self.correct is not None) and not self.is_constant

    @property
    def words(self) -> str:
        """The result: "196 of 200 correct", "R² 0.97"."""
        if not math.isfinite(self.loss):
            return "diverged"
        if self.correct is not None:
            return f"{self.correct:,} of {self.rows:,} correct"
        return "all targets equal" if self.r_squared is None else f"R² {self.r_squared:.2f}"

    @property
    def brief(self) -> str:
        """The result in short: "196", "0.97"."""
        if not math.isfinite(self.loss):
            return "—"
        return f"{self.correct:,}" if self.correct is not None else f"{self.r_squared or 0:.2f}"

    def beats(self, other: End) -> bool:
        """Tell whether this end is better: a higher score, or an equal score and a lower loss."""
        own, others = (self.score, -self.loss), (other.score, -other.loss)
        return math.isfinite(self.loss) and (not math.isfinite(other.loss) or own > others)


def end_of(run: Run) -> End:
    """Return how a finished run ended."""
    if judges_test_rows(run.settings, run.test_targets):
        loss, predictions, targets = run.final_test_loss, run.test_predictions, run.test_targets
    else:
        loss, predictions, targets = run.final_loss, run.predictions, run.targets
    if loss is None or run.diverged or not math.isfinite(run.final_loss):
        loss = math.nan
    return end_from(run.settings, loss, predictions, targets)


def end_from(settings: Settings, loss: float, predictions: FloatArray, targets: FloatArray) -> End:
    """Return the end with this loss, predictions (rows, outputs) and targets (rows, 1)."""
    rows = len(targets)
    if not settings.task.has_classes:
        found = r_squared_of(predictions, targets) if math.isfinite(loss) else None
        return End(settings.seed, loss, rows, r_squared=None if found is None else float(found))
    classes = answers(settings, predictions)
    return End(
        settings.seed,
        loss,
        rows,
        correct=int((classes == targets.ravel()).sum()),
        is_constant=bool(np.ptp(targets)) and not np.ptp(classes),
    )


def is_good(run: Run) -> bool:
    """Tell whether a run ended well: see `End.is_good`."""
    return end_of(run).is_good


def judges_test_rows(settings: Settings, targets: FloatArray) -> bool:
    """Tell whether a run is judged by its test rows: at least 5, and not all equal numbers."""
    return len(targets) >= FEW and (settings.task.has_classes or bool(np.ptp(targets)))
