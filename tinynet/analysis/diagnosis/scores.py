"""Scores: the share of correct rows, or R², and whether that score is good enough."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from tinynet.analysis.diagnosis.words import r_squared_text
from tinynet.training.run import Run

CORRECT, R_SQUARED = 0.95, 0.9  # at or above these a run is good enough
FEW = 5  # rows; with fewer rows a score is mostly chance
# Clear differences: of the share of correct rows (at least twice its standard error), and of R².
CLEAR_OF_CORRECT, CLEAR_OF_R_SQUARED = 0.1, 0.2


@dataclass(frozen=True)
class Score:
    """The share of correct rows, or R²."""

    value: float
    is_good: bool
    clear_difference: float
    words: str  # "8 of 10 rows are correct"


def is_enough(score: float, *, of_classes: bool) -> bool:
    """Tell whether a share of correct rows, or an R², is good enough."""
    return score >= (CORRECT if of_classes else R_SQUARED)


def training_score(run: Run) -> Score | None:
    """Return the score of the training rows; None for numbers that are all equal."""
    if run.has_classes:
        return _of_classes(run.correct.sum(), len(run.correct), "training " if run.has_test else "")
    return _of_numbers(run.r_squared, "the training rows" if run.has_test else "its rows")


def test_score(run: Run) -> Score | None:
    """Return the score of the test rows; None for too few rows, or numbers that are all equal."""
    if len(run.test_targets) < FEW:
        return None
    if run.has_classes:
        return _of_classes(run.test_correct.sum(), len(run.test_correct), "test ")
    return _of_numbers(run.test_r_squared, "the test rows")


def learned_by_heart(run: Run) -> bool:
    """Tell whether the training rows score well and the test rows clearly do not."""
    training, test = training_score(run), test_score(run)
    if not training or not test or len(run.targets) < FEW:
        return False
    falls_short = training.value - test.value >= test.clear_difference
    return training.is_good and falls_short and not test.is_good


def _of_classes(correct: int, rows: int, which: str) -> Score:
    share = float(correct / rows)
    words = f"{correct:,} of {rows:,} {which}rows are correct"
    if rows == 1:
        words = f"the only {which}row is {'' if correct else 'not '}correct"
    elif correct == rows:
        words = f"all {rows:,} {which}rows are correct"
    chance = 2 * sqrt(share * (1 - share) / rows)
    is_good = is_enough(share, of_classes=True)
    return Score(share, is_good, max(CLEAR_OF_CORRECT, chance), words)


def _of_numbers(r_squared: float | None, which: str) -> Score | None:
    if r_squared is None:
        return None
    words = f"R² is {r_squared_text(r_squared)} on {which}"
    return Score(r_squared, is_enough(r_squared, of_classes=False), CLEAR_OF_R_SQUARED, words)
