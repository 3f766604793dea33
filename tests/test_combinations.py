"""Combinations of all knobs: each equals the plain loop of its own script, bit for bit."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch

from tests.combinations import different, drawn
from tinynet import Settings, train
from tinynet.analysis.explain import explain
from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.data_sets import DATA_SETS
from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.training.engine import Engine
from tinynet.training.film import film
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.loop import Loop
from tinynet.training.train import Training

SOME = drawn(40, seed=5)  # tests/benchmarks/combinations.py covers the whole space
ALL_AT_ONCE: dict[str, Any] = {
    "hidden_units": (7, 1, 5),
    "data": "moons",
    "rows": 47,
    "test_share": 0.3,
    "features": ("x1", "x2", "x1^2", "sin(x2)"),
    "batch_size": 8,
    "l1": 0.001,
    "l2": 0.01,
    "clip": 0.3,
    "schedule": "cosine",
    "last_layer_rate": 5,
    "initialisation": "kaiming",
    "weight_seed": 17,
    "epochs": 11,
}


@pytest.mark.slow
def test_a_drawn_share_of_all_settings_equals_their_scripts_bit_for_bit() -> None:
    unequal = {str(settings): found for settings in SOME if (found := different(settings))}

    assert unequal == {}


def test_the_benchmarks_draw_holds_every_pair_of_interest_in_both_ways_to_train() -> None:
    choices = [each for each in drawn(2_000) if each.hidden_units]
    for batches in (False, True):
        those = [each for each in choices if (each.batch_size > 0) == batches]
        optimizers = {(each.activation, each.optimizer) for each in those}
        losses = {(each.activation, each.loss) for each in those}

        assert optimizers == set(product(ACTIVATIONS, OPTIMIZERS))
        assert losses == set(product(ACTIVATIONS, LOSSES))


def lists(tensors: Any) -> list[Any]:
    return [each.detach().tolist() for each in tensors]


def by_autograd(settings: Settings, epoch: int, batch: int) -> dict[str, Any]:
    """Train to a state with PyTorch's own autograd and optimizer, and record the next step."""
    with fresh_torch_state():
        return _walk(settings, epoch, batch)


def _walk(settings: Settings, epoch: int, batch: int) -> dict[str, Any]:
    loop: Engine = Loop(settings)
    for _ in range(epoch):
        loop.train_one_epoch()
    for number, rows in enumerate(loop.shuffled()):
        chosen = loop.take(rows)
        made: dict[str, Any] = {
            "accumulated": lists(loop.gradients),
            "before": lists(loop.parameters),
        }
        forward = loop.forward(chosen)
        loop.backward(forward.loss)
        made |= {"gradients": lists(loop.gradients), "rows": rows.tolist()}
        loop.step()
        loop.updates += 1
        made |= {"after": lists(loop.parameters), "loss": forward.loss.item()}
        if number == batch:
            return {**made, "y_pred": forward.y_pred.tolist()}
    raise AssertionError("There is no such batch.")


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("zero_gradients", [True, False])
def test_a_batch_opened_up_is_what_autograd_makes(optimizer: str, *, zero_gradients: bool) -> None:
    settings = Settings(**ALL_AT_ONCE, optimizer=optimizer, zero_gradients=zero_gradients)
    run = train(settings)
    for epoch, batch in ((0, 0), (0, 2), (5, 0), (10, 4)):
        opened, expected = explain(run, epoch, batch), by_autograd(settings, epoch, batch)
        names = ("accumulated", "before", "gradients", "after")

        for name in names:
            assert [each.tolist() for each in getattr(opened, name)] == expected[name], name
        assert opened.y_pred.tolist() == expected["y_pred"]
        assert opened.loss == expected["loss"]
        assert opened.rows.tolist() == expected["rows"]
        assert (opened.batch, opened.batches) == (batch, 5)


@pytest.mark.slow
def test_an_epoch_opened_up_equals_autograd_for_drawn_settings() -> None:
    generator = random.Random(3)  # noqa: S311 - a repeatable draw
    for settings in drawn(16, seed=9):
        run = train(settings)
        epoch = generator.randrange(len(run.losses))
        opened, expected = explain(run, epoch), by_autograd(settings, epoch, 0)

        assert [each.tolist() for each in opened.after] == expected["after"], settings
        assert opened.loss == expected["loss"], settings


def test_a_batch_that_the_epoch_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="batch must be from 0 to 4, not 5"):
        explain(train(Settings(**ALL_AT_ONCE)), 0, 5)


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_long_run_is_replayed_from_its_checkpoints(optimizer: str) -> None:
    settings = Settings(**{**ALL_AT_ONCE, "epochs": 250}, optimizer=optimizer)
    run = train(settings)
    assert int(run.checkpoints.epochs[1]) == 2

    opened, expected = explain(run, 15, 3), by_autograd(settings, 15, 3)

    assert [each.tolist() for each in opened.after] == expected["after"]


@pytest.mark.slow
@pytest.mark.parametrize("zero_gradients", [True, False])
def test_turns_and_autograd_end_in_the_same_run(*, zero_gradients: bool) -> None:
    for optimizer in OPTIMIZERS:
        settings = Settings(**ALL_AT_ONCE, optimizer=optimizer, zero_gradients=zero_gradients)
        training = Training(settings, Loop)
        while not training.finished:
            training.advance(seconds=0)
        one, other = training.to_run(), train(settings)

        assert one.losses.tobytes() == other.losses.tobytes()
        assert one.test_losses.tobytes() == other.test_losses.tobytes()
        for name in ("parameters", "memory", "gradients"):
            pairs = zip(
                getattr(one.checkpoints, name), getattr(other.checkpoints, name), strict=True
            )
            assert all(np.array_equal(*pair) for pair in pairs), f"{optimizer}: {name}"


def test_the_largest_run_and_film_stay_small() -> None:
    largest = {"hidden_units": (64,) * 6, "data": "moons", "rows": 1_000, "optimizer": "adam"}
    settings = Settings(**largest, epochs=60, zero_gradients=False, batch_size=500)  # type: ignore[arg-type]
    run = train(settings)
    reel = film(run)

    assert run.nbytes < 8_500_000
    assert len(run.checkpoints.epochs) > 10
    assert len(reel.to_bytes()) < 2_000_000
    assert (reel.epochs[0], reel.epochs[-1]) == (0, 60)
    assert reel.predictions.shape[1] == 10


def test_another_default_type_changes_no_data_set_and_no_first_weight() -> None:
    choices = [Settings(data=data, epochs=1, initialisation="xavier") for data in SOME_DATA]
    expected = [train(settings).losses.tolist() for settings in choices]
    torch.set_default_dtype(torch.float64)
    try:
        runs = [train(settings) for settings in choices]
    finally:
        torch.set_default_dtype(torch.float32)

    assert [run.losses.tolist() for run in runs] == expected
    assert {run.inputs.dtype.name for run in runs} == {"float32"}


SOME_DATA = tuple(DATA_SETS)
