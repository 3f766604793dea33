"""Film: every kept state as PyTorch computes it, within the size limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from tests.films import CRITERIA
from tests.oracle import article_knobs, article_loop
from tinynet import Run, Settings, train
from tinynet.training.film import film, nearest_state, predictions_at

MODULES: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "elu": nn.ELU,
    "gelu": nn.GELU,
}
CHOICES = [
    Settings(),
    Settings((33,), 0.5, 199, seed=3),
    Settings((17,), 0.5, 1_500),
    Settings((9,), 0.1, 700, zero_gradients=False),
    Settings((8, 3), 0.5, 120, seed=1),  # layers of different widths, in order
    Settings((3, 12, 5), 0.5, 60, zero_gradients=False),
    Settings((6,), 0.1, 60, last_layer_rate=20),
]


@pytest.mark.slow
@pytest.mark.parametrize("settings", CHOICES, ids=str)
def test_a_state_of_the_film_is_the_articles_bit_for_bit(settings: Settings) -> None:
    reel = film(train(settings))
    last = len(reel.epochs) - 1
    for index in {*range(0, last, 45), last}:
        noted = {**article_knobs(settings), "epochs": int(reel.epochs[index]) + 1}
        epoch = article_loop(**noted)["last epoch"]

        assert reel.losses[index] == np.float32(epoch["loss"])
        assert reel.parameters[index].tolist() == flat(epoch["before"])
        assert reel.gradients[index].tolist() == flat(epoch["gradients"])
        assert reel.hidden[index].tolist() == np.hstack(epoch["outputs"][:-1]).tolist()
        assert reel.predictions[index].tolist() == flat(epoch["y_pred"])


@pytest.mark.parametrize("epochs", [1, 50, 200, 201, 1_500])
def test_its_states_are_those_that_the_run_kept(epochs: int) -> None:
    run = train(Settings(epochs=epochs))

    assert film(run).epochs.tolist() == run.checkpoints.epochs.tolist()


def test_nothing_of_it_can_be_written(article_run: Run) -> None:
    reel = film(article_run)
    for field in fields(reel):
        with pytest.raises(ValueError, match="read-only"):
            getattr(reel, field.name)[...] = 0


def test_its_bytes_are_its_numbers_state_by_state(article_run: Run) -> None:
    reel = film(article_run)
    numbers = np.frombuffer(reel.to_bytes(), np.float32).reshape(51, -1)

    state = (reel.losses[7], reel.parameters[7], reel.gradients[7], reel.hidden[7])
    expected = [*np.ravel(state[0]), *state[1], *state[2], *state[3].ravel(), *reel.predictions[7]]
    assert numbers[7].tolist() == [float(each) for each in expected]


@pytest.mark.parametrize("settings", CHOICES, ids=str)
def test_its_last_state_is_the_trained_network(settings: Settings) -> None:
    run = train(settings)
    reel = film(run)

    assert reel.epochs[-1] == settings.epochs
    assert reel.losses[-1] == np.float32(run.final_loss)
    assert reel.predictions[-1].tolist() == run.predictions.ravel().tolist()


def test_the_widest_and_longest_film_takes_at_most_1_8_megabytes() -> None:
    size = len(film(train(Settings((64,), epochs=200))).to_bytes())  # longer runs keep fewer states

    assert size == 201 * 2_189 * 4
    assert size < 1_800_000


OTHERS = [
    Settings((6, 4), 0.1, 40, data="moons", activation="tanh", loss="bce", test_share=0.3),
    Settings((3,), 0.1, 40, data="curve", activation="sigmoid", loss="huber", l2=0.01),
    Settings((5, 2, 7), 0.1, 40, data="hills", activation="elu", loss="l1", rows=1_000),
    Settings((), 0.1, 40, data="plane", features=("x1^2", "x2", "x1*x2"), l1=0.01),
    Settings((4,), 0.1, 20, data="xor", activation="gelu", optimizer="adam", batch_size=30),
]


@pytest.mark.parametrize("settings", OTHERS, ids=str)
def test_a_state_of_any_network_is_what_its_modules_make_of_its_parameters(
    settings: Settings,
) -> None:
    run = train(settings)
    reel = film(run)
    widths = [run.inputs.shape[1], *settings.hidden_units, 1]
    modules: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        modules += [nn.Linear(inputs, outputs), MODULES[settings.activation]()]
    modules[-1] = nn.Sigmoid() if run.task == "binary" else nn.Identity()
    network = nn.Sequential(*modules)
    x, y = torch.tensor(run.inputs), torch.tensor(run.targets)
    for index, epoch in enumerate(reel.epochs):
        numbers = torch.tensor(reel.parameters[index])
        nn.utils.vector_to_parameters(numbers, network.parameters())
        made = [x]
        for module in modules:
            made.append(module(made[-1]))
        hidden = torch.cat([x[:10, :0], *(each[:10] for each in made[2:-1:2])], dim=1)
        loss = CRITERIA[settings.loss](made[-1], y)
        network.zero_grad()
        penalty = settings.l1 * sum(each.abs().sum() for each in network.parameters())
        (loss + penalty).backward()  # type: ignore[no-untyped-call]
        gradients = nn.utils.parameters_to_vector(
            [each.grad for each in network.parameters() if each.grad is not None]
        )

        assert epoch == index
        assert reel.losses[index] == pytest.approx(loss.item(), rel=1e-5)
        assert reel.hidden[index] == pytest.approx(hidden.detach().numpy(), abs=1e-5)
        assert reel.predictions[index] == pytest.approx(made[-1][:10, 0].detach().numpy(), abs=1e-5)
        assert reel.gradients[index] == pytest.approx(gradients.numpy(), abs=1e-5)


@pytest.mark.parametrize("settings", OTHERS[:-1], ids=str)
def test_without_batches_its_losses_are_those_that_the_script_prints(settings: Settings) -> None:
    run = train(settings)

    assert film(run).losses.tolist() == [*run.losses.tolist(), run.final_loss]


@pytest.mark.slow
@pytest.mark.parametrize("test", [False, True])
@pytest.mark.parametrize(("state", "shown"), [(None, 700), (0, 0), (3, 0), (4, 4), (699, 696)])
def test_what_it_answers_in_a_state_is_what_its_modules_make_of_all_rows(
    state: int | None, shown: int, test: bool
) -> None:
    run = train(Settings((4,), 0.5, 700, data="moons", test_share=0.3))
    reel = film(run)
    modules = (nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1), nn.Sigmoid())
    network = nn.Sequential(*modules)
    numbers = torch.tensor(reel.parameters[reel.epochs.tolist().index(shown)])
    nn.utils.vector_to_parameters(numbers, network.parameters())
    x = torch.tensor(run.test_inputs if test else run.inputs)
    y_pred = predictions_at(run, state, test=test)

    assert nearest_state(run, state) == shown
    assert len(y_pred) == (60 if test else 140)
    assert len(predictions_at(run, state)) == 140  # training rows by default
    assert y_pred == pytest.approx(network(x).detach().numpy(), abs=1e-6)


def flat(tensors: list[Any]) -> list[float]:
    """Return the numbers of nested lists as one list."""
    inner = (flat(each) if isinstance(each, list) else [each] for each in tensors)
    return [number for numbers in inner for number in numbers]
