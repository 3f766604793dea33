"""Film: every kept state as PyTorch computes it, within its bound."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from tests.oracle import article_knobs, article_loop
from tinynet import Run, Settings, train
from tinynet.film import film

CHOICES = [
    Settings(),
    Settings((33,), 0.5, 199, seed=3),
    Settings((17,), 0.5, 1_500),
    Settings((9,), 0.1, 700, zero_gradients=False),
    Settings((8, 3), 0.5, 120, seed=1),  # hidden layers of different widths stand in their order
    Settings((3, 12, 5), 0.5, 60, zero_gradients=False),
]


@pytest.mark.parametrize("settings", CHOICES, ids=str)
def test_a_state_of_the_film_is_the_articles_bit_for_bit(settings: Settings) -> None:
    reel = film(train(settings))
    last = len(reel.epochs) - 1
    for index in {*range(0, last, 17), last}:
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
    size = len(film(train(Settings((64,), epochs=2_000))).to_bytes())

    assert size == 201 * 2_189 * 4
    assert size < 1_800_000


def flat(tensors: list[Any]) -> list[float]:
    """Return the numbers of nested lists, one after another."""
    inner = (flat(each) if isinstance(each, list) else [each] for each in tensors)
    return [number for numbers in inner for number in numbers]
