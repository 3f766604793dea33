"""Why a run ended short of good, checked with PyTorch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from tests.claims import false_claims
from tests.diagnosed import SEEDS, last_network, told, told_of
from tinynet import Run, Settings, train
from tinynet.analysis.diagnosis import Kind, diagnose, is_good, loss_text
from tinynet.training.loop import Loop


def hidden_outputs(run: Run) -> list[torch.Tensor]:
    made, outputs = torch.from_numpy(run.inputs.copy()), []
    for module in last_network(run):
        made = module(made)
        if isinstance(module, nn.ReLU):
            outputs.append(made)
    return outputs


@pytest.mark.slow
def test_units_are_told_dead_where_pytorch_finds_them_off() -> None:
    """One or two units at high rates: some of them end at 0 for every row."""
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_too_long_a_way_is_told_where_a_shorter_one_is_lower() -> None:
    runs = [train(Settings((8,), 10.0, 30, data="hills", clip=1.0, seed=seed)) for seed in SEEDS]
    those = [run for run in runs if diagnose(run).cause.startswith("The weights moved too far")]

    assert len(those) >= 5
    assert all(false_claims(run, diagnose(run)) == [] for run in those)


@pytest.mark.slow
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


NOTHING_GREW = Settings(
    (), 5.0, 500, seed=51, data="plane", rows=100, noise=0.15, test_share=0.1, l1=0.01, l2=1.0,
    features=("x1", "x1^2", "x2^2", "sin(x1)", "sin(x2)"), loss="huber", optimizer="nesterov",
    schedule="exponential", initialisation="zeros", clip=0.5, keep="best",
)  # fmt: skip
NO_GRADIENT = Settings(
    (5, 64), 5.0, 20, seed=86, data="gauss", rows=20, noise=0.2, test_share=0.6, weight_seed=38,
    features=("sin(x2)",), activation="linear", optimizer="momentum", schedule="step", l2=0.003,
    keep="best",
)  # fmt: skip


@pytest.mark.parametrize("settings", [NOTHING_GREW, NO_GRADIENT])
def test_nothing_is_told_of_a_growth_from_0_to_0_or_of_a_share_of_0(settings: Settings) -> None:
    run = train(settings)
    said = diagnose(run)

    assert false_claims(run, said) == []
    assert not any(each in said.cause for each in ("inf", "nan", "from 0 to 0"))


def test_a_loss_that_is_no_number_after_the_last_update_is_told() -> None:
    run = train(Settings(learning_rate=10, epochs=4, data="plane"))
    assert np.isfinite(run.losses).all()
    assert not np.isfinite(run.final_loss)

    diagnosis = diagnose(run)

    assert diagnosis.kind is Kind.DIVERGED
    assert diagnosis.sentence == "After the last of 4 epochs the loss is not a finite number."
    assert not is_good(run)


# The meaning of a good result. Painted rows may be few, or all of one class.


@pytest.mark.parametrize("width", [1, 5])
def test_what_was_learned_was_learned_by_heart(width: int) -> None:
    moral = told([0.24, 0.15, 0.09], 10, hidden_units=width).moral

    assert moral.startswith("The inputs are pure noise, so it learned them by heart.")
    assert ("How few hidden units can do that?" in moral) == (width > 1)
