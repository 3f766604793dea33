"""The definition and meaning of a good result."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pytest
import torch

from tests.benchmarks.sentences import draw, words_of
from tests.claims import claims
from tests.diagnosed import Told, last_network, learned
from tests.made_up import made_up_run
from tinynet import Settings, train
from tinynet.analysis.diagnosis import Kind, diagnose, is_good


@pytest.fixture(scope="module")
def drawn() -> list[Told]:
    """Runs from the whole space, with their diagnoses."""
    runs = [train(settings) for settings in draw(150, most_updates=300)]
    return [(run, diagnose(run)) for run in runs]


def test_what_was_learned_by_heart_is_no_help_on_fresh_rows() -> None:
    right = []
    for seed in range(16):
        run = train(Settings((16,), 1.0, 60, seed=seed))
        if diagnose(run).kind is Kind.LEARNED:
            fresh = torch.randn(200, 10, generator=torch.Generator().manual_seed(seed))
            answers = last_network(run)(fresh).detach().numpy() > 0.5
            right.append(np.mean(answers == np.resize(run.targets > 0.5, answers.shape)))

    assert len(right) >= 12
    assert 0.45 < np.mean(right) < 0.6  # a constant prediction of 1 is correct for a share of 0.6


def test_of_rows_with_one_target_it_says_that_there_is_nothing_to_tell_apart() -> None:
    for share in (0, 0.5):
        told = learned(*[(10 * each, 90, 0) for each in range(8)], test_share=share)
        assert told.endswith("All rows have the same target, so there is nothing to tell apart.")
    assert learned((90, 90, 1)).startswith("The only row is correct; ")


def test_few_rows_are_not_to_be_kept_for_a_test() -> None:
    few, many = ([(20 * each, 90, each // 5) for each in range(count)] for count in (9, 10))

    assert learned(*few).endswith("only more rows can tell which one it learned.")
    assert ". Hold out some test rows to see" in learned(*many)


def test_of_test_rows_the_right_ones_are_counted() -> None:
    apart = [(10 * each + 140 * (each // 5), 90, each // 5) for each in range(10)]

    assert learned(*apart, test_share=0.3).endswith(". It gets all 3 test rows right.")


def test_of_a_regression_r_squared_on_the_test_rows_is_told() -> None:
    settings = Settings((8,), 0.05, 200, data="plane", noise=0, test_share=0.3, optimizer="adam")
    run = train(settings)
    rest = np.sum((run.test_targets - run.test_predictions) ** 2, dtype=float)
    r_squared = 1 - rest / np.sum((run.test_targets - run.test_targets.mean()) ** 2, dtype=float)

    assert diagnose(run).moral == f"On the test rows R² is {r_squared:.3f}."


def test_of_test_rows_with_one_target_no_r_squared_is_told() -> None:
    told = learned((90, 90, 28), (160, 90, 228), (90, 190, 98), numbers=True, test_share=0.3)

    assert told.endswith("All test rows have the same target, so they have no R².")


@pytest.mark.slow
@pytest.mark.parametrize("data", ["plane", "hills", "curve"])
@pytest.mark.parametrize("test_share", [0.1, 0.9])
def test_of_a_single_row_no_more_is_said_than_it_shows(data: str, test_share: float) -> None:
    settings = Settings((16,), 0.1, 500, data=data, rows=10, noise=0, test_share=test_share)
    for seed in range(5):
        diagnosis = diagnose(train(replace(settings, seed=seed)))

        assert diagnosis.kind is not Kind.OVERFITTED
        assert "None" not in words_of(diagnosis)


# Good enough


@pytest.mark.parametrize(("right", "good"), [(10, True), (9, False)])
def test_good_is_from_95_of_100_rows_on(right: int, *, good: bool) -> None:
    assert is_good(made_up_run([0.24, 0.2], right)) == good


def test_where_there_are_five_test_rows_they_count_and_fewer_do_not() -> None:
    run = made_up_run([0.24, 0.2], 10)
    wrong, right = (run.test_targets, 1 - run.targets), (run.targets, run.targets)
    for rows in (4, 5):
        for (_, made), good in ((wrong, rows < 5), (right, True)):
            some: dict[str, Any] = {
                "test_targets": run.targets[:rows],
                "test_predictions": made[:rows],
                "final_test_loss": 0.1,
            }
            assert is_good(replace(run, **some)) == good


def test_a_regression_is_good_from_nine_tenths_of_the_variance_on() -> None:
    plane = Settings((8,), 0.05, 200, data="plane", optimizer="adam", noise=0.0)
    noisy = replace(plane, noise=0.5)

    for settings in chain((replace(plane, seed=seed) for seed in range(3)), (noisy,)):
        run = train(settings)
        told = 1 - np.var(run.targets - run.predictions, dtype=float) / np.var(
            run.targets, dtype=float
        )
        assert is_good(run) == (told >= 0.9)


@pytest.mark.slow
def test_every_statement_is_one_that_is_read(drawn: list[Told]) -> None:
    checks = {check for _, each in drawn for check, _ in claims(each.sentence)}

    assert None not in checks
    assert len(checks) >= 12
