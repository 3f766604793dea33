"""A sweep: the ends of PyTorch's own trainings, many at a time, near enough for a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from itertools import repeat
from threading import Thread
from time import thread_time
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from tests.oracle import article_loop
from tinynet import DeviceUnavailable, Run, Settings, SettingsError, sweep, table, train
from tinynet.registry.activations import ACTIVATIONS, Activation
from tinynet.registry.data_sets import DATA_SETS
from tinynet.registry.features import FEATURES
from tinynet.registry.initialisations import INITIALISATIONS
from tinynet.registry.losses import LOSSES, Loss
from tinynet.registry.optimizers import OPTIMIZERS, Optimizer
from tinynet.registry.schedules import SCHEDULES
from tinynet.sweeping.block import blocks
from tinynet.sweeping.calls import losses_of_rows
from tinynet.sweeping.grid import MOST_CELLS, Sweep, SweepAxis, axes_of
from tinynet.sweeping.plan import SweepPlan
from tinynet.sweeping.turns import Sweeping
from tinynet.user_data import Painting

NEAR = 0.001  # of a loss: what no colour shows
RATES = (0.05, 0.003)
AXES: dict[str, Any] = {"learning_rate": RATES, "hidden_units": (5, 2), "seed": (0, 4)}
LAST_RATES: dict[str, Any] = {"learning_rate": RATES, "last_layer_rate": (0, 0.5, 1, 3)}
MOONS = Settings(data="moons", rows=40, epochs=8, test_share=0.25)


def runs(result: Sweep) -> Iterator[tuple[tuple[int, ...], Run]]:
    """Yield each cell's place, and the training of its settings alone."""
    for index in np.ndindex(result.final_losses.shape):
        yield index, train(result.settings_of(index))


def assert_near(result: Sweep) -> None:
    """Hold every cell to its own training."""
    for index, run in runs(result):
        assert result.final_losses[index] == pytest.approx(run.final_loss, rel=NEAR), run.settings
        if run.has_test:
            test_loss = result.final_test_losses[index]
            assert test_loss == pytest.approx(run.final_test_loss, rel=NEAR), run.settings
        if result.accuracies is not None:
            assert result.accuracies[index] == pytest.approx(run.accuracy, abs=1e-6)
        if result.test_accuracies is not None:
            assert result.test_accuracies[index] == pytest.approx(run.test_accuracy, abs=1e-6)
        assert not result.diverged[index]


def test_the_article_is_near_its_own_loop() -> None:
    result = sweep(Settings(), AXES)

    assert result.final_losses.shape == (2, 2, 2)
    for index, loss in np.ndenumerate(result.final_losses):
        rate, width, seed = (
            values[place] for (_, values), place in zip(result.axes, index, strict=True)
        )
        assert loss == pytest.approx(article_loop([width], rate, 50, seed)["final_loss"], rel=NEAR)


@pytest.mark.parametrize("layers", [(5,), (4, 3)], ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_is_served(activation: str, layers: tuple[int, ...]) -> None:
    settings = replace(MOONS, activation=activation, hidden_units=layers)

    assert_near(sweep(settings, AXES))
    assert_near(sweep(replace(settings, batch_size=8), AXES))


@pytest.mark.parametrize("data", ["moons", "plane"])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_is_served(loss: str, data: str) -> None:
    if DATA_SETS[data].task in LOSSES[loss].tasks:
        settings = replace(MOONS, loss=loss, data=data, activation="tanh")

        assert_near(sweep(settings, AXES))
        assert_near(sweep(replace(settings, batch_size=7), AXES))


@pytest.mark.parametrize("l2", [0.0, 0.03])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_is_served(optimizer: str, l2: float) -> None:
    settings = replace(MOONS, optimizer=optimizer, l2=l2, activation="sigmoid")

    assert_near(sweep(settings, AXES))
    assert_near(sweep(replace(settings, hidden_units=(3, 3), batch_size=20), AXES))


def test_adamw_is_served_with_a_decay_of_0_and_with_its_own() -> None:
    settings = replace(MOONS, optimizer="adamw", epochs=60, learning_rate=0.1)

    assert_near(sweep(settings, {"l2": (0, 0.5, 0.01), "seed": range(2)}))


@pytest.mark.parametrize("initialisation", INITIALISATIONS)
@pytest.mark.parametrize("batch_size", [0, 8])
def test_every_initialisation_is_served(initialisation: str, batch_size: int) -> None:
    settings = replace(MOONS, initialisation=initialisation, batch_size=batch_size)

    assert_near(sweep(settings, AXES))


@pytest.mark.parametrize("data", DATA_SETS)
def test_every_data_set_is_served(data: str) -> None:
    assert_near(sweep(Settings(data=data, rows=20, test_share=0.3, epochs=5), AXES))


def test_every_feature_is_served() -> None:
    assert_near(sweep(replace(MOONS, features=tuple(FEATURES)), AXES))


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_is_served(schedule: str) -> None:
    settings = replace(MOONS, schedule=schedule)

    assert_near(sweep(settings, {**AXES, "epochs": (1, 7, 4)}))


@pytest.mark.parametrize("values", [{}, {"l2": 0.03, "schedule": "step"}], ids=str)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_last_layer_with_its_own_rate_is_served(optimizer: str, values: dict[str, Any]) -> None:
    settings = replace(MOONS, optimizer=optimizer, activation="tanh", **values)

    assert_near(sweep(replace(settings, last_layer_rate=4), AXES))  # many networks of a group
    assert_near(sweep(settings, {**LAST_RATES, "seed": range(2)}))
    assert_near(sweep(replace(settings, hidden_units=(3, 2), batch_size=20), LAST_RATES))


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_lowers_both_rates_over_the_epochs_of_each(schedule: str) -> None:
    settings = replace(MOONS, schedule=schedule)

    assert_near(sweep(settings, {**LAST_RATES, "epochs": (1, 7, 4)}))


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


@pytest.mark.parametrize("batch_size", [0, 8])
@pytest.mark.parametrize("initialisation", ["default", "xavier"])
@pytest.mark.parametrize("layers", [(5,), (4, 3)], ids=str)
def test_a_seed_of_the_weights_is_served(
    layers: tuple[int, ...], initialisation: str, batch_size: int
) -> None:
    settings = replace(
        MOONS, hidden_units=layers, initialisation=initialisation, batch_size=batch_size
    )
    seeds = (None, *range(5))  # together: of one seed, all are given the same rows

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
    last = len(train(settings).losses) - 1  # the state whose loss it is
    result = sweep(settings, {"epochs": (last - 1, last, last + 1, 200)})

    assert result.diverged.tolist() == [False, True, True, True]


def test_those_beside_a_cell_that_diverges_are_as_without_it() -> None:
    settings = Settings(data="plane", activation="linear", rows=20)
    alone = sweep(settings, {"learning_rate": (0.01, 0.02)})
    beside = sweep(settings, {"learning_rate": (0.01, 10, 0.02)})

    assert beside.diverged.tolist() == [False, True, False]
    assert beside.final_losses[[0, 2]] == pytest.approx(alone.final_losses, rel=NEAR)


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


def test_a_turn_ends_soon_after_its_time() -> None:
    settings = Settings((8, 8), data="moons", batch_size=8, epochs=2_000)
    sweeping = Sweeping(settings, {"learning_rate": np.geomspace(0.001, 1, 64), "seed": range(64)})
    sweeping.advance(0.02)  # the first product of all takes longer
    longest = 0.0
    for _ in range(40):
        start = thread_time()  # of the processor: the machine may have other work
        sweeping.advance(0.02)
        longest = max(longest, thread_time() - start)

    assert not sweeping.finished
    assert 0 < sweeping.share < 0.5
    assert longest < 0.1


def test_turns_of_any_length_and_thread_make_the_same() -> None:
    settings = replace(MOONS, batch_size=20)
    whole, turns = sweep(settings, AXES), 0
    sweeping, shares = Sweeping(settings, AXES), [0.0]
    while not sweeping.finished:
        turn = Thread(target=sweeping.advance, args=(0,))
        turn.start()
        turn.join()
        shares.append(sweeping.share)
        turns += 1

    assert turns > 20
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert sweeping.to_sweep().final_losses.tolist() == whole.final_losses.tolist()


def test_what_has_not_had_its_turn_is_no_number_and_no_divergence() -> None:
    sweeping = Sweeping(Settings(), AXES)
    sweeping.advance(0)
    result = sweeping.to_sweep()

    assert np.isnan(result.final_losses).all()
    assert not result.diverged.any()


def test_its_size_is_that_of_its_numbers() -> None:
    sweeping = Sweeping(Settings(), {"learning_rate": np.geomspace(0.01, 1, 500)})
    before = sweeping.nbytes
    sweeping.advance(0.002)

    assert before == 500 * (4 * 4 + 1)
    assert before < sweeping.nbytes < 1_000_000
    while not sweeping.finished:
        sweeping.advance(1)
    assert sweeping.nbytes == before
    assert sweeping.to_sweep().nbytes == 500 * (3 * 4 + 1)  # without those of test rows


def test_the_record_is_frozen() -> None:
    result = sweep(Settings(epochs=2), AXES)

    with pytest.raises(FrozenInstanceError):
        result.seconds = 1.0  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        SweepAxis("seed", (1,)).values = ()  # type: ignore[misc]
    for array in (result.final_losses, result.diverged, result.accuracies):
        assert array is not None
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    assert result != sweep(Settings(epochs=2), AXES)  # whose numbers are the same: each is itself
    assert result.final_losses.dtype == np.float32
    assert result.diverged.dtype == np.bool_


def test_its_best_cell_is_that_of_the_least_loss_or_the_largest_share() -> None:
    known = np.array([[np.nan, 2, 1], [3, 1, 4]], np.float32)
    axes = ("seed", (7, 8)), ("hidden_units", (1, 2, 4))
    unknown, never = np.full_like(known, np.nan), np.zeros(known.shape, np.bool_)
    result = Sweep(Settings(), axes, known, unknown, never, seconds=0, accuracies=known)

    assert result.best_cell("final_losses", is_loss=True) == {"seed": 7, "hidden_units": 4}
    assert result.best_cell("accuracies", is_loss=False) == {"seed": 8, "hidden_units": 4}
    assert result.best_cell("final_test_losses", is_loss=True) == {}


def test_its_frame_has_a_row_for_each_cell() -> None:
    result = sweep(replace(MOONS, epochs=2), {"learning_rate": (0.1, 1), "hidden_units": (1, 2, 4)})
    frame = result.to_frame()

    made = "final_loss", "final_test_loss", "accuracy", "test_accuracy", "diverged"
    assert tuple(frame) == ("learning_rate", "hidden_units", *made)
    assert frame["hidden_units"].tolist() == [1, 2, 4, 1, 2, 4]
    assert frame["final_loss"].tolist() == result.final_losses.ravel().tolist()


def test_a_regression_has_no_right_and_wrong() -> None:
    result = sweep(Settings(data="plane", epochs=2), AXES)

    assert result.accuracies is None
    assert result.test_accuracies is None
    assert np.isnan(result.final_test_losses).all()


@pytest.mark.parametrize(
    ("axes", "said"),
    [
        ({}, "axes must name at least one knob with its values"),
        (
            {"colour": [1]},
            "An axis must be hidden_units, learning_rate, .* or [a-z_]+, not 'colour'",
        ),
        ({"device": ["cpu"]}, "An axis must be .*, not 'device'"),
        ({"learning_rate": 0.1}, "The axis learning_rate must have a list of values, not 0.1"),
        ({"activation": "relu"}, "The axis activation must have a list of values, not 'relu'"),
        ({"seed": []}, "The axis seed must have at least one value"),
        ({"learning_rate": [0.1, 11]}, "learning_rate must be a number from 0.0001 to 10, not 11"),
        ({"hidden_units": [5, 65]}, "hidden_units must be a whole number from 1 to 64, not 65"),
        ({"activation": ["relu", "sine"]}, "activation must be relu, tanh.*, not 'sine'"),
        ({"data": ["moons", "plane"], "loss": ["mse", "bce"]}, "loss must be mse, l1 or huber.*"),
        ({"learning_rate": repeat(0.1)}, "axes must make 65,536 cells at most, not 65,537"),
    ],
)
def test_axes_that_make_no_sense_are_refused_with_what_is_allowed(
    axes: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingsError):
        axes_of(Settings(), axes)
    with pytest.raises(SettingsError) as refusal:
        Sweeping(Settings(), axes)

    assert re.fullmatch(said + r"\.", str(refusal.value))
    assert refusal.value.knob == (list(axes)[-1] if axes else "axes")


def test_too_many_cells_are_refused() -> None:
    values = np.geomspace(0.001, 10, 257)

    with pytest.raises(SettingsError, match="65,536 cells at most, not 65,792") as refusal:
        Sweeping(Settings(), {"learning_rate": values, "seed": range(256)})
    assert refusal.value.knob == "learning_rate"
    assert not Sweeping(Settings(), {"learning_rate": values[1:], "seed": range(256)}).finished
    assert MOST_CELLS == 65_536


def test_several_threads_at_once_get_what_one_gets() -> None:
    settings = [replace(MOONS, seed=seed, batch_size=8) for seed in range(8)]
    expected = [sweep(each, AXES).final_losses.tolist() for each in settings]
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(lambda each: sweep(each, AXES), settings))

    assert [each.final_losses.tolist() for each in results] == expected


def test_the_caller_finds_pytorch_as_it_was() -> None:
    expected = sweep(MOONS, AXES).final_losses.tolist()
    threads = torch.get_num_threads()
    torch.manual_seed(5)
    before = torch.get_rng_state()
    torch.set_num_threads(2)
    torch.set_default_dtype(torch.float64)
    try:
        result = sweep(MOONS, AXES)

        assert torch.get_num_threads() == 2
        assert torch.get_default_dtype() == torch.float64
        assert torch.equal(torch.get_rng_state(), before)
        assert not torch.is_inference_mode_enabled()
    finally:
        torch.set_default_dtype(torch.float32)
        torch.set_num_threads(threads)
    assert result.final_losses.tolist() == expected


def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Go the way of another device, on this one: nothing is looked at until it must be."""
    monkeypatch.setattr("tinynet.sweeping.block.is_on_cpu", lambda _: False)


@pytest.mark.parametrize("batch_size", [0, 8])
@pytest.mark.parametrize("loss", LOSSES)
def test_the_way_of_another_device_is_served(
    loss: str, batch_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere(monkeypatch)
    data = "arms" if "multiclass" in LOSSES[loss].tasks else MOONS.data
    settings = replace(
        MOONS, data=data, loss=loss, batch_size=batch_size, schedule="cosine", epochs=20
    )

    assert_near(sweep(settings, {**AXES, "epochs": (3, 20)}))


@pytest.mark.parametrize("loss", ["mse", "l1", "huber"])
def test_another_device_knows_the_same_cells_as_diverged(
    loss: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data="plane", rows=20, epochs=120, activation="linear", loss=loss)
    axes = {"learning_rate": (0.01, 0.3, 1, 3, 6, 10), "seed": range(4)}
    here = sweep(settings, axes)
    elsewhere(monkeypatch)

    assert sweep(settings, axes).diverged.tolist() == here.diverged.tolist()


def test_a_loss_that_refuses_a_nan_is_shown_none() -> None:
    of_rows = losses_of_rows(replace(MOONS, loss="bce"))
    y_pred = torch.tensor([0.25, torch.nan, 0.0, 1.0])

    made = of_rows(y_pred, torch.tensor([1.0, 1.0, 1.0, 1.0]))

    assert made.tolist() == pytest.approx([np.log(4), np.nan, 100, 0], nan_ok=True)


def test_a_device_that_is_not_here_is_refused() -> None:
    with pytest.raises(DeviceUnavailable, match="There is no cuda:9 here"):
        sweep(Settings(device="cuda:9"), AXES)


def test_networks_that_have_other_rows_each_do_not_train_together_beyond_what_memory_holds() -> (
    None
):
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(2_000, 100)).round(3))
    settings = Settings((1,), data=table(frame.add_prefix("x"), target="x0"), batch_size=10)
    seeds = SweepPlan(settings, axes_of(settings, {"seed": range(500)}))
    rates = SweepPlan(settings, axes_of(settings, {"learning_rate": [0.01] * 500}))

    of_seeds, of_rates = (
        max(each[:, :, 0].size for kind in plan.kinds() for each in blocks(plan, kind))
        for plan in (seeds, rates)
    )
    assert of_seeds * 2_000 * 99 <= 8_000_000  # numbers: 32 MB
    assert of_rates == 500  # of one draw there is one copy


def test_another_device_trains_as_many_at_once_as_fit_into_its_room() -> None:
    settings = Settings((64,), data="plane", rows=1_000, device="cuda")
    plan = SweepPlan(settings, axes_of(settings, {"learning_rate": [0.01] * 500}))
    [kind] = plan.kinds()

    most = max(each[:, :, 0].size for each in blocks(plan, kind))
    assert most * 64_000 <= 64 * 400_000 < (most + 1) * 64_000  # numbers of its widest layer
