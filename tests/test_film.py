"""Film: every kept state as PyTorch computes it, within its bound."""

from __future__ import annotations

import numpy as np
import pytest

from tinynet import Settings, train
from tinynet.epoch import Tensors
from tinynet.explain import explain
from tinynet.film import film

CHOICES = [
    Settings(),
    Settings((33,), 0.5, 199, seed=3),
    Settings((17,), 0.5, 1_500),
    Settings((9,), 0.1, 700, zero_gradients=False),
]


@pytest.mark.parametrize("settings", CHOICES, ids=str)
def test_a_state_of_the_film_is_the_epoch_opened_up_bit_for_bit(settings: Settings) -> None:
    run = train(settings)
    reel = film(run)
    for index in range(0, len(reel.epochs) - 1, 17):
        epoch = explain(run, int(reel.epochs[index]))

        assert reel.losses[index] == np.float32(epoch.loss)
        assert flat(epoch.before) == reel.parameters[index].tolist()
        assert flat(epoch.gradients) == reel.gradients[index].tolist()
        assert reel.hidden[index].tolist() == epoch.layers[0].outputs.tolist()
        assert reel.predictions[index].tolist() == epoch.y_pred.ravel().tolist()


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


def flat(tensors: Tensors) -> list[float]:
    return [number for tensor in tensors for number in tensor.ravel().tolist()]
