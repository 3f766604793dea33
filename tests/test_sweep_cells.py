"""The cells of a sweep: seeds, blocks, and diverged cells."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.swept import AXES, MOONS, NEAR, assert_near, runs
from tinynet import Settings, sweep, table, train
from tinynet.registry.activations import ACTIVATIONS, Activation
from tinynet.registry.losses import LOSSES, Loss
from tinynet.registry.optimizers import OPTIMIZERS, Optimizer
from tinynet.user_data import Painting


@pytest.mark.slow
@pytest.mark.parametrize("batch_size", [0, 8])
@pytest.mark.parametrize("initialisation", ["default", "xavier"])
@pytest.mark.parametrize("layers", [(5,), (4, 3)], ids=str)
def test_a_seed_of_the_weights_is_served(
    layers: tuple[int, ...], initialisation: str, batch_size: int
) -> None:
    settings = replace(
        MOONS, hidden_units=layers, initialisation=initialisation, batch_size=batch_size
    )
    seeds = (None, *range(5))  # in one group: all cells of a seed get the same rows

    assert_near(sweep(settings, {"weight_seed": seeds}))
    assert_near(sweep(settings, {"weight_seed": seeds, "seed": (0, 4)}))
    assert_near(sweep(replace(settings, weight_seed=4), AXES))
    assert_near(
        sweep(settings, {"weight_seed": (0, 4), "noise": (0.1, 0.3), "hidden_units": (2, 5)})
    )


@pytest.mark.parametrize("batch_size", [0, 3])
def test_a_seed_of_the_weights_of_own_data_is_served_whether_rows_are_kept_for_a_test_or_not(
    batch_size: int,
) -> None:
    points = tuple((90 + 7 * each, 40 * each % 256, each % 2) for each in range(10))
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(12, 3))).add_prefix("x")
    for data in (Painting(points), table(frame, target="x0")):
        settings = Settings((4,), 0.1, 6, data=data, batch_size=batch_size)
        axes = {"weight_seed": (None, 1, 2), "seed": (0, 1)}

        assert_near(sweep(settings, axes))
        assert_near(sweep(replace(settings, test_share=0.3), axes))


def test_one_width_is_that_of_all_hidden_layers() -> None:
    result = sweep(Settings((5, 5, 5), epochs=3), {"hidden_units": [2, 7]})

    assert [result.settings_of((place,)).hidden_units for place in (0, 1)] == [(2,) * 3, (7,) * 3]
    assert_near(result)


def test_many_networks_come_in_several_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    axes = {"seed": range(3), "learning_rate": np.geomspace(0.001, 0.1, 20), "l2": (0, 0.1)}
    whole = sweep(MOONS, axes)
    monkeypatch.setattr("tinynet.sweeping.block.NUMBERS", 2_000)

    assert sweep(MOONS, axes).final_losses == pytest.approx(whole.final_losses, rel=NEAR)


@pytest.mark.slow
@pytest.mark.parametrize("layers", [(5,), (4, 4)], ids=str)
@pytest.mark.parametrize("activation", ["relu", "linear", "tanh"])
def test_a_cell_is_marked_exactly_where_its_training_breaks(
    activation: str, layers: tuple[int, ...]
) -> None:
    settings = Settings(layers, data="plane", rows=20, epochs=100, activation=activation)
    result = sweep(settings, {"learning_rate": (0.01, 0.3, 1, 3, 6, 10), "seed": range(4)})

    diverged = [run.diverged for _, run in runs(result)]
    assert result.diverged.ravel().tolist() == diverged
    assert np.isnan(result.final_losses).ravel().tolist() == diverged
    assert activation == "tanh" or 0 < sum(diverged) < len(diverged)


@pytest.mark.slow
@pytest.mark.parametrize("layers", [(5,), (3, 3)], ids=str)
def test_a_cell_is_marked_where_its_training_breaks_by_the_rate_of_the_last_layer(
    layers: tuple[int, ...],
) -> None:
    settings = Settings(layers, data="plane", rows=20, epochs=300, activation="tanh")
    axes = {"learning_rate": (0.01, 0.1, 1, 3, 10), "last_layer_rate": (0, 0.1, 1, 10, 100)}
    result = sweep(settings, axes)

    diverged = [run.diverged for _, run in runs(result)]
    assert result.diverged.ravel().tolist() == diverged
    assert 0 < sum(diverged) < len(diverged)


def test_a_cell_diverges_with_the_first_loss_that_is_no_number_be_it_the_last() -> None:
    settings = Settings(data="plane", rows=20, epochs=200, activation="linear", learning_rate=10)
    last = len(train(settings).losses) - 1  # the state that belongs to the loss
    result = sweep(settings, {"epochs": (last - 1, last, last + 1, 200)})

    assert result.diverged.tolist() == [False, True, True, True]


def test_those_beside_a_cell_that_diverges_are_as_without_it() -> None:
    settings = Settings(data="plane", activation="linear", rows=20)
    alone = sweep(settings, {"learning_rate": (0.01, 0.02)})
    beside = sweep(settings, {"learning_rate": (0.01, 10, 0.02)})

    assert beside.diverged.tolist() == [False, True, False]
    assert beside.final_losses[[0, 2]] == pytest.approx(alone.final_losses, rel=NEAR)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "name", "entry"),
    [
        (ACTIVATIONS, "activation", Activation("Softplus", "is smooth", "nn.Softplus()")),
        (ACTIVATIONS, "activation", replace(ACTIVATIONS["tanh"], forward=None, backward=None)),
        (LOSSES, "loss", replace(LOSSES["huber"], backward=None)),
        (OPTIMIZERS, "optimizer", Optimizer("Adamax", "moves", "Adamax")),
        (OPTIMIZERS, "optimizer", replace(OPTIMIZERS["adam"], step=None)),
    ],
    ids=lambda each: getattr(each, "label", ""),
)
@pytest.mark.parametrize("batch_size", [0, 8])
def test_an_entry_that_is_not_written_out_is_served_too(
    table: dict[str, Any],
    name: str,
    entry: Activation | Loss | Optimizer,
    batch_size: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(table, "made_up", entry)
    settings = replace(MOONS, schedule="cosine", l2=0.01, batch_size=batch_size)
    values: dict[str, Any] = {name: "made_up"}
    settings = replace(settings, **values)

    assert_near(sweep(settings, AXES))
    assert_near(sweep(settings, {"last_layer_rate": (0, 1, 5), "l2": (0, 0.1), "seed": (0, 4)}))
