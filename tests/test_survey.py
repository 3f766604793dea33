"""Survey: each loss of a landscape is PyTorch's, on the plane that it names."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from tests.made_up import made_up_run
from tinynet import Run, Settings, train
from tinynet.analysis.landscape import Directions
from tinynet.analysis.survey import landscape
from tinynet.training.fresh import fresh_torch_state

BOLD = Settings(learning_rate=1.0, epochs=60)
CHOICES: list[tuple[Settings, nn.Module, nn.Module]] = [
    (Settings(), nn.ReLU(), nn.MSELoss()),
    (BOLD, nn.ReLU(), nn.MSELoss()),
    (Settings((), 0.1, data="curve", loss="l1", l2=0.01), nn.ReLU(), nn.L1Loss()),
    (Settings((4, 3), 0.1, data="hills", activation="tanh", l1=0.01), nn.Tanh(), nn.MSELoss()),
    (
        Settings((17, 5), 0.05, 20, data="moons", loss="bce", optimizer="adam", batch_size=30),
        *(nn.ReLU(), nn.BCELoss()),
    ),
    (
        Settings((6,), 0.1, 300, data="xor", loss="huber", test_share=0.3, last_layer_rate=10),
        *(nn.ReLU(), nn.HuberLoss()),
    ),
]
KINDS: tuple[Directions, ...] = ("path", "random")


def flat_states(run: Run) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return the kept weights, (states, parameters)."""
    return np.hstack([each.reshape(len(each), -1) for each in run.checkpoints.parameters])


def plain_loss(run: Run, weights: Any, activation: nn.Module, criterion: nn.Module) -> float:
    """Return the loss of PyTorch's own modules with these weights."""
    modules: list[nn.Module] = []
    for inputs, outputs in pairwise([run.inputs.shape[1], *run.settings.hidden_units, 1]):
        modules += [nn.Linear(inputs, outputs), activation]
    last = [nn.Sigmoid()] if run.task == "binary" else []
    network = nn.Sequential(*modules[:-1], *last)
    nn.utils.vector_to_parameters(torch.tensor(weights), network.parameters())
    x, y = torch.tensor(run.inputs), torch.tensor(run.targets)
    return float(criterion(network(x), y))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("settings", "activation", "criterion"), CHOICES, ids=str)
def test_a_loss_is_pytorchs_own_of_the_network_at_that_place_bit_for_bit(
    settings: Settings, activation: nn.Module, criterion: nn.Module, kind: Directions
) -> None:
    run = train(settings)
    land = landscape(run, kind, size=9)
    last = flat_states(run)[-1].astype(float)

    with fresh_torch_state(), torch.no_grad():
        for row, y in enumerate(land.y):
            for column, x in enumerate(land.x):
                exact = last + x * land.directions[0] + y * land.directions[1]
                weights = exact.astype(np.float32)
                expected = plain_loss(run, weights, activation, criterion)

                assert land.losses[row, column] == np.float32(expected)
                assert land.parameters_at(x, y).tolist() == weights.tolist()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("settings", "activation", "criterion"), CHOICES, ids=str)
def test_the_path_has_its_states_own_losses_and_those_below_it_on_the_plane(
    settings: Settings, activation: nn.Module, criterion: nn.Module, kind: Directions
) -> None:
    run = train(settings)
    land = landscape(run, kind, size=2)
    states = flat_states(run)

    assert land.states.tolist() == run.checkpoints.epochs.tolist()
    with fresh_torch_state(), torch.no_grad():
        for index in {*range(0, len(states), 11), len(states) - 1}:
            below = land.parameters_at(*land.path[index])
            losses = [
                plain_loss(run, each, activation, criterion) for each in (states[index], below)
            ]

            assert [land.path_losses[index], land.ground[index]] == np.array(
                losses, np.float32
            ).tolist()
    assert land.path_losses[-1] == land.ground[-1] == np.float32(run.final_loss)


def test_without_batches_the_losses_of_the_path_are_those_that_the_script_prints() -> None:
    run = train(BOLD)

    assert landscape(run, size=2).path_losses.tolist() == run.every_loss.tolist()


@pytest.mark.slow
@pytest.mark.parametrize("settings", [each[0] for each in CHOICES[:2] + CHOICES[3:]], ids=str)
def test_the_directions_of_the_path_are_its_main_ones_by_the_svd(settings: Settings) -> None:
    run = train(settings)
    land = landscape(run, size=2)
    states = flat_states(run).astype(float)
    away = states - states[-1]
    _, sizes, rows = np.linalg.svd(away)

    for ours, numpys in zip(land.directions, rows, strict=False):
        sign = np.sign(ours @ numpys)
        assert ours == pytest.approx(sign * numpys, abs=1e-7)
    assert land.explained_variance == pytest.approx((sizes[:2] ** 2).sum() / (sizes**2).sum())
    assert land.path == pytest.approx(away @ land.directions.T, abs=1e-9)
    assert land.moved


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_path_ends_at_the_origin_within_the_map(kind: Directions) -> None:
    for settings, _, _ in CHOICES:
        land = landscape(train(settings), kind, size=2)

        assert land.path[-1].tolist() == [0, 0]
        for places, along in ((land.x, land.path[:, 0]), (land.y, land.path[:, 1])):
            margin = 0.25 * np.ptp(along)
            assert places[0] <= along.min() - margin + 1e-9
            assert places[-1] >= along.max() + margin - 1e-9


def test_the_path_starts_at_the_left_and_below() -> None:
    for settings, _, _ in CHOICES:
        x, y = landscape(train(settings), size=2).path[0]

        assert x < 0
        assert y <= 0


def test_its_axes_have_scales_of_their_own_but_a_straight_path_stays_slim() -> None:
    land = landscape(train(Settings()), size=2)
    extents = np.ptp(land.path, axis=0)

    assert extents[1] < 0.2 * extents[0]
    assert np.ptp(land.y) == pytest.approx(0.2 * np.ptp(land.x))


@pytest.mark.parametrize("settings", [each[0] for each in CHOICES], ids=str)
def test_a_random_direction_is_as_long_as_the_network_unit_by_unit(settings: Settings) -> None:
    run = train(settings)
    first, second = landscape(run, "random", size=2).directions
    parameters = [each[-1].astype(float) for each in run.checkpoints.parameters]
    start = 0
    for weight, bias in zip(parameters[::2], parameters[1::2], strict=True):
        outputs, inputs = weight.shape
        biases = start + weight.size
        for unit in range(outputs):
            row = slice(start + unit * inputs, start + (unit + 1) * inputs)
            length = np.hypot(np.linalg.norm(weight[unit]), bias[unit])
            drawn = [np.append(each[row], each[biases + unit]) for each in (first, second)]

            assert [np.linalg.norm(each) for each in drawn] == pytest.approx([length] * 2)
            assert drawn[0] @ drawn[1] == pytest.approx(0, abs=1e-9 * length**2 + 1e-12)
        start = biases + outputs


def test_random_directions_reach_once_the_network_to_all_sides_and_come_from_the_seed() -> None:
    one, again = (landscape(train(Settings()), "random", size=3) for _ in range(2))
    other = landscape(train(Settings(seed=1)), "random", size=3)

    assert one.x.tolist() == one.y.tolist() == [-1, 0, 1]
    assert one.directions.tobytes() == again.directions.tobytes()
    assert one.losses.tobytes() == again.losses.tobytes()
    assert not np.allclose(one.directions / other.directions, 1)


def test_the_global_random_state_is_neither_read_nor_written(article_run: Run) -> None:
    before = torch.get_rng_state()
    landscape(article_run, "random", size=2)

    assert torch.equal(torch.get_rng_state(), before)


def test_nothing_of_it_can_be_written(article_run: Run) -> None:
    land = landscape(article_run, size=2)
    arrays = [getattr(land, each.name) for each in fields(land)]
    arrays = [each for each in arrays if isinstance(each, np.ndarray)]

    assert len(arrays) == 9
    assert land.nbytes == sum(each.nbytes for each in arrays)
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(FrozenInstanceError):
        land.losses = arrays[0]  # type: ignore[misc]
    assert land != landscape(article_run, size=2)  # equal numbers, but not the same object


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_never_moved_is_said_to_have_stayed(article_run: Run, kind: Directions) -> None:
    kept = article_run.checkpoints
    still = tuple(each[-1:].repeat(len(each), axis=0) for each in kept.parameters)
    land = landscape(replace(article_run, checkpoints=replace(kept, parameters=still)), kind, 5)

    assert not land.moved
    assert land.explained_variance == 0
    assert not land.path.any()
    assert land.x.tolist() == [-1, -0.5, 0, 0.5, 1]
    assert land.losses[2, 2] == np.float32(article_run.final_loss)
    assert len(set(land.losses.ravel().tolist())) > 20


def test_a_network_of_zeros_has_random_directions_too() -> None:
    land = landscape(made_up_run([0.25, 0.25]), "random", size=3)

    assert np.linalg.norm(land.directions, axis=1) == pytest.approx(np.sqrt([6, 6]))
    assert np.isfinite(land.losses).all()


def test_a_path_that_is_a_line_gets_a_second_direction_at_right_angles() -> None:
    land = landscape(train(Settings(epochs=1)), size=3)
    first, second = land.directions

    assert land.moved
    assert land.explained_variance == pytest.approx(1)
    assert np.linalg.norm(land.directions, axis=1) == pytest.approx([1, 1])
    assert first @ second == pytest.approx(0, abs=1e-12)
    assert land.path[:, 1] == pytest.approx(0, abs=1e-12)
    assert np.ptp(land.y) > 0


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_run_that_broke_its_states_with_a_finite_loss_are_shown(kind: Directions) -> None:
    run = train(Settings((5,), 10.0, 50, data="hills"))
    assert run.diverged
    land = landscape(run, kind, size=5)

    assert 0 < len(land.states) < len(run.checkpoints.epochs)
    assert np.isfinite(land.path_losses).all()
    assert land.path_losses.tolist() == run.every_loss[land.states].tolist()
    assert land.path[-1].tolist() == [0, 0]


def test_a_loss_that_is_no_number_stays_none() -> None:
    settings = Settings((3,), data="plane", loss="mse")
    run = train(settings)
    far = tuple(each * np.float32(1e30) for each in run.checkpoints.parameters)
    kept = replace(run.checkpoints, parameters=far)
    land = landscape(replace(run, checkpoints=kept), size=3)

    assert not np.isfinite(land.losses).any()
