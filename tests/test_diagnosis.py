"""Diagnosis: the first story that fits, true to the run, and a hint that helps or a reason."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from tests.benchmarks.hints import Followed, draw, draw_any, follow, no_gradient
from tests.made_up import made_up_run
from tinynet import Run, Settings, train
from tinynet.diagnosis import Diagnosis, Kind, diagnose, loss_text
from tinynet.hints import gentler_rate, more_epochs
from tinynet.loop import Loop
from tinynet.own import Painting
from tinynet.settings import EPOCHS

NAN = float("nan")
PLATEAU = [0.24] * 3 + [0.16] * 60


def told(losses: list[float], right: int = 8, **knobs: Any) -> Diagnosis:
    """Return what is told of a run made by hand, with the settings of its length."""
    settings = replace(Settings(epochs=len(losses) - 1), **knobs)
    return diagnose(made_up_run(losses, right, settings))


@pytest.fixture(scope="module")
def followed() -> list[Followed]:
    """Hints followed: drawn from all settings, and from the large rates, where most can happen."""
    return [follow(settings) for settings in chain(draw(100, 100), draw(130, 50, least_rate=0.5))]


# The stories, and which comes first.


@pytest.mark.parametrize(
    ("losses", "right", "kind"),
    [
        ([0.24, 0.23, NAN, NAN], 0, Kind.BROKE),
        ([0.24, 0.15, 0.09], 10, Kind.LEARNED),
        ([0.24, 0.20, 0.30, 0.10], 10, Kind.LEARNED),
        ([0.24, 0.236, 0.235], 10, Kind.LEARNED),
        ([0.24, 0.2, 0.25], 10, Kind.ROSE),
        ([0.24, 0.2415], 6, Kind.ROSE),
        ([0.24, 0.2405], 6, Kind.HARDLY_MOVED),
        ([0.24, 0.20, 0.211, 0.10], 6, Kind.BOUNCED),
        ([0.24, 0.20, 0.209, 0.10], 6, Kind.STILL_FALLING),
        ([0.24, 0.0100, 0.0109, 0.0109], 9, Kind.SHORT),
        ([0.24, 0.0100, 0.0112, 0.0112], 9, Kind.BOUNCED),
        ([0.24, 0.0, 2.8e-45, 2.8e-45], 9, Kind.SHORT),
        ([0.24, 0.236, 0.233, 0.229], 6, Kind.HARDLY_MOVED),
        ([0.24, 0.236, 0.233, 0.227], 6, Kind.STILL_FALLING),
        ([0.24, 0.20, 0.17, 0.16], 8, Kind.STILL_FALLING),
        ([0.24, 0.235, 0.22, 0.2191], 8, Kind.SHORT),
        ([0.24, 0.235, 0.22, 0.2188], 8, Kind.STILL_FALLING),
        ([0.24, 0.20, 0.16, 0.1599], 8, Kind.SHORT),
        ([0.24, 0.20, 0.16, 0.1605], 8, Kind.SHORT),
        ([0.24, 0.20, 0.16, 0.165], 8, Kind.TURNED),
        ([0.24, 0.1, 0.0985], 9, Kind.STILL_FALLING),
        ([0.24, 0.1, 0.0992], 9, Kind.SHORT),
        (PLATEAU[:50], 8, Kind.SHORT),
        (PLATEAU[:51], 8, Kind.LEVELLED_OFF),
    ],
)
def test_the_first_story_that_fits_is_told(losses: list[float], right: int, kind: Kind) -> None:
    assert told(losses, right).kind is kind


def test_a_loss_that_bounced_and_came_to_rest_has_a_reason_and_no_promise() -> None:
    diagnosis = told([0.24, 0.0100, 0.0112, 0.0112], 9)

    assert diagnosis.hint == "Long steps, momentum or small batches carry it past the low points."
    assert diagnosis.next_settings is None


def test_the_last_tenth_decides_whether_it_is_still_falling() -> None:
    flat_at_last = [0.24 - 0.001 * epoch for epoch in range(90)] + [0.15] * 11

    assert told(flat_at_last).kind is Kind.LEVELLED_OFF
    assert told(flat_at_last[:91]).kind is Kind.STILL_FALLING


def test_a_straight_line_down_is_still_falling_however_slow() -> None:
    assert told([0.24 - 0.0003 * epoch for epoch in range(51)]).kind is Kind.STILL_FALLING


def test_the_articles_run_hardly_moved(article_run: Run) -> None:
    assert diagnose(article_run).kind is Kind.HARDLY_MOVED


@pytest.mark.parametrize("seed", range(6))
def test_through_six_layers_of_sigmoids_the_gradients_fade_and_through_fewer_more_arrives(
    seed: int,
) -> None:
    deep = Settings((8,) * 6, 1.0, 100, data="moons", activation="sigmoid", seed=seed)
    ways = []
    for hidden_units in ((8,) * 6, (8,) * 3):
        run = train(replace(deep, hidden_units=hidden_units))
        weights = run.checkpoints.parameters[0]  # of the first layer
        ways.append(np.abs(weights[-1] - weights[0]).max())
        if len(hidden_units) > 3:
            told = diagnose(run)

    assert told.kind is Kind.FADED
    assert told.next_settings is None
    told_way = f" %. So did the weights of the first layer, by {loss_text(ways[0])} at most"
    assert told_way in told.sentence
    assert ways[1] > ways[0]


def test_a_first_layer_that_steps_less_than_the_last_is_not_said_to_fade() -> None:
    run = train(Settings((8,) * 3, 0.0001, 20, data="moons", last_layer_rate=1_000))
    first, last = (np.ptp(run.checkpoints.parameters[layer], axis=0).max() for layer in (0, -2))

    assert first < 0.01 * last
    assert diagnose(run).kind is not Kind.FADED


@pytest.mark.parametrize(
    ("epochs", "words"),
    [
        (5, "Try 20 epochs."),
        (6, "Try 50 epochs."),
        (9_000, "Try 10,000 epochs."),
        (10_000, "No more epochs can be set here."),
    ],
)
def test_more_epochs_are_the_first_stop_from_four_times_as_many(epochs: int, words: str) -> None:
    assert more_epochs(Settings(epochs=epochs)).words == words


def test_a_last_layer_that_steps_further_than_the_others_is_named_as_the_reason() -> None:
    assert "is 1.5 times that" in gentler_rate(Settings(last_layer_rate=1.5)).words
    assert gentler_rate(Settings(last_layer_rate=0.5)).words == "Try a learning rate of 0.0001."


def test_a_story_is_called_by_its_name_in_words() -> None:
    assert [kind.value for kind in Kind] == [kind.name.lower().replace("_", " ") for kind in Kind]


# The sentences.


@pytest.mark.parametrize(
    ("losses", "right", "sentence"),
    [
        (
            [0.24, 0.23, NAN, NAN],
            0,
            "At epoch 2 the loss stopped being a number, and the training ended there.",
        ),
        (
            [0.24, 0.15, 0.0912],
            10,
            "It learned the batch: all 10 rows are right, the loss is down from 0.2400 to 0.0912.",
        ),
        (
            [0.24, 0.1, 0.3, 0.2, 0.09],
            10,
            (
                "It learned the batch: all 10 rows are right, "
                "the loss is down from 0.2400 to 0.0900, though it bounced on the way, "
                "from 0.1000 up to 0.3000 at epoch 2."
            ),
        ),
        ([0.24, 0.2, 0.31], 7, "The loss rose, from 0.2400 to 0.3100."),
        (
            [0.24, 0.1, 0.12, 0.3, 0.09],
            7,
            (
                "The loss bounced, from 0.1000 up to 0.3000 at epoch 3; "
                "it ended at 0.0900, with 7 of 10 rows right."
            ),
        ),
        (
            [0.24, 0.236, 0.2304],
            6,
            "The loss hardly moved: from 0.2400 to 0.2304, a change of 4.0 %.",
        ),
        (
            [0.24, 0.23999],
            6,
            "The loss hardly moved: from 0.2400 to 0.2400, a change of less than 0.1 %.",
        ),
        (
            [0.24, 0.2, 0.17, 0.16],
            8,
            "The loss fell from 0.2400 to 0.1600 and was still falling when the epochs ran out.",
        ),
        (
            [0.24, 0.2, 0.16, 0.165],
            8,
            (
                "The loss fell to 0.1600 at epoch 2, "
                "and was rising when the epochs ran out, at 0.1650."
            ),
        ),
        (
            [0.24, 0.2, 0.16, 0.1599],
            8,
            "In 3 epochs the loss fell from 0.2400 to 0.1599, with 8 of 10 rows right.",
        ),
        (PLATEAU, 8, "The loss levelled off at 0.1600, with 8 of 10 rows right."),
    ],
)
def test_each_story_is_told_with_its_numbers(
    losses: list[float], right: int, sentence: str
) -> None:
    assert told(losses, right).sentence == sentence


def test_the_highest_bounce_is_told() -> None:
    sentence = told([0.24, 0.1, 0.2, 0.05, 0.12, 0.04]).sentence

    assert "from 0.1000 up to 0.2000 at epoch 2;" in sentence


def test_losses_are_told_with_the_digits_a_reader_can_use() -> None:
    told = {0.24008: "0.2401", 0.00123: "0.0012", 0.000123: "0.00012", 0.0: "0", NAN: "nan"}
    told |= {999_999.0: "999999.0000", 1_000_000.0: "1e+06"}
    told |= {4.6787904843808768e16: "4.7e+16", math.inf: "inf"}
    assert {loss: loss_text(loss) for loss in told} == told


@pytest.mark.parametrize("width", [1, 5])
def test_what_was_learned_was_learned_by_heart(width: int) -> None:
    hint = told([0.24, 0.15, 0.09], 10, hidden_units=width).hint

    assert hint.startswith("The inputs are pure noise, so it learned them by heart.")
    assert ("How few hidden units can do that?" in hint) == (width > 1)


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


def last_network(run: Run) -> nn.Sequential:
    """Return PyTorch's own network in the run's last state."""
    loop = Loop(run.settings)
    loop.restore(run.checkpoints, -1)
    return loop.network


# Of units that are off and a sigmoid that is flat, PyTorch is the judge.


def hidden_outputs(run: Run) -> list[torch.Tensor]:
    made, outputs = torch.from_numpy(run.inputs.copy()), []
    for module in last_network(run):
        made = module(made)
        if isinstance(module, nn.ReLU):
            outputs.append(made)
    return outputs


@pytest.fixture(scope="module")
def narrow_runs() -> list[Run]:
    """One or two units at large rates: some of them are off on every row at the end."""
    return [
        train(Settings(width, 5.0, 20, seed=seed, zero_gradients=bool(seed % 2)))
        for width in ((1,), (2,), (2, 2))
        for seed in range(50)
    ]


def test_units_are_told_off_where_pytorch_finds_them_off(narrow_runs: list[Run]) -> None:
    dead = [
        any(not outputs.any() for outputs in hidden_outputs(run)) and not np.ptp(run.predictions)
        for run in narrow_runs
    ]

    assert sum(dead) >= 4
    assert [diagnose(run).kind is Kind.DEAD for run in narrow_runs] == dead


def test_of_units_that_are_off_no_gradient_is_left(narrow_runs: list[Run]) -> None:
    for run in narrow_runs:
        diagnosis = diagnose(run)
        if diagnosis.kind is Kind.DEAD:
            one_layer = len(run.settings.hidden_units) == 1
            units = "hidden units" if one_layer else "units of a hidden layer"
            assert diagnosis.sentence == (
                f"All {units} are off for every row: each row gets the same answer, "
                f"{run.predictions[9, 0]:.4f}, and the gradient of their weights is 0."
            )
            assert len(set(run.predictions.ravel().tolist())) == 1
            assert no_gradient(run, of_first_layer_only=True)


def test_a_network_that_starts_with_all_units_off_is_told_at_once() -> None:
    def starts_off(seed: int) -> bool:
        torch_network, batch = (loop := Loop(Settings((1,), seed=seed))).network, loop.batch
        return not torch_network[:2](batch.inputs).any()

    seed = next(filter(starts_off, range(1_000)))
    diagnosis = diagnose(train(Settings((1,), epochs=1, seed=seed)))

    assert diagnosis.kind is Kind.DEAD
    assert diagnosis.next_settings == Settings((4,), epochs=1, seed=seed)


def test_a_flat_sigmoid_is_told_where_autograd_finds_no_gradient() -> None:
    runs = [train(Settings((3,), 10.0, 40, seed=seed, zero_gradients=False)) for seed in range(40)]
    told_flat = [run for run in runs if diagnose(run).kind is Kind.SATURATED]

    assert len(told_flat) >= 5
    for run in runs:
        wrong = not run.right.all()
        flat = wrong and no_gradient(run, of_first_layer_only=False)
        assert (run in told_flat) == flat
    for run in told_flat:
        answers = run.predictions.astype(float)
        assert np.allclose(answers, answers.round(), atol=1e-6)
        right = int(np.sum(answers.round() == run.targets))
        assert diagnose(run).sentence == (
            f"Every answer is 0 or 1, with {right} of 10 rows right: "
            "out there the sigmoid is flat, and every gradient is 0."
        )


# The hints.


@pytest.mark.parametrize(
    ("losses", "knobs", "hint", "turned"),
    [
        ([0.24, 0.1, 0.3, 0.2], {}, "Try 20 epochs.", {"epochs": 20}),
        ([0.24, 0.236], {}, "Try a learning rate of 1.", {"learning_rate": 1.0}),
        ([0.24, 0.236], {"learning_rate": 1.0}, "Try 5 epochs.", {"epochs": 5}),
        ([0.24, 0.236], {"learning_rate": 10.0}, "Try 5 epochs.", {"epochs": 5}),
        (
            [0.24 - 0.0003 * epoch for epoch in range(51)],
            {},
            "Try a learning rate of 0.5.",
            {"learning_rate": 0.5},
        ),
        (
            [0.24, 0.3],
            {"learning_rate": 10.0},
            "Try a learning rate of 5.",
            {"learning_rate": 5.0},
        ),
        ([0.24, 0.3], {"learning_rate": 5.0}, "Try a learning rate of 2.", {"learning_rate": 2.0}),
        (PLATEAU, {}, "Try 20 hidden units.", {"hidden_units": (20,)}),
        (
            PLATEAU,
            {"hidden_units": (3, 40)},
            "Try 12 and 64 hidden units.",
            {"hidden_units": (12, 64)},
        ),
        ([0.24, 0.2, 0.16, 0.165], {}, "Try 20 epochs.", {"epochs": 20}),
        ([0.24, 0.2, 0.16, 0.1599], {}, "Try 20 epochs.", {"epochs": 20}),
        (
            [0.24, 0.23, 0.3],
            {"zero_gradients": False},
            "Put optimizer.zero_grad() back and take a learning rate of 1.",
            {"zero_gradients": True, "learning_rate": 1.0},
        ),
    ],
)
def test_a_hint_says_what_its_settings_turn(
    losses: list[float], knobs: dict[str, Any], hint: str, turned: dict[str, Any]
) -> None:
    diagnosis = told(losses, **knobs)
    settings = replace(Settings(epochs=len(losses) - 1), **knobs)

    assert diagnosis.hint == hint
    assert diagnosis.next_settings == replace(settings, **turned)


@pytest.mark.parametrize(
    ("losses", "knobs", "reason"),
    [
        ([0.24, 0.3], {"learning_rate": 0.0001}, "No smaller learning rate can be set here."),
        (
            [0.24, 0.1, 0.3, 0.2],
            {"epochs": EPOCHS.maximum},
            "No more epochs can be set here.",
        ),
        (
            [0.24, 0.2, 0.1],
            {"epochs": EPOCHS.maximum},
            "No more epochs can be set here.",
        ),
        (
            [0.24, 0.3],
            {"last_layer_rate": 50.0},
            "The last layer's steps may be too long: its rate is 50 times that of the others.",
        ),
        (PLATEAU, {"hidden_units": 64}, "Where it levels off depends on the random start."),
    ],
)
def test_where_no_knob_goes_further_a_reason_stands_and_no_promise(
    losses: list[float], knobs: dict[str, Any], reason: str
) -> None:
    run = made_up_run(losses, 8)
    longer = replace(run.settings, learning_rate=1.0)
    object.__setattr__(run, "settings", replace(longer, **knobs))
    diagnosis = diagnose(run)

    assert (diagnosis.hint, diagnosis.next_settings) == (reason, None)


@pytest.mark.parametrize(
    ("losses", "rate"),
    [
        ([0.24, 0.1, 0.3, 0.2], 0.01),
        ([0.26, 0.25, 0.29, 0.255], 0.01),  # a bounce that ends above a constant guess
        ([0.2, 0.22], 0.01),  # a rise that ends below one
        (PLATEAU, 0.01),
        ([0.24, 0.2, 0.16, 0.165], 0.01),
        ([0.24, 0.2, 0.16, 0.1599], 0.01),
        ([0.24, 0.2, 0.15], 1.0),
        ([0.24, 0.235], 1.0),
    ],
)
def test_without_zero_grad_a_reason_stands_where_no_hint_would_hold(
    losses: list[float], rate: float
) -> None:
    diagnosis = told(losses, zero_gradients=False, learning_rate=rate)

    assert diagnosis.next_settings is None
    assert diagnosis.hint == (
        "Without zero_grad() the gradients of all epochs pile up, like momentum without a brake."
    )


@pytest.mark.parametrize(
    ("losses", "right"), [([0.24, 0.2, 0.15], 8), ([0.24, 0.235], 6), ([0.24, 0.1], 10)]
)
def test_at_gentle_rates_forgetting_zero_grad_changes_no_hint(
    losses: list[float], right: int
) -> None:
    forgotten = told(losses, right, zero_gradients=False, learning_rate=0.5)
    kept = told(losses, right, learning_rate=0.5)

    assert forgotten.hint == kept.hint


def test_of_other_networks_it_is_said_that_forgotten_gradients_pile_up() -> None:
    diagnosis = told(PLATEAU, zero_gradients=False, optimizer="adam")

    assert diagnosis.hint == "Without zero_grad() the gradients of all updates so far pile up."
    assert diagnosis.next_settings is None


def test_who_follows_a_hint_ends_lower_nine_times_in_ten(followed: list[Followed]) -> None:
    lower = defaultdict(list)
    for each in followed:
        if each.next_run:
            lower[each.name].append(each.lower)

    assert len(lower) >= 8
    for name, them in lower.items():
        assert sum(them) >= min(0.9 * len(them), len(them) - 1), f"{name}: {them}"


def test_nobody_is_sent_where_he_is(followed: list[Followed]) -> None:
    assert all(each.diagnosis.next_settings != each.run.settings for each in followed)


def test_what_is_told_to_be_still_falling_falls_on(followed: list[Followed]) -> None:
    falling = [
        each.run
        for each in followed
        if each.diagnosis.kind is Kind.STILL_FALLING and each.run.settings.epochs >= 10
    ]
    longer = [replace(run.settings, epochs=round(1.1 * run.settings.epochs)) for run in falling]
    lower = [
        train(one).final_loss < run.final_loss for one, run in zip(longer, falling, strict=True)
    ]

    assert len(lower) >= 10
    assert np.mean(lower) >= 0.9


def test_a_hint_for_a_broken_run_leads_to_a_loss() -> None:
    settings = Settings((8, 3), 10.0, epochs=50)
    object.__setattr__(settings, "learning_rate", 1e15)  # far beyond the sliders: breaks at once
    broken = train(settings)
    better = diagnose(broken).next_settings

    assert broken.broke
    assert better == replace(settings, learning_rate=10.0)
    assert np.isfinite(train(better).final_loss)


@pytest.mark.parametrize("data", ["plane", "hills", "curve"])
@pytest.mark.parametrize("test_share", [0.1, 0.9])
def test_of_a_single_row_no_more_is_said_than_it_shows(data: str, test_share: float) -> None:
    settings = Settings((16,), 0.1, 500, data=data, rows=10, noise=0, test_share=test_share)
    for seed in range(5):
        diagnosis = diagnose(train(replace(settings, seed=seed)))

        assert diagnosis.kind is not Kind.OVERFITTED
        assert "R² of None" not in diagnosis.sentence


def test_a_loss_that_is_no_number_after_the_last_update_is_told() -> None:
    run = train(Settings(learning_rate=10, epochs=4, data="plane"))
    assert np.isfinite(run.losses).all()
    assert not np.isfinite(run.final_loss)

    diagnosis = diagnose(run)

    assert diagnosis.kind is Kind.BROKE
    assert diagnosis.sentence == "After the last update the loss is no number any more."


@pytest.mark.parametrize("width", [2, 4])
def test_units_that_began_alike_are_told(width: int) -> None:
    alike = train(Settings((width,), 0.1, data="moons", activation="tanh", initialisation="zeros"))

    assert diagnose(alike).kind is Kind.ALIKE
    assert diagnose(alike).next_settings == replace(alike.settings, initialisation="default")


def test_units_that_became_alike_are_not_told() -> None:
    decayed = [
        train(Settings((4,), 1, 200, seed=seed, initialisation="kaiming", l2=1))
        for seed in range(10)
    ]

    assert Kind.ALIKE not in {diagnose(run).kind for run in decayed}


def test_a_test_loss_that_rises_while_the_training_loss_falls_is_told() -> None:
    settings = Settings((64,), 0.02, 1_000, data="moons", rows=50, noise=0.5, test_share=0.5)
    run = train(replace(settings, optimizer="adam", activation="tanh"))
    best = int(run.every_test_loss.argmin())

    diagnosis = diagnose(run)

    assert diagnosis.kind is Kind.OVERFITTED
    low, high, fell = run.every_test_loss[best], run.every_test_loss[-1], run.every_loss[-1]
    assert diagnosis.sentence == (
        f"Since epoch {best:,} the loss on the test rows rose, from {low:.4f} to {high:.4f}, "
        f"while the training loss fell to {loss_text(fell)}: it learned its own rows by heart."
    )
    before_the_last = replace(run, losses=np.append(run.losses[:-1], np.float32(9)))
    assert diagnose(before_the_last).sentence == diagnosis.sentence  # where it ended counts
    assert diagnosis.next_settings
    assert diagnosis.hint == f"Stop sooner: try {diagnosis.next_settings.epochs} epochs."
    followed = train(diagnosis.next_settings)
    assert run.final_test_loss
    assert followed.final_test_loss
    assert followed.final_test_loss < run.final_test_loss


def test_hints_of_any_network_do_what_they_say() -> None:
    followed = [follow(settings) for settings in draw_any(120, most_updates=1_000)]
    does = [each.does_what_it_says for each in followed if each.next_run]

    assert len(does) > 20
    assert np.mean(does) >= 0.9


# Rows that someone has painted may be few, or all alike.


def learned(*points: tuple[int, int, int], numbers: bool = False, test_share: float = 0) -> str:
    painting = Painting(points, numbers=numbers)
    run = train(Settings((8,), 0.05, 500, data=painting, test_share=test_share, optimizer="adam"))
    diagnosis = diagnose(run)
    assert diagnosis.kind is Kind.LEARNED
    return f"{diagnosis.sentence} {diagnosis.hint}"


def test_of_rows_with_one_target_it_says_that_there_is_nothing_to_tell_apart() -> None:
    for share in (0, 0.5):
        told = learned(*[(10 * each, 90, 0) for each in range(8)], test_share=share)
        assert told.endswith("All its rows have the same target: there is nothing to tell apart.")
    assert "its one row is right" in learned((90, 90, 1))


def test_few_rows_are_not_to_be_kept_for_a_test() -> None:
    few, many = ([(20 * each, 90, each // 5) for each in range(count)] for count in (9, 10))

    assert learned(*few).endswith("which one it learned, more rows would tell.")
    assert ". Keep some rows for a test" in learned(*many)


def test_of_test_rows_the_right_ones_are_counted() -> None:
    apart = [(10 * each + 140 * (each // 5), 90, each // 5) for each in range(10)]

    assert learned(*apart, test_share=0.3).endswith(". Of the test rows it gets 3 of 3 right.")


def test_of_a_regression_r_squared_on_the_test_rows_is_told() -> None:
    settings = Settings((8,), 0.05, 200, data="plane", noise=0, test_share=0.3, optimizer="adam")
    run = train(settings)
    rest = np.sum((run.test_targets - run.test_predictions) ** 2, dtype=float)
    r_squared = 1 - rest / np.sum((run.test_targets - run.test_targets.mean()) ** 2, dtype=float)

    assert diagnose(run).hint == f"On the test rows R² is {r_squared:.3f}."


def test_of_test_rows_with_one_target_no_r_squared_is_told() -> None:
    told = learned((90, 90, 28), (160, 90, 228), (90, 190, 98), numbers=True, test_share=0.3)

    assert told.endswith("of so few R² says nothing.")
