"""How a run ended, in numbers that can be held beside another's."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tinynet.analysis.diagnosis.scores import CORRECT, FEW, R_SQUARED
from tinynet.settings import Settings
from tinynet.training.run import FloatArray, Run
from tinynet.training.scores import answers, r_squared_of


@dataclass(frozen=True)
class End:
    """The end of one run: on its test rows, if there are enough, else on its training rows.

    A run of numbers has an R², one of classes a number of correct rows.
    """

    seed: int
    loss: float
    rows: int
    correct: int | None = None
    r_squared: float | None = None
    is_one_answer: bool = False  # every row gets the same class, though their classes differ

    @property
    def score(self) -> float:
        """The share of the rows that are correct, or R², from 0 to 1; -1 for a run that broke."""
        if not math.isfinite(self.loss):
            return -1.0
        if self.correct is not None:
            return self.correct / self.rows
        return max(0.0, self.r_squared or 0.0)

    @property
    def is_good(self) -> bool:
        """Whether that is good enough: 95 % of the rows, not all with one answer, or R² 0.9."""
        enough = R_SQUARED if self.correct is None else CORRECT
        return self.score >= enough and not self.is_one_answer

    @property
    def words(self) -> str:
        """What it comes to: "196 of 200 correct", "R² 0.97"."""
        if not math.isfinite(self.loss):
            return "no number any more"
        if self.correct is not None:
            return f"{self.correct:,} of {self.rows:,} correct"
        return "targets all alike" if self.r_squared is None else f"R² {self.r_squared:.2f}"

    @property
    def brief(self) -> str:
        """The same as short as can be: "196", "0.97"."""
        if not math.isfinite(self.loss):
            return "—"
        return f"{self.correct:,}" if self.correct is not None else f"{self.r_squared or 0:.2f}"

    def beats(self, other: End) -> bool:
        """Whether it is better: more is correct, or as much with a lower loss."""
        mine, others = (self.score, -self.loss), (other.score, -other.loss)
        return math.isfinite(self.loss) and (not math.isfinite(other.loss) or mine > others)


def end_of(run: Run) -> End:
    """Return how a finished run ended."""
    if test_rows_count(run.settings, run.test_targets):
        loss, predictions, targets = run.final_test_loss, run.test_predictions, run.test_targets
    else:
        loss, predictions, targets = run.final_loss, run.predictions, run.targets
    if loss is None or run.diverged or not math.isfinite(run.final_loss):
        loss = math.nan
    return end_from(run.settings, loss, predictions, targets)


def end_from(settings: Settings, loss: float, predictions: FloatArray, targets: FloatArray) -> End:
    """Return the end of a loss, of predictions (rows, outputs) and of targets (rows, 1)."""
    rows = len(targets)
    if not settings.task.has_classes:
        told = r_squared_of(predictions, targets) if math.isfinite(loss) else None
        return End(settings.seed, loss, rows, r_squared=None if told is None else float(told))
    said = answers(settings, predictions)
    return End(
        settings.seed,
        loss,
        rows,
        correct=int((said == targets.ravel()).sum()),
        is_one_answer=bool(np.ptp(targets)) and not np.ptp(said),
    )


def is_good(run: Run) -> bool:
    """Whether a run ended well: see `End.is_good`."""
    return end_of(run).is_good


def test_rows_count(settings: Settings, targets: FloatArray) -> bool:
    """Whether the test rows are the ones to judge by: at least 5, and not numbers all alike."""
    return len(targets) >= FEW and (settings.task.has_classes or bool(np.ptp(targets)))
