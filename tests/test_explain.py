"""Explain: an opened epoch equals the trained epoch, line by line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from tests.oracle import article_loop
from tinynet import Run, Settings, train
from tinynet.analysis.epoch import Epoch, batch_count
from tinynet.analysis.explain import explain
from tinynet.training.loop import Loop

CHOICES = [
    Settings(),
    Settings((1,), 10.0, 199, seed=8),
    Settings((17,), 0.5, 120, seed=2),
    Settings((64,), 1.0, 60),
    Settings((8, 3), 0.5, 80),
    Settings((8, 3), 0.1, 80, last_layer_rate=7),
    Settings((8, 3), 0.5, 80, seed=4, weight_seed=4),
    Settings((20,), 0.1, 150, zero_gradients=False),
    Settings((5,), 0.01, 199, zero_gradients=False),
]
LONG = [Settings((33,), 0.5, 1_500), Settings((18,), 0.05, 1_500, zero_gradients=False)]


def by_autograd(settings: Settings, epoch: int) -> dict[str, Any]:
    """Run the article's loop up to an epoch, and return the values of each of its lines."""
    noted = article_loop(
        list(settings.hidden_units),
        settings.learning_rate,
        epoch + 1,
        settings.seed,
        zero_gradients=settings.zero_gradients,
        last_layer_rate=settings.last_layer_rate,
        weight_seed=settings.weight_seed,
    )
    return {**noted["last epoch"], "after": noted["parameters"]}


def made(opened: Epoch) -> dict[str, Any]:
    tensors = ("accumulated", "before", "gradients", "after")
    lists = {name: [each.tolist() for each in getattr(opened, name)] for name in tensors}
    return {
        **lists,
        "sums": [layer.sums.tolist() for layer in opened.layers],
        "outputs": [layer.outputs.tolist() for layer in opened.layers],
        "slopes": [layer.gradients.tolist() for layer in opened.layers],
        "y_pred": opened.y_pred.tolist(),
        "squared errors": opened.row_losses.tolist(),
        "loss": opened.loss,
    }


@pytest.mark.slow
@pytest.mark.parametrize("settings", CHOICES, ids=str)
def test_every_line_makes_what_autograd_makes_bit_for_bit(settings: Settings) -> None:
    run = train(settings)
    for epoch in (0, 1, 7, settings.epochs - 1):
        assert made(explain(run, epoch)) == by_autograd(settings, epoch)


@pytest.mark.slow
@pytest.mark.parametrize("settings", LONG, ids=str)
def test_an_epoch_between_two_checkpoints_is_replayed_bit_for_bit(settings: Settings) -> None:
    run = train(settings)
    for epoch in (7, 8, 9, 777, 1_499):
        assert made(explain(run, epoch)) == by_autograd(settings, epoch)


def test_a_replay_starts_from_the_nearest_checkpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    run = train(LONG[0])
    updates, update = [], Loop.update

    def counted(loop: Loop, loss: torch.Tensor) -> None:
        updates.append(loop)
        update(loop, loss)

    monkeypatch.setattr(Loop, "update", counted)
    explain(run, 1_499)

    assert len(updates) <= 9  # a run of 1,500 epochs keeps every 8th state


@pytest.mark.slow
@pytest.mark.parametrize("settings", CHOICES, ids=str)
def test_its_step_leads_to_the_next_state(settings: Settings) -> None:
    run = train(settings)
    for epoch in range(0, settings.epochs, 13):
        after = [kept[epoch + 1].tolist() for kept in run.checkpoints.parameters]

        assert [each.tolist() for each in explain(run, epoch).after] == after


def test_the_loss_is_the_mean_of_the_row_losses_and_that_of_the_run(article_run: Run) -> None:
    opened = explain(article_run, 20)

    assert opened.number == 20
    assert opened.loss == article_run.losses[20]
    assert np.mean(opened.row_losses) == pytest.approx(opened.loss, rel=1e-6)


def test_parameters_are_named_as_one_writes_them(article_run: Run) -> None:
    names = explain(article_run, 0).names

    assert names == ("model[0].weight", "model[0].bias", "model[2].weight", "model[2].bias")


def test_before_the_first_epoch_there_is_nothing_to_clear(article_run: Run) -> None:
    assert explain(article_run, 0).accumulated == ()


@pytest.mark.parametrize("epoch", [-1, 50, 10_000])
def test_an_epoch_that_was_not_trained_is_refused(article_run: Run, epoch: int) -> None:
    with pytest.raises(ValueError, match="epoch") as refusal:
        explain(article_run, epoch)

    assert str(refusal.value) == f"epoch must be from 0 to 49, not {epoch}."


def test_explaining_leaves_the_random_state_alone(article_run: Run) -> None:
    before = torch.get_rng_state()
    explain(article_run, 20)

    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.slow
@pytest.mark.parametrize("batch_size", [0, 1, 20, 30, 140, 200])
def test_an_epoch_has_as_many_batches_as_pytorchs_own_loader_makes(batch_size: int) -> None:
    settings = Settings(data="moons", rows=200, test_share=0.3, batch_size=batch_size)
    rows = torch.tensor(train(settings).inputs)
    loader = DataLoader(TensorDataset(rows), batch_size=batch_size or len(rows))

    assert batch_count(settings) == len(loader)
