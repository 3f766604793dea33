"""Claims about the predictions of the network."""

from __future__ import annotations

import re

import numpy as np

from tests.claims.truth import ROWS, C, E, N, Truth, claim, count, says


@claim(rf"{C} of {C} {ROWS} correct")
def counted(truth: Truth, correct: str, rows: str, which: str) -> bool:
    return whose(truth, which) and truth.correct(which.strip()) == (count(correct), count(rows))


@claim(rf"[Aa]ll {C} {ROWS} correct")
def all_correct(truth: Truth, rows: str, which: str) -> bool:
    return whose(truth, which) and truth.correct(which.strip()) == (count(rows), count(rows))


@claim(rf"[Tt]he only {ROWS} (not )?correct")
def one_row(truth: Truth, which: str, wrong: str | None) -> bool:
    return whose(truth, which) and truth.correct(which.strip()) == (0 if wrong else 1, 1)


def whose(truth: Truth, which: str) -> bool:
    return truth.run.has_test == bool(which)


@claim(rf"R² is {N} on (its|the training|the test) rows")
def r_squared(truth: Truth, value: str, which: str) -> bool:
    is_told = whose(truth, which.removeprefix("its"))
    return is_told and says(value, truth.r_squared(which.removeprefix("the ")))


CLASS = r"class (\d+)"


@claim(
    rf"It answers {CLASS} for every (training )?row: the {C} rows? of {CLASS} (?:is|are) correct, "
    r"(.*?) (?:is|are) not\."
)
def one_class(truth: Truth, *told_of: str) -> bool:
    said, which, right, same, others = told_of
    targets = truth.run.targets.ravel().astype(int)
    answers = truth.answered(truth.run.predictions)
    counts = {int(each): int((targets == each).sum()) for each in targets}
    is_one = bool((answers == int(said)).all()) and said == same and whose(truth, which or "")
    wrong = {number: rows for number, rows in counts.items() if number != int(said)}
    one_by_one = {int(n): count(rows) for rows, n in re.findall(rf"the {C} of {CLASS}", others)}
    together = re.fullmatch(rf"the {C} of the {C} other classes", others)
    told = one_by_one == wrong
    if together:
        told = (count(together[1]), count(together[2])) == (sum(wrong.values()), len(wrong))
    return is_one and bool(wrong) and told and counts.get(int(said)) == count(right)


@claim(rf"It answers {CLASS} for every (training )?row, but no row has that class\.")
def no_class(truth: Truth, said: str, which: str) -> bool:
    answers = truth.answered(truth.run.predictions)
    is_one = bool((answers == int(said)).all()) and whose(truth, which or "")
    return is_one and int(said) not in truth.run.targets.ravel().tolist()


@claim(
    rf"It answers (?:{N} for every row|nearly the same number for every row, from {N} to {N}), "
    rf"while the targets range from {N} to {N}"
)
def one_number(truth: Truth, *told: str | None) -> bool:
    same, low, high, least, most = told
    made, targets = truth.run.predictions, truth.run.targets
    low, high = low or same, high or same
    ends = says(least or "", targets.min()) and says(most or "", targets.max())
    answers = says(low or "", made.min()) and says(high or "", made.max())
    return ends and answers and bool(np.ptp(made) <= 0.0101 * np.ptp(targets))


@claim(r"It learned its training rows by heart: ")
def by_heart(truth: Truth) -> bool:
    training, test = truth.score("training"), truth.score("test")
    gap, good = (0.2, 0.9) if truth.run.task == "regression" else (0.1, 0.95)
    is_enough = min(len(truth.run.targets), len(truth.run.test_targets)) >= 5
    return is_enough and training >= good > test and training - test >= gap - 1e-9


@claim(rf"but only (?:{C} of {C} test rows|{N} on the test rows)")
def only(truth: Truth, right: str | None, rows: str | None, value: str | None) -> bool:
    if value:
        return says(value, truth.r_squared("test"))
    return bool(right and rows) and truth.correct("test") == (count(right or ""), count(rows or ""))


@claim(
    rf"The loss on the test rows was lowest (?:after {E}|before the first epoch), at {N}; it ended "
    rf"at {N}"
)
def lowest_test(truth: Truth, when: str | None, low: str, end: str) -> bool:
    last = truth.measured(truth.run.test_predictions, truth.run.test_targets)
    losses = [*truth.run.test_losses.tolist(), last]
    state = count(when or "0")
    kept = truth.run.checkpoints
    if state in kept.epochs.tolist():
        made = truth.measured(kept.test_predictions[truth.index(state)], truth.run.test_targets)
        assert np.isclose(made, losses[state], rtol=1e-5)
    return losses[state] == min(losses) and says(low, min(losses)) and says(end, last)
