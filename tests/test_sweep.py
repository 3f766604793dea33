"""A sweep: the final losses of many PyTorch trainings at once, accurate enough for a picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.oracle import article_loop
from tests.swept import AXES, MOONS, NEAR, RATES, assert_near, runs
from tinynet import Settings, sweep
from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.data_sets import DATA_SETS
from tinynet.registry.features import FEATURES
from tinynet.registry.initialisations import INITIALISATIONS
from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.registry.schedules import SCHEDULES

LAST_RATES: dict[str, Any] = {"learning_rate": RATES, "last_layer_rate": (0, 0.5, 1, 3)}


def test_the_article_is_near_its_own_loop() -> None:
    result = sweep(Settings(), AXES)

    assert result.final_losses.shape == (2, 2, 2)
    for index, loss in np.ndenumerate(result.final_losses):
        rate, width, seed = (
            values[place] for (_, values), place in zip(result.axes, index, strict=True)
        )
        assert loss == pytest.approx(article_loop([width], rate, 50, seed)["final_loss"], rel=NEAR)


@pytest.mark.slow
@pytest.mark.parametrize("layers", [(5,), (4, 3)], ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_is_served(activation: str, layers: tuple[int, ...]) -> None:
    settings = replace(MOONS, activation=activation, hidden_units=layers)

    assert_near(sweep(settings, AXES))
    assert_near(sweep(replace(settings, batch_size=8), AXES))


@pytest.mark.slow
@pytest.mark.parametrize("data", ["moons", "plane"])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_is_served(loss: str, data: str) -> None:
    if DATA_SETS[data].task in LOSSES[loss].tasks:
        settings = replace(MOONS, loss=loss, data=data, activation="tanh")

        assert_near(sweep(settings, AXES))
        assert_near(sweep(replace(settings, batch_size=7), AXES))


@pytest.mark.slow
@pytest.mark.parametrize("l2", [0.0, 0.03])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_is_served(optimizer: str, l2: float) -> None:
    settings = replace(MOONS, optimizer=optimizer, l2=l2, activation="sigmoid")

    assert_near(sweep(settings, AXES))
    assert_near(sweep(replace(settings, hidden_units=(3, 3), batch_size=20), AXES))


def test_adamw_is_served_with_a_decay_of_0_and_with_its_own() -> None:
    settings = replace(MOONS, optimizer="adamw", epochs=60, learning_rate=0.1)

    assert_near(sweep(settings, {"l2": (0, 0.5, 0.01), "seed": range(2)}))


@pytest.mark.slow
@pytest.mark.parametrize("initialisation", INITIALISATIONS)
@pytest.mark.parametrize("batch_size", [0, 8])
def test_every_initialisation_is_served(initialisation: str, batch_size: int) -> None:
    settings = replace(MOONS, initialisation=initialisation, batch_size=batch_size)

    assert_near(sweep(settings, AXES))


@pytest.mark.slow
@pytest.mark.parametrize("data", DATA_SETS)
def test_every_data_set_is_served(data: str) -> None:
    assert_near(sweep(Settings(data=data, rows=20, test_share=0.3, epochs=5), AXES))


def test_every_feature_is_served() -> None:
    assert_near(sweep(replace(MOONS, features=tuple(FEATURES)), AXES))


@pytest.mark.slow
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_is_served(schedule: str) -> None:
    settings = replace(MOONS, schedule=schedule)

    assert_near(sweep(settings, {**AXES, "epochs": (1, 7, 4)}))


@pytest.mark.slow
@pytest.mark.parametrize("values", [{}, {"l2": 0.03, "schedule": "step"}], ids=str)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_last_layer_with_its_own_rate_is_served(optimizer: str, values: dict[str, Any]) -> None:
    settings = replace(MOONS, optimizer=optimizer, activation="tanh", **values)

    assert_near(sweep(replace(settings, last_layer_rate=4), AXES))  # many networks in a group
    assert_near(sweep(settings, {**LAST_RATES, "seed": range(2)}))
    assert_near(sweep(replace(settings, hidden_units=(3, 2), batch_size=20), LAST_RATES))


@pytest.mark.slow
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_lowers_both_rates_over_the_epochs_of_each(schedule: str) -> None:
    settings = replace(MOONS, schedule=schedule)

    assert_near(sweep(settings, {**LAST_RATES, "epochs": (1, 7, 4)}))


@pytest.mark.slow
@pytest.mark.parametrize(
    "values",
    [{"clip": 0.05}, {"l1": 0.03}, {"zero_gradients": False}, {"clip": 0.01, "l1": 0.1, "l2": 0.1}],
    ids=str,
)
@pytest.mark.parametrize("layers", [(5,), (4, 4)], ids=str)
def test_a_last_layer_with_its_own_rate_is_clipped_and_penalised_with_all_others(
    layers: tuple[int, ...], values: dict[str, Any]
) -> None:
    settings = replace(MOONS, epochs=4, hidden_units=layers, **values)

    assert_near(sweep(settings, LAST_RATES))
    assert_near(sweep(settings, {"last_layer_rate": (0, 0.5, 1, 3), "seed": (0, 4)}))


def test_without_hidden_layers_the_last_one_has_the_learning_rate() -> None:
    axes = {"hidden_units": [(), 3, 5], "last_layer_rate": (0, 1, 20)}
    result = sweep(replace(MOONS, learning_rate=0.1), axes)

    assert_near(result)
    assert len(set(result.final_losses[0].tolist())) == 1


def test_those_beside_a_last_layer_with_its_own_rate_are_as_without_it() -> None:
    settings = replace(MOONS, optimizer="adam", schedule="cosine")
    alone, beside = (sweep(settings, {"last_layer_rate": each}) for each in ((1,), (7, 1)))

    assert beside.final_losses[1] == pytest.approx(alone.final_losses[0], rel=NEAR)


@pytest.mark.slow
@pytest.mark.parametrize("layers", [(), (5,), (4, 4)], ids=str)
@pytest.mark.parametrize("batch_size", [0, 1, 7])
@pytest.mark.parametrize(
    "values",
    [{"clip": 0.05}, {"l1": 0.03}, {"zero_gradients": False}, {"clip": 0.01, "l1": 0.1, "l2": 0.1}],
    ids=str,
)
def test_what_is_done_to_the_gradients_is_served(
    values: dict[str, Any], batch_size: int, layers: tuple[int, ...]
) -> None:
    settings = replace(MOONS, epochs=4, batch_size=batch_size, hidden_units=layers, **values)
    rates = {"learning_rate": (0.001, 0.003, 0.002), "seed": range(3)}

    assert_near(sweep(settings, rates))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("last_layer_rate", (0, 0.0001, 1, 30)),
        ("weight_seed", (None, 0, 7, 8)),
        ("epochs", (3, 1, 9)),
        ("noise", (0.0, 0.1, 0.5)),
        ("rows", (10, 33)),
        ("test_share", (0.0, 0.3, 0.5)),
        ("l1", (0.0, 0.01, 0.1)),
        ("l2", (0.0, 0.01, 0.1)),
        ("clip", (0.0, 0.001, 0.1)),
        ("batch_size", (0, 1, 8, 500)),
        ("zero_gradients", (True, False)),
        ("data", ("circles", "dummy", "spiral")),
        ("features", (("x1",), ("x1", "x2", "x1*x2"))),
        ("activation", ("relu", "sigmoid")),
        ("loss", ("mse", "bce")),
        ("optimizer", ("sgd", "adam", "adamw")),
        ("schedule", tuple(SCHEDULES)),
        ("initialisation", tuple(INITIALISATIONS)),
        ("hidden_units", (1, (), (3, 2), 4, (2, 3))),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_every_knob_may_be_an_axis(name: str, values: tuple[Any, ...]) -> None:
    result = sweep(replace(MOONS, epochs=4), {name: values, "learning_rate": (0.01, 0.02)})

    assert result.final_losses.shape == (len(values), 2)
    for (place, _), run in runs(result):
        expected = values[place]
        if name == "hidden_units" and isinstance(expected, int):
            expected = (expected,)
        given = replace(run.settings, **{name: expected})
        assert given == run.settings
    for index, run in runs(result):
        assert result.final_losses[index] == pytest.approx(run.final_loss, rel=NEAR), run.settings
        if not run.has_test:
            assert np.isnan(result.final_test_losses[index])
