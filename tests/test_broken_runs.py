"""Runs that broke: the last state follows the epoch whose loss was NaN."""

from __future__ import annotations

from dataclasses import fields
from io import BytesIO
from itertools import count
from typing import Any

import numpy as np
import pytest
import torch

import tinynet.training.turns
from tests.oracle import article_knobs, article_loop
from tinynet import Run, Settings, to_script, to_weights
from tinynet.analysis.explain import explain
from tinynet.export.proof import prove
from tinynet.settings import LEARNING_RATE
from tinynet.training.backpropagation import WrittenOutLoop
from tinynet.training.engine import Engine
from tinynet.training.film import film
from tinynet.training.loop import Loop
from tinynet.training.train import Training

# Found among thousands of random settings; the run breaks after about 1,850 epochs.
RARE = Settings((64, 64, 64, 64, 59, 50), 10.0, 10_000, seed=438, zero_gradients=False)


def far_beyond(hidden_units: tuple[int, ...], rate: float, **others: Any) -> Settings:
    """Return settings with a rate beyond the sliders, which soon breaks the run."""
    settings = Settings(hidden_units, LEARNING_RATE.maximum, **others)
    object.__setattr__(settings, "learning_rate", rate)
    return settings


AT_ONCE = far_beyond((8, 3), 1e15, epochs=50)
SOON = far_beyond((8, 3), 1e20, epochs=1_000, seed=8, zero_gradients=False)
LATER = far_beyond((64, 64, 64, 64), 1e8, epochs=2_000, seed=6, zero_gradients=False)
CHOICES = [AT_ONCE, SOON, LATER]


def trained(
    settings: Settings, turn: int, monkeypatch: pytest.MonkeyPatch, loop: type[Engine] | None = None
) -> Run:
    """Train in turns of a few epochs: each look at the clock ends a turn."""
    monkeypatch.setattr(tinynet.training.turns, "perf_counter", count().__next__)
    training = Training(settings, loop) if loop else Training(settings)
    while not training.finished:
        training.advance(seconds=turn - 0.5)
    return training.to_run()


def by_the_article(settings: Settings) -> dict[str, Any]:
    """Return the results of the article's loop after the epoch that broke."""
    made: dict[str, Any] = article_loop(**article_knobs(settings), stop_at_nan=True)
    assert np.isnan(made["losses"][-1])
    assert len(made["losses"]) < settings.epochs
    return made


def same(one: Any, other: Any) -> bool:
    """Tell whether two arrays hold the same numbers, where NaN equals NaN."""
    return np.array_equal(
        np.asarray(one, np.float32), np.asarray(other, np.float32), equal_nan=True
    )


def check(run: Run, expected: dict[str, Any]) -> None:
    """Compare all that a run stores of its last state with the article's loop."""
    assert run.diverged
    assert same(run.losses, expected["losses"])
    assert same(run.final_loss, expected["final_loss"])
    assert same(run.predictions, expected["predictions"])
    assert run.checkpoints.epochs[-1] == len(expected["losses"])
    assert (np.diff(run.checkpoints.epochs) > 0).all()
    assert same(run.checkpoints.predictions[-1], expected["predictions"])
    for kept, last in zip(run.checkpoints.parameters, expected["parameters"], strict=True):
        assert same(kept[-1], last)


@pytest.mark.slow
@pytest.mark.parametrize("turn", [1, 2, 7, 60, 3_000])
@pytest.mark.parametrize("settings", CHOICES, ids=str)
def test_its_last_state_is_the_one_after_the_epoch_that_broke_whatever_the_turn(
    settings: Settings, turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = by_the_article(settings)

    check(trained(settings, turn, monkeypatch), expected)
    check(trained(settings, turn, monkeypatch, Loop), expected)


@pytest.mark.slow
def test_so_it_is_with_settings_that_the_sliders_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = article_loop(**article_knobs(RARE), stop_at_nan=True)
    if not np.isnan(expected["losses"][-1]):
        pytest.skip("On this processor it does not break.")
    for turn in (30, 3_000):
        check(trained(RARE, turn, monkeypatch), expected)


def test_the_way_back_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    updates = []

    class Counted(WrittenOutLoop):
        def step(self) -> None:
            updates.append(self)
            super().step()

    run = trained(LATER, 7, monkeypatch, Counted)

    stride = run.checkpoints.epochs[1]
    assert len(updates) <= len(run.losses) + 7 + stride  # one turn too many, and a continued run


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.001, 0.02, 60])
def test_so_it_is_with_turns_by_the_clock(seconds: float) -> None:
    training = Training(LATER)
    while not training.finished:
        training.advance(seconds)

    check(training.to_run(), by_the_article(LATER))


@pytest.mark.slow
@pytest.mark.parametrize("turn", [1, 3_000])
def test_the_states_before_are_those_of_a_shorter_training(
    turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(LATER, turn, monkeypatch)
    kept = run.checkpoints
    stride = int(kept.epochs[1])
    assert kept.epochs[:-1].tolist() == list(range(0, len(run.losses), stride))

    for index in range(1, len(kept.epochs) - 1):
        shorter = article_loop(**{**article_knobs(LATER), "epochs": int(kept.epochs[index])})
        for states, parameter in zip(kept.parameters, shorter["parameters"], strict=True):
            assert same(states[index], parameter)


@pytest.mark.slow
@pytest.mark.parametrize("settings", CHOICES, ids=str)
def test_film_weights_and_the_epoch_opened_up_end_in_that_state(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(settings, 3_000, monkeypatch)
    last = by_the_article(settings)["parameters"]
    reel = film(run)
    state = torch.load(BytesIO(to_weights(run)), weights_only=True)
    opened = explain(run, len(run.losses) - 1)

    assert reel.epochs[-1] == len(run.losses)
    assert same(reel.losses[-1], run.final_loss)
    assert same(reel.parameters[-1], np.concatenate([np.ravel(each) for each in last]))
    for ours, after, parameter in zip(state.values(), opened.after, last, strict=True):
        assert same(ours, parameter)
        assert same(after, parameter)


@pytest.mark.slow
@pytest.mark.parametrize("settings", CHOICES, ids=str)
def test_its_film_is_the_same_whether_it_went_back_or_not(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (film(trained(settings, turn, monkeypatch)) for turn in (1, 3_000))

    for field in fields(one):
        assert same(getattr(one, field.name), getattr(other, field.name)), field.name


@pytest.mark.slow
@pytest.mark.parametrize("settings", [AT_ONCE, SOON], ids=str)
def test_the_proof_says_that_the_run_ended_and_the_script_goes_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(settings, 3_000, monkeypatch)
    proof = prove(to_script(settings), run, lambda _: None)
    epochs, after = len(run.losses), settings.epochs - len(run.losses)

    assert len(proof.printed) == settings.epochs
    assert proof.differing == ()
    assert proof.verdict == (
        f"{epochs:,} of {epochs:,} losses identical to the chart. The run ended there, at nan; "
        f"the script prints nan {after:,} times more."
    )


@pytest.mark.parametrize(
    ("fault", "differing"),
    [
        ("loss.item() if epoch != 30 else 0.25", (30,)),
        ("loss.item() if epoch != 30 else float('inf')", (30,)),
        ("loss.item() if epoch != 1 else 0.25", (1,)),
    ],
)
def test_a_line_after_its_end_that_is_not_nan_is_a_difference(
    fault: str, differing: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(AT_ONCE, 3_000, monkeypatch)
    script = to_script(AT_ONCE).replace("loss.item()", fault)

    proof = prove(script, run, lambda _: None)

    assert proof.differing == differing
    assert "different in epoch" in proof.verdict


@pytest.mark.parametrize("epochs", [1, 40, 60])
def test_a_line_after_its_end_that_is_missing_or_too_many_is_a_difference(
    epochs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(AT_ONCE, 3_000, monkeypatch)
    other = far_beyond((8, 3), 1e15, epochs=epochs)

    proof = prove(to_script(other), run, lambda _: None)

    assert proof.differing == tuple(range(min(epochs, 50), max(epochs, 50)))
