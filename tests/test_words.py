"""The page's general statements about runs, tested on thirty seeds."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from tinynet import Settings, to_script, train
from tinynet.registry.losses import LOSSES
from tinynet.registry.pytorch import evaluate
from tinynet.registry.schedules import SCHEDULES
from tinynet.settings import KNOBS
from tinynet.user_data import Painting

SEEDS = range(30)


def losses(rate: float, seed: int, *, zero_gradients: bool) -> list[float]:
    run = train(Settings(learning_rate=rate, seed=seed, zero_gradients=zero_gradients))
    return [*run.losses, run.final_loss]


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.01, 0.1, 0.5, 1.0])
def test_without_zero_grad_the_loss_mostly_falls_faster_on_this_batch(rate: float) -> None:
    lower = sum(
        losses(rate, seed, zero_gradients=False)[-1] < losses(rate, seed, zero_gradients=True)[-1]
        for seed in SEEDS
    )

    assert lower >= 27


def test_without_zero_grad_it_often_overshoots_at_the_largest_rate() -> None:
    def overshoots(seed: int) -> bool:
        seen = np.array(losses(10.0, seed, zero_gradients=False))
        return bool((seen > 1.05 * np.minimum.accumulate(seen) + 0.0001).any())

    assert sum(map(overshoots, SEEDS)) >= 12


# Statements about PyTorch


def meaning(name: str) -> str:
    return next(knob.meaning for knob in KNOBS if knob.name == name)


@pytest.mark.parametrize(("name", "share"), [("exponential", 0.01), ("cosine", 0.0)])
def test_a_schedule_has_fallen_only_after_the_last_epoch(name: str, share: float) -> None:
    optimizer = torch.optim.SGD(nn.Linear(1, 1).parameters(), lr=1)
    scheduler = evaluate(SCHEDULES[name].code(50), optimizer=optimizer)
    rates = []
    for _ in range(51):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()

    assert rates[50] == pytest.approx(share, abs=1e-12)
    assert rates[49] > rates[50]
    assert "after the last" in SCHEDULES[name].words


def test_the_seed_decides_the_test_rows_the_first_weights_and_the_batches_too() -> None:
    painting = Painting(tuple((x, x % 7, x % 2) for x in range(20)))
    one, other = (
        train(Settings(data=painting, test_share=0.5, batch_size=2, epochs=1, seed=seed))
        for seed in (0, 1)
    )

    assert sorted(np.vstack([one.inputs, one.test_inputs]).tolist()) == sorted(
        np.vstack([other.inputs, other.test_inputs]).tolist()
    )
    assert one.test_inputs.tolist() != other.test_inputs.tolist()
    for word in ("test rows", "first weights", "batches"):
        assert word in meaning("seed")


def test_the_penalties_pull_at_biases_too_and_not_by_the_same_with_adam() -> None:
    pulled = {}
    for name in ("sgd", "adam"):
        plain, penalised = (
            train(Settings(epochs=1, optimizer=name, l1=l1)).checkpoints.flat_parameters
            for l1 in (0.0, 0.5)
        )
        pulled[name] = np.abs(penalised[1] - plain[1])  # the change in the single step

    assert pulled["sgd"] == pytest.approx(0.01 * 0.5, rel=1e-3)
    assert np.ptp(pulled["adam"]) > 0.01  # some gradients change sign, others do not
    assert "biases" in meaning("l1")
    assert "weight and bias" in meaning("l2")


@pytest.mark.parametrize("y_pred", [0.3, 1e-9, 1e-13, 1e-30, 0.0, 1.0])
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_the_slope_of_cross_entropy_is_pytorchs_however_sure_a_prediction_is(
    y_pred: float, y: float
) -> None:
    leaf = torch.tensor([y_pred], requires_grad=True)
    nn.BCELoss()(leaf, torch.tensor([y])).backward()
    exact = float(leaf.detach())
    formula = LOSSES["bce"].derivative_at(exact).format(y_pred=exact, y=y).replace("×", "*")

    assert leaf.grad is not None
    assert eval(formula) == pytest.approx(leaf.grad.item(), rel=1e-5)  # noqa: S307 - our own text


def test_a_forgotten_zero_grad_is_told_of_batches_where_there_are_batches() -> None:
    whole, batches = (
        to_script(Settings(data="moons", batch_size=size, zero_gradients=False)) for size in (0, 20)
    )

    assert "the gradients of every epoch so far accumulate" in whole
    assert "the gradients of every batch so far accumulate" in batches


def test_without_a_decay_adamw_does_as_adam_does() -> None:
    adam, adamw = (
        train(Settings(optimizer=name, l2=0, batch_size=3)).losses for name in ("adam", "adamw")
    )

    assert adamw.tolist() == adam.tolist()
    assert "move every weight as Adam does, which" in to_script(Settings(optimizer="adamw", l2=0))
    assert "after shrinking the weight a little" in to_script(Settings(optimizer="adamw"))
