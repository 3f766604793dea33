"""The size limit of films, and their scores."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from tests.combinations import drawn
from tests.films import CRITERIA
from tinynet import Run, Settings, train
from tinynet.training.film import film, predictions_at
from tinynet.training.network import build_network


@pytest.mark.parametrize("rows", [10, 1_000])
def test_of_the_largest_network_it_keeps_the_first_state_the_last_and_some_between(
    rows: int,
) -> None:
    settings = Settings((64,) * 6, epochs=60, data="hills", rows=rows)
    reel = film(train(settings))

    assert len(reel.to_bytes()) <= 2_000_000
    assert (reel.epochs[0], reel.epochs[-1]) == (0, 60)
    assert len(reel.epochs) >= 8
    twice_as_near = len(range(0, 60, reel.epochs[1] // 2)) + 1  # states at half the distance
    assert twice_as_near * len(reel.to_bytes()) / len(reel.epochs) > 2_000_000


def test_the_film_of_a_run_that_broke_goes_to_its_end() -> None:
    run = train(Settings((5,), 10.0, 50, data="hills"))
    reel = film(run)

    assert run.diverged
    assert reel.epochs.tolist() == list(range(len(run.losses) + 1))
    np.testing.assert_array_equal(reel.losses, run.every_loss)
    assert np.isnan(reel.predictions[-1]).all()


def by_autograd(run: Run, index: int) -> dict[str, torch.Tensor]:
    """Return the values of PyTorch's own modules in a kept state, forward and backward."""
    settings, kept = run.settings, run.checkpoints
    network = build_network(settings, torch.Generator())
    accumulated = [each[index] for each in kept.gradients] if kept.epochs[index] else []
    for place, parameter in enumerate(network.parameters()):
        parameter.data = torch.tensor(kept.parameters[place][index])
        parameter.grad = torch.tensor(accumulated[place]) if accumulated else None
    several = run.task == "multiclass"
    y = torch.tensor(run.targets.ravel().astype(int) if several else run.targets)
    made = [torch.tensor(run.inputs)]
    for module in network:
        made.append(module(made[-1]))
    pairs = zip(made, network, strict=False)
    inputs = [each for each, module in pairs if isinstance(module, nn.Linear)]
    loss = CRITERIA[settings.loss](made[-1], y)
    penalty = sum(each.abs().sum() for each in network.parameters())
    (loss + settings.l1 * penalty if settings.l1 else loss).backward()  # type: ignore[no-untyped-call]
    hidden = [made[0][:10, :0], *(each[:10] for each in inputs[1:])]
    gradients = [each.grad.ravel() for each in network.parameters() if each.grad is not None]
    return {
        "losses": loss,
        "gradients": torch.cat(gradients),
        "hidden": torch.cat(hidden, dim=1),
        "predictions": made[-1][:10].ravel(),
    }


@pytest.mark.slow
def test_of_any_settings_each_state_is_what_autograd_makes_of_it_bit_for_bit() -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    for settings in drawn(30, seed=31):
        run = train(settings)
        if run.diverged:  # the bits of NaN can differ
            continue
        reel = film(run)
        for state in {0, 1, len(reel.epochs) // 2, len(reel.epochs) - 1}:
            expected = by_autograd(run, int(run.passes.checkpoints[state]))
            for name, tensor in expected.items():
                ours = getattr(reel, name)[state]
                assert ours.tobytes() == tensor.detach().numpy().tobytes(), f"{name}: {settings}"
    torch.set_num_threads(threads)


def test_a_film_and_what_is_answered_ask_nothing_of_pytorch() -> None:
    run = train(Settings((8, 8), data="moons", test_share=0.3))
    calls = []

    class Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
        def __torch_dispatch__(self, func: Any, *_: Any) -> Any:
            calls.append(func)

    with Watch():  # type: ignore[no-untyped-call]
        film(run).to_bytes()
        predictions_at(run, 7, test=True)

    assert calls == []


def test_it_is_no_second_copy_of_what_the_run_keeps() -> None:
    run = train(Settings((8, 8), data="moons"))
    reel, kept = film(run), run.checkpoints

    assert np.shares_memory(reel.predictions, kept.predictions)
    assert np.shares_memory(reel.gradients, run.passes.gradients)
    for parameters in kept.parameters:
        assert np.shares_memory(reel.parameters, parameters)


@pytest.mark.parametrize("data", ["moons", "arms"])
def test_its_scores_are_how_many_rows_are_right(data: str) -> None:
    run = train(Settings((6,), 0.5, 60, data=data, test_share=0.3))
    reel = film(run)
    for index, epoch in enumerate(reel.epochs.tolist()):
        for scores, test, targets in (
            (reel.scores, False, run.targets),
            (reel.test_scores, True, run.test_targets),
        ):
            y_pred = predictions_at(run, epoch, test=test)
            says = y_pred.argmax(1) if data == "arms" else y_pred[:, 0] > 0.5
            assert scores[index] == (says == targets[:, 0]).sum()

    assert reel.scores.dtype == reel.test_scores.dtype == np.float64
    assert (reel.scores[-1], reel.test_scores[-1]) == (run.correct.sum(), run.test_correct.sum())
    assert reel.test_losses.tolist() == run.every_test_loss.tolist()


def test_of_a_regression_its_scores_are_r_squared() -> None:
    run = train(Settings((6,), 0.1, 300, data="hills", test_share=0.3, schedule="step"))
    reel = film(run)
    for index, epoch in enumerate(reel.epochs.tolist()):
        rest = run.test_targets - predictions_at(run, epoch, test=True).astype(float)
        told = 1 - np.mean(rest**2) / run.test_targets.astype(float).var()
        assert reel.test_scores[index] == pytest.approx(told, rel=1e-6)
        assert reel.test_losses[index] == run.every_test_loss[epoch]

    assert reel.scores[-1] == run.r_squared
    assert reel.test_scores[-1] == run.test_r_squared


def test_without_test_rows_or_different_ones_there_is_no_score() -> None:
    run = train(Settings(data="plane", epochs=3))
    alike = replace(run, targets=np.ones_like(run.targets))

    assert film(run).test_scores.shape == film(run).test_losses.shape == (0,)
    assert np.isnan(film(alike).scores).tolist() == [True] * 4
