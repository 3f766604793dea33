"""How many rows are correct, or R², and whether that is good enough."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from tinynet.analysis.diagnosis.words import r_squared_text
from tinynet.training.run import Run

CORRECT, R_SQUARED = 0.95, 0.9  # from which on a run is good enough
FEW = 5  # rows; what fewer than these say is chance
# How much less is clearly less: of the share of correct rows, and more where chance does more
# (twice its standard error); of R².
LESS_CORRECT, LESS_R_SQUARED = 0.1, 0.2


@dataclass(frozen=True)
class Score:
    """The share of correct rows, or R²: how much it is, and in words."""

    value: float
    good: float  # from which on it is good
    less: float  # how much more clearly is more
    words: str  # "8 of 10 rows are correct"

    @property
    def is_good(self) -> bool:
        """Whether it is good enough."""
        return self.value >= self.good


def training_score(run: Run) -> Score | None:
    """Return the score of the training rows; None of numbers that are all alike."""
    if run.has_classes:
        return _of_classes(run.correct.sum(), len(run.correct), "training " if run.has_test else "")
    return _of_numbers(run.r_squared, "the training rows" if run.has_test else "its rows")


def test_score(run: Run) -> Score | None:
    """Return the score of the test rows; None of too few, or of numbers that are all alike."""
    if len(run.test_targets) < FEW:
        return None
    if run.has_classes:
        return _of_classes(run.test_correct.sum(), len(run.test_correct), "test ")
    return _of_numbers(run.test_r_squared, "the test rows")


def learned_by_heart(run: Run) -> bool:
    """Whether the training rows are good, and the test rows clearly are not."""
    training, test = training_score(run), test_score(run)
    if not training or not test or len(run.targets) < FEW:
        return False
    falls_short = training.value - test.value >= test.less
    return training.is_good and falls_short and not test.is_good


def _of_classes(correct: int, rows: int, which: str) -> Score:
    share = float(correct / rows)
    words = f"{correct:,} of {rows:,} {which}rows are correct"
    if rows == 1:
        words = f"the one {which}row is {'' if correct else 'not '}correct"
    elif correct == rows:
        words = f"all {rows:,} {which}rows are correct"
    chance = 2 * sqrt(share * (1 - share) / rows)
    return Score(share, CORRECT, max(LESS_CORRECT, chance), words)


def _of_numbers(r_squared: float | None, which: str) -> Score | None:
    if r_squared is None:
        return None
    words = f"R² is {r_squared_text(r_squared)} on {which}"
    return Score(r_squared, R_SQUARED, LESS_R_SQUARED, words)
