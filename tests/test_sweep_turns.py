"""A sweep in turns, its record, and other devices."""

from __future__ import annotations

import re
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

from tests.swept import AXES, MOONS, assert_near
from tinynet import DeviceUnavailable, Settings, SettingsError, sweep, table
from tinynet.registry.losses import LOSSES
from tinynet.sweeping.block import blocks
from tinynet.sweeping.calls import losses_of_rows
from tinynet.sweeping.grid import MOST_CELLS, Sweep, SweepAxis, axes_of
from tinynet.sweeping.plan import SweepPlan
from tinynet.sweeping.turns import Sweeping


@pytest.mark.slow
def test_a_turn_ends_soon_after_its_time() -> None:
    settings = Settings((8, 8), data="moons", batch_size=8, epochs=2_000)
    sweeping = Sweeping(settings, {"learning_rate": np.geomspace(0.001, 1, 64), "seed": range(64)})
    sweeping.advance(0.02)  # the very first product takes longer
    times: list[float] = []
    while len(times) < 40 or not sweeping.share:  # a busy machine takes more turns for an epoch
        start = thread_time()  # processor time, because the machine may have other work
        sweeping.advance(0.02)
        times.append(thread_time() - start)

    assert not sweeping.finished
    assert 0 < sweeping.share < 0.5
    assert sorted(times)[len(times) * 9 // 10] < 0.1  # beside others, a single one takes longer


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
    assert sweeping.to_sweep().nbytes == 500 * (3 * 4 + 1)  # without the test losses


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
    assert result != sweep(Settings(epochs=2), AXES)  # equal numbers, but not the same object
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
    """Take the code path of another device on this one: read no value before the end."""
    monkeypatch.setattr("tinynet.sweeping.block.is_on_cpu", lambda _: False)


@pytest.mark.slow
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


@pytest.mark.slow
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
    assert of_rates == 500  # the rows of a single seed are stored once


def test_another_device_trains_as_many_at_once_as_fit_into_its_room() -> None:
    settings = Settings((64,), data="plane", rows=1_000, device="cuda")
    plan = SweepPlan(settings, axes_of(settings, {"learning_rate": [0.01] * 500}))
    [kind] = plan.kinds()

    most = max(each[:, :, 0].size for each in blocks(plan, kind))
    assert most * 64_000 <= 64 * 400_000 < (most + 1) * 64_000  # numbers of its widest layer
