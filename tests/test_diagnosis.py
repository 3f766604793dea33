"""Diagnosis: what happened, and why; each statement is held to its run by `tests/claims.py`."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from tests.benchmarks.sentences import draw, words_of
from tests.claims import claims, false_claims
from tests.made_up import made_up_run
from tinynet import Run, Settings, train
from tinynet.analysis.diagnosis import Diagnosis, Kind, diagnose, is_good, loss_text
from tinynet.registry.data_sets import DATA_SETS
from tinynet.registry.schedules import SCHEDULES
from tinynet.training.loop import Loop
from tinynet.training.rates import learning_rates
from tinynet.user_data import Painting

NAN = float("nan")
PLATEAU = [0.24] * 3 + [0.16] * 60
SEEDS = range(30)
NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?:e[+-]\d+)?")
Told = tuple[Run, Diagnosis]


def told(losses: list[float], right: int = 8, **knobs: Any) -> Diagnosis:
    """Return what is told of a run made by hand, with the settings of its length."""
    settings = replace(Settings(epochs=len(losses) - 1), **knobs)
    return diagnose(made_up_run(losses, right, settings))


def told_of(settings: Settings, seeds: range = SEEDS) -> list[Diagnosis]:
    """Return what is told of these settings, seed by seed."""
    return [diagnose(train(replace(settings, seed=seed))) for seed in seeds]


@pytest.fixture(scope="module")
def drawn() -> list[Told]:
    """Runs from the whole space, and what is told of them."""
    runs = [train(settings) for settings in draw(150, most_updates=300)]
    return [(run, diagnose(run)) for run in runs]


# Every statement is so; `tests/benchmarks/sentences.py` reads thousands.


def test_no_statement_about_a_drawn_run_is_false(drawn: list[Told]) -> None:
    false = {str(run.settings): found for run, each in drawn if (found := false_claims(run, each))}

    assert false == {}
    assert len({each.kind for _, each in drawn}) >= 8


def test_whoever_reads_the_statements_would_see_other_numbers(drawn: list[Told]) -> None:
    seen = []
    for run, diagnosis in drawn[:50]:
        for number in NUMBER.finditer(diagnosis.sentence):
            value = number[0].replace(",", "")
            other = (
                f"{7 * float(value) + 5:.4f}" if "." in value else str(3 * int(float(value)) + 2)
            )
            start, end = number.span()
            sentence = diagnosis.sentence[:start] + other + diagnosis.sentence[end:]
            seen.append(reads_as_false(run, replace(diagnosis, sentence=sentence)))

    assert len(seen) > 150
    assert np.mean(seen) > 0.99


def reads_as_false(run: Run, diagnosis: Diagnosis) -> bool:
    try:
        return bool(false_claims(run, diagnosis))
    except (AssertionError, IndexError, KeyError, ValueError):  # there is no such state, or layer
        return True


def test_nothing_is_advised_and_nothing_is_left_to_chance(drawn: list[Told]) -> None:
    for _, diagnosis in drawn:
        words = words_of(diagnosis)
        assert not re.search(r"\b(Try|try|random|levels off depends)\b", words)


def test_a_good_run_needs_no_cause_and_one_that_is_not_has_no_moral(drawn: list[Told]) -> None:
    for run, diagnosis in drawn:
        if is_good(run):
            assert not diagnosis.cause
        elif diagnosis.kind is not Kind.LEARNED:  # whose test rows are not good
            assert not diagnosis.moral


# The stories, and which comes first.


@pytest.mark.parametrize(
    ("losses", "right", "kind"),
    [
        ([0.24, 0.23, NAN, NAN], 0, Kind.DIVERGED),
        ([0.24, 0.15, 0.09], 10, Kind.LEARNED),
        ([0.24, 0.20, 0.30, 0.10], 10, Kind.LEARNED),
        ([0.24, 0.236, 0.235], 10, Kind.LEARNED),
        ([0.24, 0.2, 0.25], 10, Kind.ROSE),
        ([0.24, 0.2415], 6, Kind.ROSE),
        ([0.24, 0.2405], 6, Kind.HARDLY_MOVED),
        ([24.0, 24.01], 6, Kind.HARDLY_MOVED),
        ([0.24, 0.20, 0.211, 0.10], 6, Kind.BOUNCED),
        ([0.24, 0.20, 0.209, 0.10], 6, Kind.STILL_FALLING),
        ([0.24, 0.0100, 0.0109, 0.0109], 9, Kind.FELL),
        ([0.24, 0.0100, 0.0112, 0.0112], 9, Kind.ENDED_HIGHER),
        ([0.24, 0.0, 2.8e-45, 2.8e-45], 9, Kind.FELL),
        ([0.24, 0.236, 0.233, 0.229], 6, Kind.HARDLY_MOVED),
        ([0.24, 0.236, 0.233, 0.227], 6, Kind.STILL_FALLING),
        ([0.24, 0.20, 0.17, 0.16], 8, Kind.STILL_FALLING),
        ([0.24, 0.20, 0.16, 0.1605], 8, Kind.FELL),
        ([0.24, 0.20, 0.16, 0.165], 8, Kind.ENDED_HIGHER),
        ([0.24, 0.1, 0.0985], 9, Kind.STILL_FALLING),
        (PLATEAU[:50], 8, Kind.FELL),
        (PLATEAU[:51], 8, Kind.LEVELLED_OFF),
    ],
)
def test_the_first_story_that_fits_is_told(losses: list[float], right: int, kind: Kind) -> None:
    assert told(losses, right).kind is kind


def test_a_straight_line_down_is_still_falling_however_slow() -> None:
    assert told([0.24 - 0.0003 * epoch for epoch in range(51)]).kind is Kind.STILL_FALLING


def test_a_loss_that_fell_until_a_while_ago_has_not_levelled_off_yet() -> None:
    flat_at_last = [0.24 - 0.001 * epoch for epoch in range(90)] + [0.15] * 11

    assert told(flat_at_last).kind is Kind.FELL
    assert told(flat_at_last[:91]).kind is Kind.STILL_FALLING


def test_a_story_is_called_by_its_name_in_words() -> None:
    assert [kind.value for kind in Kind] == [kind.name.lower().replace("_", " ") for kind in Kind]


@pytest.mark.parametrize(
    ("losses", "right", "sentence"),
    [
        (
            [0.24, 0.23, NAN, NAN],
            0,
            "In the last of 3 epochs the loss was not a finite number, and training stopped there.",
        ),
        ([0.24, 0.15, 0.0912], 10, "All 10 rows are correct; the loss fell from 0.2400 to 0.0912."),
        (
            [0.24, 0.1, 0.3, 0.2, 0.09],
            10,
            (
                "All 10 rows are correct; the loss fell from 0.2400 to 0.0900, though it bounced "
                "on the way, from 0.1000 up to 0.3000 after 2 epochs."
            ),
        ),
        ([0.24, 0.2, 0.31], 7, "The loss rose from 0.2400 to 0.3100; 7 of 10 rows are correct."),
        (
            [0.24, 0.1, 0.12, 0.3, 0.09],
            7,
            (
                "The loss bounced, from 0.1000 up to 0.3000 after 3 epochs, and ended at 0.0900; "
                "7 of 10 rows are correct."
            ),
        ),
        (
            [0.24, 0.236, 0.2304],
            6,
            (
                "The loss hardly moved: from 0.2400 to 0.2304, a change of 4.0 %; 6 of 10 rows are "
                "correct."
            ),
        ),
        (
            [0.24, 0.23999],
            6,
            (
                "The loss hardly moved: from 0.2400 to 0.2400, a change of less than 0.1 %; 6 of "
                "10 rows are correct."
            ),
        ),
        (
            [0.24, 0.2, 0.17, 0.16],
            8,
            (
                "The loss fell from 0.2400 to 0.1600 and was still falling at the end, by 0.0100 "
                "over the last epoch; 8 of 10 rows are correct."
            ),
        ),
        (
            [0.24, 0.2, 0.16, 0.165],
            8,
            (
                "The loss fell from 0.2400 to 0.1600 after 2 epochs, but ended higher, at "
                "0.1650; 8 of 10 rows are correct."
            ),
        ),
        (
            [0.24, 0.2, 0.16, 0.1599],
            8,
            "The loss fell from 0.2400 to 0.1599 in 3 epochs; 8 of 10 rows are correct.",
        ),
        (
            PLATEAU,
            8,
            (
                "The loss fell from 0.2400 to 0.1600, where it levelled off: over the last 31 "
                "epochs it changed by less than 0.1 %; 8 of 10 rows are correct."
            ),
        ),
    ],
)
def test_each_story_is_told_with_its_numbers(
    losses: list[float], right: int, sentence: str
) -> None:
    assert told(losses, right).sentence == sentence


def test_the_highest_bounce_is_told() -> None:
    sentence = told([0.24, 0.1, 0.2, 0.05, 0.12, 0.04]).sentence

    assert "from 0.1000 up to 0.2000 after 2 epochs," in sentence


@pytest.mark.parametrize(
    "losses", [[0.24, 0.004, 0.0062, 0.0041, 0.00620004], [0.24, 0.1, 0.3, 0.1, 0.3]]
)
def test_a_loss_that_ends_as_high_as_it_ever_bounced_is_not_said_to_have_bounced_up_to_there(
    losses: list[float],
) -> None:
    diagnosis = told(losses)

    assert diagnosis.kind is not Kind.BOUNCED
    assert "bounced" not in diagnosis.sentence


def test_losses_are_told_with_the_digits_a_reader_can_use() -> None:
    told = {0.24008: "0.2401", 0.00123: "0.0012", 0.000123: "0.00012", 0.0: "0", NAN: "nan"}
    told |= {999_999.0: "999999.0000", 1_000_000.0: "1e+06"}
    told |= {4.6787904843808768e16: "4.7e+16", math.inf: "inf"}
    assert {loss: loss_text(loss) for loss in told} == told


# With batches, the losses are those of all rows in the states that were kept.


def test_with_batches_a_loss_is_told_from_where_the_first_weights_had_it() -> None:
    run = train(Settings((), 0.05, 5, data="plane", rows=1000, batch_size=1))
    first = np.mean((run.checkpoints.predictions[0] - run.targets) ** 2, dtype=float)

    diagnosis = diagnose(run)

    assert first > 20 * run.losses[0]  # the mean of an epoch in motion
    assert f"the loss of all rows fell from {first:.4f} to" in diagnosis.sentence


@pytest.mark.parametrize(("epochs", "seen"), [(40, ""), (500, ", measured every 4 epochs,")])
def test_with_batches_it_says_that_the_loss_is_of_all_rows_and_how_often_it_was_seen(
    epochs: int, seen: str
) -> None:
    run = train(Settings((3,), 0.01, epochs, data="xor", rows=20, batch_size=10))

    assert f"he loss of all rows{seen} " in diagnose(run).sentence
    assert false_claims(run, diagnose(run)) == []


# What was found wrong once, each as its kind.


def test_by_heart_is_said_of_good_training_rows_and_clearly_worse_test_rows_alone() -> None:
    told_by_heart = []
    for rows, share, noise in ((20, 0.5, 0.1), (50, 0.5, 0.5), (200, 0.3, 0.3)):
        settings = Settings((32,), 0.02, 400, data="moons", rows=rows, test_share=share)
        settings = replace(settings, noise=noise, optimizer="adam", activation="tanh")
        for seed in range(10):
            run = train(replace(settings, seed=seed))
            if diagnose(run).kind is Kind.OVERFITTED:
                told_by_heart.append(run)

    assert len(told_by_heart) >= 8
    for run in told_by_heart:
        right, rows = int(run.test_correct.sum()), len(run.test_correct)
        assert np.mean(run.correct) >= 0.95
        assert right / rows <= np.mean(run.correct) - 0.1
        assert f"but only {right} of {rows} test rows" in diagnose(run).sentence
        assert false_claims(run, diagnose(run)) == []


def test_of_rows_that_were_not_learned_it_is_not_said_that_they_were_learned_by_heart() -> None:
    settings = Settings((5,), 0.2, 50, data="xor", rows=20, test_share=0.5, seed=2)
    run = train(settings)
    assert run.correct.sum() < 8

    assert diagnose(run).kind is not Kind.OVERFITTED


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
    for seed in SEEDS[:10]:
        run = train(replace(settings, seed=seed))
        assert diagnose(run).cause == (
            f"Without a hidden layer it can only {can}, and the loss is at its minimum."
        )
        assert false_claims(run, diagnose(run)) == []


def test_linear_layers_are_a_straight_line_too_and_before_the_minimum_it_is_not_said() -> None:
    linear = Settings((8, 8, 8), 0.1, 1_000, data="circles", activation="linear")
    causes = [each.cause for each in told_of(linear, range(10))]
    early = [each.cause for each in told_of(replace(linear, epochs=5, data="gauss"), range(10))]

    assert all(each.startswith("Its hidden layers are linear, so it can only") for each in causes)
    assert not any("straight" in each for each in early)


def test_a_penalty_is_told_of_by_its_size_alone() -> None:
    none, small = (diagnose(train(Settings(l2=l2))) for l2 in (0.0, 0.0001))
    large = Settings((8,), 0.5, 400, data="moons", activation="tanh", l2=0.1)

    assert small.cause == none.cause
    for seed in SEEDS:
        run = train(replace(large, seed=seed))
        assert diagnose(run).cause.startswith("The weight penalty ")
        assert train(replace(run.settings, l2=0.0)).final_loss < run.final_loss


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
        "The steps were small: in 50 epochs the weights moved by 3.4 % of their size."
    )


# One answer for all.


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
    assert not is_good(run)  # though 19 of 20 are 95 %
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


# Causes, of which PyTorch is the judge.


def last_network(run: Run) -> nn.Sequential:
    """Return PyTorch's own network in the run's last state."""
    loop = Loop(run.settings)
    loop.restore(run.checkpoints, -1)
    return loop.network


def hidden_outputs(run: Run) -> list[torch.Tensor]:
    made, outputs = torch.from_numpy(run.inputs.copy()), []
    for module in last_network(run):
        made = module(made)
        if isinstance(module, nn.ReLU):
            outputs.append(made)
    return outputs


def test_units_are_told_dead_where_pytorch_finds_them_off() -> None:
    """One or two units at large rates: some of them are off on every row at the end."""
    dead = 0
    for width, seed in ((width, seed) for width in ((1,), (2,), (2, 2)) for seed in range(40)):
        run = train(Settings(width, 5.0, 20, seed=seed, zero_gradients=bool(seed % 2)))
        is_off = any(not outputs.any() for outputs in hidden_outputs(run))
        words = diagnose(run).cause
        assert ("no gradient from the loss" in words) == is_off
        dead += is_off

    assert dead >= 4


def test_a_network_that_starts_with_all_units_off_is_told_at_once() -> None:
    def starts_off(seed: int) -> bool:
        torch_network, batch = (loop := Loop(Settings((1,), seed=seed))).network, loop.batch
        return not torch_network[:2](batch.inputs).any()

    seed = next(filter(starts_off, range(1_000)))
    diagnosis = diagnose(train(Settings((1,), epochs=1, seed=seed)))

    assert diagnosis.kind is Kind.CONSTANT_ANSWER
    assert diagnosis.cause == (
        "The only unit of the hidden layer is dead: it outputs 0 for every row, so its weights get "
        "no gradient from the loss."
    )


def test_a_flat_sigmoid_is_told_where_autograd_finds_no_gradient() -> None:
    told_flat = 0
    for seed in range(40):
        run = train(Settings((3,), 10.0, 40, seed=seed, zero_gradients=False))
        sums = last_network(run)[:-1](torch.from_numpy(run.inputs.copy())).detach()
        y = torch.from_numpy(run.targets.copy())
        sums.requires_grad_()
        ((sums.sigmoid() - y) ** 2).sum().backward()
        wrong = torch.from_numpy(~run.correct)
        assert sums.grad is not None
        is_flat = bool(wrong.any()) and sums.grad[wrong].abs().max().item() < 1e-4
        words = diagnose(run).cause
        if is_flat and "dead" not in words:
            count = int(wrong.sum())
            rows = f"the {count} wrong rows" if count > 1 else "the one wrong row"
            assert f"The sigmoid is saturated: for {rows} it answers" in words
            told_flat += 1
        else:
            assert "saturated" not in words

    assert told_flat >= 5


@pytest.mark.parametrize("width", [2, 4])
def test_units_that_started_alike_are_told(width: int) -> None:
    alike = train(Settings((width,), 0.1, data="moons", activation="tanh", initialisation="zeros"))

    assert diagnose(alike).cause == (
        f"All {width} units of a hidden layer started identical and still have the same weights, "
        "so they do no more than one unit would."
    )


def test_units_that_became_alike_are_not_told() -> None:
    decayed = told_of(Settings((4,), 1, 200, initialisation="kaiming", l2=1), range(10))

    assert not any("alike" in each.cause for each in decayed)


@pytest.mark.parametrize("seed", range(6))
def test_through_six_layers_of_sigmoids_the_gradients_fade_and_through_fewer_more_arrives(
    seed: int,
) -> None:
    deep = Settings((8,) * 6, 1.0, 100, data="moons", activation="sigmoid", seed=seed)
    causes, sizes = [], []
    for hidden_units in ((8,) * 6, (8,) * 3):
        run = train(replace(deep, hidden_units=hidden_units))
        causes.append(diagnose(run).cause)
        sizes.append(np.abs(run.passes.gradients[0, :16]).max())

    assert causes[0].startswith("The gradients vanish on their way back through 7 layers: the")
    assert sizes[1] > sizes[0]


def test_a_first_layer_that_steps_less_than_the_last_is_not_said_to_vanish() -> None:
    run = train(Settings((8,) * 3, 0.0001, 20, data="moons", last_layer_rate=1_000))
    first, last = (np.ptp(run.checkpoints.parameters[layer], axis=0).max() for layer in (0, -2))

    assert first < 0.01 * last
    assert "vanish" not in diagnose(run).cause


def test_too_long_a_way_is_told_where_a_shorter_one_is_lower() -> None:
    runs = [train(Settings((8,), 10.0, 30, data="hills", clip=1.0, seed=seed)) for seed in SEEDS]
    those = [run for run in runs if diagnose(run).cause.startswith("The weights moved too far")]

    assert len(those) >= 5
    assert all(false_claims(run, diagnose(run)) == [] for run in those)


def test_what_piled_up_without_zero_grad_is_told_where_the_loss_went_up_and_down() -> None:
    settings = Settings((8, 8), 0.5, 100, data="moons", zero_gradients=False)
    causes = [each.cause for each in told_of(settings, range(10))]

    assert any(each.startswith("zero_grad() is missing, so gradients") for each in causes)
    kept = told_of(replace(settings, zero_gradients=True), range(10))
    assert not any("zero_grad" in each.cause for each in kept)


def test_a_broken_run_says_how_its_weights_grew() -> None:
    run = train(Settings((8, 8), 10.0, 100, data="hills"))
    largest = [np.abs(run.checkpoints.flat_parameters[state]).max() for state in (0, -1)]
    assert run.diverged

    assert diagnose(run).cause == (
        f"The steps were too large: the largest weight grew from {loss_text(largest[0])} to "
        f"{loss_text(largest[1])}."
    )


def test_a_loss_that_is_no_number_after_the_last_update_is_told() -> None:
    run = train(Settings(learning_rate=10, epochs=4, data="plane"))
    assert np.isfinite(run.losses).all()
    assert not np.isfinite(run.final_loss)

    diagnosis = diagnose(run)

    assert diagnosis.kind is Kind.DIVERGED
    assert diagnosis.sentence == "After the last of 4 epochs the loss is not a finite number."
    assert not is_good(run)


# What a good end means. Rows that someone has painted may be few, or all alike.


@pytest.mark.parametrize("width", [1, 5])
def test_what_was_learned_was_learned_by_heart(width: int) -> None:
    moral = told([0.24, 0.15, 0.09], 10, hidden_units=width).moral

    assert moral.startswith("The inputs are pure noise, so it learned them by heart.")
    assert ("How few hidden units can do that?" in moral) == (width > 1)


def test_what_was_learned_by_heart_is_no_help_on_fresh_rows() -> None:
    right = []
    for seed in range(16):
        run = train(Settings((16,), 1.0, 60, seed=seed))
        if diagnose(run).kind is Kind.LEARNED:
            fresh = torch.randn(200, 10, generator=torch.Generator().manual_seed(seed))
            answers = last_network(run)(fresh).detach().numpy() > 0.5
            right.append(np.mean(answers == np.resize(run.targets > 0.5, answers.shape)))

    assert len(right) >= 12
    assert 0.45 < np.mean(right) < 0.6  # always guessing 1 gets 0.6 of such rows right


def learned(*points: tuple[int, int, int], numbers: bool = False, test_share: float = 0) -> str:
    painting = Painting(points, numbers=numbers)
    run = train(Settings((8,), 0.05, 500, data=painting, test_share=test_share, optimizer="adam"))
    diagnosis = diagnose(run)
    assert diagnosis.kind is Kind.LEARNED
    return f"{diagnosis.sentence} {diagnosis.moral}"


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


@pytest.mark.parametrize("data", ["plane", "hills", "curve"])
@pytest.mark.parametrize("test_share", [0.1, 0.9])
def test_of_a_single_row_no_more_is_said_than_it_shows(data: str, test_share: float) -> None:
    settings = Settings((16,), 0.1, 500, data=data, rows=10, noise=0, test_share=test_share)
    for seed in range(5):
        diagnosis = diagnose(train(replace(settings, seed=seed)))

        assert diagnosis.kind is not Kind.OVERFITTED
        assert "None" not in words_of(diagnosis)


# Good enough.


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


def test_every_statement_is_one_that_is_read(drawn: list[Told]) -> None:
    checks = {check for _, each in drawn for check, _ in claims(each.sentence)}

    assert None not in checks
    assert len(checks) >= 12
