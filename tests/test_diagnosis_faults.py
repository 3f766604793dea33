"""Diagnoses: sentences that were false once, one example of each kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.claims import false_claims
from tests.diagnosed import SEEDS, told_of
from tinynet import Run, Settings, train
from tinynet.analysis.diagnosis import Kind, diagnose, is_good
from tinynet.registry.data_sets import DATA_SETS
from tinynet.registry.schedules import SCHEDULES
from tinynet.training.rates import learning_rates
from tinynet.user_data import Painting


@pytest.mark.slow
def test_a_test_loss_that_rose_a_little_makes_no_heart_of_a_rule() -> None:
    features = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")
    spiral = Settings((8, 8, 8), 0.3, 300, data="spiral", rows=500, noise=0, features=features)
    run = train(replace(spiral, test_share=0.5, batch_size=10, activation="tanh", seed=2))
    assert run.test_correct.mean() > 0.98

    assert diagnose(run).kind is Kind.LEARNED


def test_a_slow_fall_is_no_level() -> None:
    hills = Settings(data="hills")

    assert Kind.LEVELLED_OFF not in {each.kind for each in told_of(hills)}
    slow = diagnose(train(replace(hills, seed=1)))
    assert slow.kind is Kind.STILL_FALLING
    assert "still falling slowly at the end" in slow.sentence


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "can"),
    [
        (Settings((), 0.5, 1_000, data="circles", loss="bce"), "draw a straight line"),
        (Settings((), 0.5, 1_000, data="xor"), "draw a straight line"),
        (Settings((), 1.0, 500, data="arms", rows=50), "draw straight lines"),
        (Settings((), 0.1, 500, data="curve"), "draw a straight line"),
        (Settings((), 0.1, 500, data="hills"), "add up its weighted inputs"),
    ],
)
def test_at_the_minimum_of_a_straight_line_that_is_the_cause_on_every_seed(
    settings: Settings, can: str
) -> None:
    for seed in SEEDS[:3]:
        run = train(replace(settings, seed=seed))
        assert diagnose(run).cause == (
            f"Without a hidden layer it can only {can}, and the loss is at its minimum."
        )
        assert false_claims(run, diagnose(run)) == []


@pytest.mark.slow
def test_linear_layers_are_a_straight_line_too_and_before_the_minimum_it_is_not_said() -> None:
    linear = Settings((8, 8, 8), 0.1, 1_000, data="circles", activation="linear")
    causes = [each.cause for each in told_of(linear, range(10))]
    early = [each.cause for each in told_of(replace(linear, epochs=5, data="gauss"), range(10))]

    assert all(each.startswith("Its hidden layers are linear, so it can only") for each in causes)
    assert not any("straight" in each for each in early)


@pytest.mark.slow
def test_a_penalty_is_told_of_by_its_size_alone() -> None:
    none, small = (diagnose(train(Settings(l2=l2))) for l2 in (0.0, 0.0001))
    large = Settings((8,), 0.5, 400, data="moons", activation="tanh", l2=0.1)

    assert small.cause == none.cause
    for seed in SEEDS:
        run = train(replace(large, seed=seed))
        assert diagnose(run).cause.startswith("The weight penalty ")
        assert train(replace(run.settings, l2=0.0)).final_loss < run.final_loss


@pytest.mark.slow
def test_a_rate_that_ran_out_is_told_where_a_constant_one_gets_further() -> None:
    moons = Settings((16, 16), 1.0, 50, data="moons", schedule="exponential")
    ran_out = 0
    for seed in SEEDS:
        run = train(replace(moons, seed=seed))
        if diagnose(run).cause.startswith(
            "The learning rate ran out: in the last epoch it was 1.1 %"
        ):
            ran_out += 1
            constant = train(replace(run.settings, schedule="constant"))
            assert constant.final_loss < run.final_loss

    assert ran_out >= 20


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("epochs", [2, 3, 50, 71])
def test_what_is_left_of_a_rate_is_what_pytorchs_scheduler_leaves(
    schedule: str, epochs: int
) -> None:
    rates = learning_rates(Settings(epochs=epochs, schedule=schedule))

    assert SCHEDULES[schedule].left(epochs) == pytest.approx(rates[-1][0] / rates[0][0])


@pytest.mark.slow
def test_a_small_step_is_a_cause_where_a_longer_one_ends_lower() -> None:
    small = []
    for data in DATA_SETS:
        for seed in range(3):
            run = train(Settings(data=data, seed=seed))
            if diagnose(run).cause.startswith("The steps were small"):
                longer = replace(run.settings, learning_rate=0.03)
                small.append(train(longer).final_loss < run.final_loss)

    assert len(small) >= 24
    assert all(small)


def test_the_articles_run_hardly_moved_for_its_steps_are_small(article_run: Run) -> None:
    diagnosis = diagnose(article_run)

    assert diagnosis.kind is Kind.HARDLY_MOVED
    assert diagnosis.cause == (
        "The steps were small at a learning rate of 0.01: in 50 epochs the weights moved by 3.4 % "
        "of their size."
    )


# One prediction for all rows


def test_one_answer_for_every_row_is_told_with_the_correct_rows_by_class() -> None:
    rows = [(10 * each, 90, int(each == 19)) for each in range(20)]
    run = train(Settings((), 0.01, 50, data=Painting(tuple(rows)), initialisation="zeros"))
    assert not run.answers.any()

    diagnosis = diagnose(run)

    assert diagnosis.kind is Kind.CONSTANT_ANSWER
    assert diagnosis.sentence.startswith(
        "It answers class 0 for every row: the 19 rows of class 0 are correct, "
        "the 1 of class 1 is not. The loss "
    )
    assert not is_good(run)  # although 19 of 20 are 95 %
    assert diagnosis.moral == ""


def test_of_several_classes_each_is_counted() -> None:
    settings = Settings((1,), 10.0, 60, data="blobs", rows=50)
    runs = [train(replace(settings, seed=seed)) for seed in range(20)]
    alike = [run for run in runs if diagnose(run).kind is Kind.CONSTANT_ANSWER]

    assert alike
    for run in alike:
        counts = np.bincount(run.targets.ravel().astype(int))
        said = int(run.answers[0])
        others = [f"the {counts[each]} of class {each}" for each in range(3) if each != said]
        assert diagnose(run).sentence.startswith(
            f"It answers class {said} for every row: the {counts[said]} rows of class {said} are "
            f"correct, {' and '.join(others)} are not. "
        )


def test_a_number_that_hardly_depends_on_the_row_is_one_answer_too() -> None:
    run = train(Settings((4,), 0.1, 100, data="curve", initialisation="zeros"))
    assert np.ptp(run.predictions) < 1e-6

    diagnosis = diagnose(run)

    assert diagnosis.kind is Kind.CONSTANT_ANSWER
    assert diagnosis.sentence.startswith(f"It answers {run.predictions[0, 0]:.4f} for every row, ")
