"""Claims about the meaning of a good result."""

from __future__ import annotations

import numpy as np

from tests.claims.truth import C, N, Truth, claim, count, says


@claim(rf"It gets (?:all {C}|{C} of {C}) test rows right")
def test_rows(truth: Truth, every: str | None, right: str | None, rows: str | None) -> bool:
    told = (every, every) if every else (right, rows)
    return truth.correct("test") == tuple(count(each or "") for each in told)


@claim(rf"On the test rows R² is {N}")
def test_r_squared(truth: Truth, value: str) -> bool:
    return says(value, truth.r_squared("test"))


@claim(r"All test rows have the same target, so they have no R²")
def one_test_target(truth: Truth) -> bool:
    return len(truth.run.test_targets) > 0 and not np.ptp(truth.run.test_targets)


@claim(r"All rows have the same target, so there is nothing to tell apart")
def one_target(truth: Truth) -> bool:
    return not np.ptp(truth.run.targets)


@claim(r"Hold out some test rows to see whether it generalises")
def no_test(truth: Truth) -> bool:
    return not len(truth.run.test_targets) and len(truth.run.targets) >= 10


@claim(r"Many rules fit so few rows; only more rows can tell which one it learned")
def few_rows(truth: Truth) -> bool:
    return not len(truth.run.test_targets) and len(truth.run.targets) < 10


@claim(r"The inputs are pure noise, so it learned them by heart")
def noise(truth: Truth) -> bool:
    return truth.settings.data == "dummy" and truth.score("training") >= 0.95


@claim(r"How few hidden units can do that\?")
def how_few(truth: Truth) -> bool:
    return max(truth.settings.hidden_units) > 1
