"""Keeping the best state: the lowest test loss of all states, with the bits of the script."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.combinations import different
from tests.frames import mixed
from tinynet import Settings, SettingsError, sweep, to_script, train
from tinynet.analysis.coach.trying import train_to_the_end
from tinynet.analysis.diagnosis.ends import End, end_of
from tinynet.export.proof import prove
from tinynet.settings import differences, meaningful
from tinynet.training.expressions import begins_as
from tinynet.training.loop import Loop
from tinynet.training.train import Training

NETWORK = {"hidden_units": (16, 16), "learning_rate": 0.05, "epochs": 40, "optimizer": "adam"}
OVERFITTING: dict[str, Any] = NETWORK | {
    "data": "moons",
    "rows": 40,
    "noise": 0.4,
    "test_share": 0.5,
}
LAST = Settings(**OVERFITTING)
BEST = replace(LAST, keep="best")


def test_the_run_ends_at_the_lowest_of_all_its_test_losses() -> None:
    last, best = train(LAST), train(BEST)

    state = int(last.every_test_loss.argmin())
    assert 0 < state < 40
    assert best.losses.tobytes() == last.losses.tobytes()
    assert best.test_losses.tobytes() == last.test_losses.tobytes()
    assert best.final_test_loss == last.every_test_loss.min() < float(last.final_test_loss or 0)
    kept = last.checkpoints.test_predictions[state]
    assert best.test_predictions.tobytes() == kept.tobytes()
    assert best.final_loss == last.losses[state]


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        {},
        {"seed": 3, "learning_rate": 0.005},  # the last state is the best
        {"batch_size": 7},
        {"activation": "gelu", "loss": "huber", "clip": 0.5},
        {"data": "arms", "zero_gradients": False, "optimizer": "sgd"},
        {"learning_rate": 10, "optimizer": "sgd", "data": "plane"},  # diverges
        {"data": mixed(), "last_layer_rate": 0.1},
    ],
    ids=str,
)
def test_the_script_goes_back_to_the_same_bits(change: dict[str, Any]) -> None:
    settings = Settings(**{**OVERFITTING, **change, "keep": "best"})

    assert different(settings) == []
    assert prove(to_script(settings), train(settings), lambda _: None).differing == ()


def test_the_last_of_equal_states_is_no_better_than_the_first() -> None:
    still = replace(BEST, hidden_units=(2,), last_layer_rate=0, activation="relu", epochs=3)

    first, *_, last = train(replace(still, initialisation="zeros")).checkpoints.flat_parameters

    assert np.array_equal(first, last)


def test_turns_change_nothing() -> None:
    whole, training = train(BEST), Training(BEST)
    while not training.finished:
        training.advance(seconds=0)
        present = training.to_run()
        if not training.finished:  # a run in progress shows its present state
            assert present.final_test_loss == pytest.approx(
                float(train(replace(LAST, epochs=training.epoch)).final_test_loss or 0), abs=0
            )

    assert training.to_run().predictions.tobytes() == whole.predictions.tobytes()
    assert training.to_run().predictions.tobytes() == whole.predictions.tobytes()
    by_autograd = Training(BEST, Loop)
    by_autograd.advance(seconds=60)
    assert by_autograd.to_run().predictions.tobytes() == whole.predictions.tobytes()


def test_it_means_nothing_without_test_rows() -> None:
    assert Settings(keep="best") == Settings()
    assert "keep" not in {knob.name for knob in meaningful(Settings())}
    assert differences(BEST, LAST) == ["keep best state"]
    with pytest.raises(SettingsError, match="keep must be last or best, not 'worst'"):
        Settings(keep="worst")


def test_no_run_continues_from_its_best_state() -> None:
    longer = replace(BEST, epochs=50)

    assert not begins_as(longer, BEST)
    with pytest.raises(ValueError, match="With keep best state no run continues"):
        train(longer, after=train(BEST))


def test_a_sweep_and_the_coach_end_at_the_best_state_too() -> None:
    swept = sweep(BEST, {"keep": ["last", "best"], "seed": range(3), "epochs": [5, 40]})

    exact = [
        [[train(swept.settings_of((k, s, e))) for e in (0, 1)] for s in range(3)] for k in (0, 1)
    ]
    losses = [[[each.final_test_loss for each in runs] for runs in its] for its in exact]
    np.testing.assert_allclose(swept.final_test_losses, np.array(losses, float), atol=1e-4)
    assert ended(train_to_the_end(BEST)) == end_of(train(BEST))


def ended(steps: Generator[None, None, End]) -> End:
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            end: End = stop.value
            return end
