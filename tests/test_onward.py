"""Onward: a continued run equals the longer run from the start, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.combinations import drawn, run_beside_its_file
from tests.oracle import article_knobs, article_loop
from tests.test_training import numbers
from tinynet import Run, Settings, table, to_script, train
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.registry.schedules import SCHEDULES
from tinynet.training.backpropagation import fastest_loop
from tinynet.training.engine import Engine
from tinynet.training.film import film
from tinynet.training.loop import Loop
from tinynet.training.train import Training
from tinynet.user_data.examples import EXAMPLES

# All state that a step can need from earlier steps.
MOONS: dict[str, Any] = {"data": "moons", "rows": 40, "test_share": 0.25, "batch_size": 8}
HARD: dict[str, Any] = {**MOONS, "zero_gradients": False, "clip": 0.5, "l1": 0.001, "l2": 0.01}
SLOW: dict[str, Any] = {"learning_rate": 0.001, "activation": "tanh", "last_layer_rate": 2}


def assert_equal(one: Run, other: Run) -> None:
    for name in ("checkpoints", "passes"):
        assert numbers(getattr(one, name)) == numbers(getattr(other, name)), one.settings
    assert numbers(film(one)) == numbers(film(other)), one.settings
    assert numbers(one) == numbers(other), one.settings


def assert_goes_on(settings: Settings, *lengths: int) -> Run:
    """Continue a run repeatedly, and compare the end of each part with a run from the start."""
    run = train(settings)
    for epochs in lengths:
        longer = replace(settings, epochs=epochs)
        run = train(longer, after=run)
        assert_equal(run, train(longer))
    return run


@pytest.mark.slow
def test_any_network_goes_on_as_if_it_had_never_stopped() -> None:
    went_on = 0
    for each in drawn(10, seed=5):
        settings = replace(each, schedule="constant", keep="last")
        if not train(settings).diverged:
            assert_goes_on(settings, 2 * settings.epochs)
            went_on += 1
    assert went_on >= 5


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_optimizer_goes_on_through_every_stride_of_what_is_kept(optimizer: str) -> None:
    hard = Settings((4, 3), epochs=25, optimizer=optimizer, **HARD, **SLOW)
    assert_goes_on(hard, 50, 201, 450)


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        Settings((), data="blobs", epochs=60, batch_size=30, test_share=0.2, optimizer="nesterov"),
        Settings((5,), data="curve", epochs=1, activation="gelu", loss="huber"),
        Settings((6,), data=table(EXAMPLES[0].sheet, target="species"), epochs=30, batch_size=50),
        Settings((64,) * 6, data="hills", epochs=55, optimizer="adam"),  # its film has few states
    ],
    ids=str,
)
def test_other_data_and_the_largest_network_go_on_too(settings: Settings) -> None:
    assert_goes_on(settings, 2 * settings.epochs, 4 * settings.epochs)


@pytest.mark.slow
@pytest.mark.parametrize("open_loop", [fastest_loop, Loop])
def test_looked_at_in_every_turn_it_goes_on_the_same(
    open_loop: Callable[[Settings], Engine],
) -> None:
    for more in ({}, HARD):
        settings = Settings((4,), epochs=30, optimizer="adam", **more)
        longer = replace(settings, epochs=60)
        training = Training(longer, open_loop, after=train(settings))
        assert (training.epoch, training.share) == (30, 0.5)
        while not training.finished:
            training.to_run()
            training.advance(seconds=0)

        assert_equal(training.to_run(), train(longer))


def test_its_losses_are_the_articles() -> None:
    for settings in (Settings(), Settings((9,), 0.5, 150, seed=3, zero_gradients=False)):
        longer = replace(settings, epochs=2 * settings.epochs)
        run, expected = train(longer, after=train(settings)), article_loop(**article_knobs(longer))

        assert run.losses.tolist() == expected["losses"]
        assert run.final_loss == expected["final_loss"]
        assert run.predictions.tolist() == expected["predictions"]


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_its_losses_are_those_that_its_script_prints(optimizer: str) -> None:
    settings = Settings((4, 3), epochs=15, optimizer=optimizer, **HARD, **SLOW)
    longer = replace(settings, epochs=30)

    run = train(longer, after=train(settings))

    assert run.printed(0, 30) == run_beside_its_file(longer, to_script(longer))


def test_a_run_that_breaks_as_it_goes_on_ends_where_it_breaks_from_the_start() -> None:
    longer = Settings((5,), 10.0, 50, data="hills")
    epochs = len(train(longer).losses)
    run = train(replace(longer, epochs=epochs - 1))
    assert 1 < epochs < 50
    assert not run.diverged

    went_on = train(longer, after=run)

    assert went_on.diverged
    assert_equal(went_on, train(longer))


def test_the_first_part_is_not_trained_again_and_its_seconds_count() -> None:
    updates = []

    class Counted(Loop):
        def step(self) -> None:
            updates.append(self)
            super().step()

    run = replace(train(Settings(epochs=300)), seconds=1000.0)
    training = Training(Settings(epochs=600), Counted, after=run)
    while not training.finished:
        training.advance(seconds=1)

    assert len(updates) == 300
    assert 1000 < training.to_run().seconds < 1100


def test_what_the_run_before_kept_stays_as_it_was() -> None:
    run = train(Settings(**HARD))
    before = [numbers(each) for each in (run, run.checkpoints, run.passes)]

    train(Settings(**HARD, epochs=100), after=run)

    assert [numbers(each) for each in (run, run.checkpoints, run.passes)] == before


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(epochs=20), "not with epochs 20"),
        (Settings(), "not with the same settings"),
        (Settings(epochs=100, learning_rate=0.1), "not with learning rate 0.1, epochs 100"),
        (Settings(epochs=100, schedule="cosine"), "not with epochs 100, schedule Cosine"),
    ],
    ids=str,
)
def test_with_anything_but_more_epochs_it_is_refused_in_a_sentence(
    article_run: Run, settings: Settings, words: str
) -> None:
    with pytest.raises(ValueError, match="A run continues with more epochs and no other") as said:
        train(settings, after=article_run)
    assert words in str(said.value)


@pytest.mark.parametrize("schedule", [each for each in SCHEDULES if each != "constant"])
def test_with_a_schedule_that_depends_on_the_epochs_it_is_refused(schedule: str) -> None:
    run = train(Settings(schedule=schedule))

    with pytest.raises(ValueError, match=f"With schedule {schedule} no run continues"):
        train(Settings(schedule=schedule, epochs=100), after=run)


def test_where_a_schedule_has_the_same_rates_for_more_epochs_it_goes_on() -> None:
    assert_goes_on(Settings(schedule="step", epochs=4), 6)  # a tenth after every 2 epochs


def test_a_run_that_broke_or_still_trains_or_is_from_elsewhere_is_refused() -> None:
    broken = train(Settings((5,), 10.0, 50, data="hills"))
    training = Training(Settings(epochs=20))
    training.advance(seconds=0)
    elsewhere = replace(train(Settings()), torch_version="1.0", processor="an abacus")
    for run, words in (
        (broken, "diverged"),
        (training.to_run(), "still training"),
        (elsewhere, "PyTorch 1.0 on an abacus"),
    ):
        longer = replace(run.settings, epochs=100)
        with pytest.raises(ValueError, match=words):
            train(longer, after=run)


def test_a_network_that_has_learned_nothing_yet_has_no_gradients_to_go_on_with() -> None:
    run = train(Settings(epochs=1, zero_gradients=False))

    assert not any(np.any(each[0]) for each in run.checkpoints.gradients)
    assert_goes_on(run.settings, 2)
