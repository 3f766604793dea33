"""A last layer with its own rate: equal to PyTorch's two parameter groups, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler

from tinynet import Run, Settings, to_script, train
from tinynet.analysis.explain import explain
from tinynet.export.proof import prove
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.loop import Loop
from tinynet.training.rates import learning_rates
from tinynet.training.train import Training

EPOCHS = 9
RATE = 0.05
OPTIMIZERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "sgd": torch.optim.SGD,
    "momentum": lambda groups, **options: torch.optim.SGD(groups, momentum=0.9, **options),
    "nesterov": lambda groups, **options: torch.optim.SGD(
        groups, momentum=0.9, nesterov=True, **options
    ),
    "adagrad": torch.optim.Adagrad,
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
}
SCHEDULES: dict[str, Callable[[torch.optim.Optimizer], Any]] = {
    "constant": lambda optimizer: lr_scheduler.ConstantLR(optimizer, factor=1.0),
    "step": lambda optimizer: lr_scheduler.StepLR(optimizer, 3, gamma=0.1),
    "exponential": lambda optimizer: lr_scheduler.ExponentialLR(optimizer, 0.01 ** (1 / EPOCHS)),
    "cosine": lambda optimizer: lr_scheduler.CosineAnnealingLR(optimizer, T_max=EPOCHS),
}
WAYS: dict[str, dict[str, Any]] = {
    "plain": {},
    "of one unit": {"hidden_units": (1,), "last_layer_rate": 0.02},
    "penalised": {"hidden_units": (7, 1, 5), "l1": 0.001, "l2": 0.02},
    "clipped and forgotten": {"clip": 0.1, "zero_gradients": False, "last_layer_rate": 0.5},
    "in batches": {"data": "moons", "rows": 47, "hidden_units": (17, 33), "batch_size": 8},
    "kept": {"hidden_units": (4, 4), "last_layer_rate": 0.0},
}


def by_two_groups(run: Run, batches: list[list[Any]]) -> list[list[Any]]:
    """Train the first weights of a run with PyTorch alone; return the parameters of each state."""
    settings = run.settings
    states = iter(torch.tensor(each[0]) for each in run.checkpoints.parameters)
    modules: list[nn.Module] = []
    for weight, bias in zip(states, states, strict=True):
        linear = nn.Linear(weight.shape[1], weight.shape[0])
        linear.load_state_dict({"weight": weight, "bias": bias})
        modules += [linear, nn.ReLU()]
    model = nn.Sequential(*modules[:-1], nn.Sigmoid())
    *others, weight, bias = parameters = list(model.parameters())
    last = {"params": [weight, bias], "lr": RATE * settings.last_layer_rate}
    decay = {"weight_decay": settings.l2} if settings.l2 else {}
    optimizer = OPTIMIZERS[settings.optimizer]([{"params": others}, last], lr=RATE, **decay)
    scheduler = SCHEDULES[settings.schedule](optimizer)
    seen = [[each.tolist() for each in parameters]]
    x, y = torch.tensor(run.inputs), torch.tensor(run.targets)
    for those in batches:
        for rows in those:
            loss = nn.functional.mse_loss(model(x[rows]), y[rows])
            if settings.zero_gradients:
                optimizer.zero_grad()
            penalty = sum(each.abs().sum() for each in parameters)
            whole: Any = loss + settings.l1 * penalty if settings.l1 else loss
            whole.backward()
            if settings.clip:
                nn.utils.clip_grad_norm_(parameters, settings.clip)
            optimizer.step()
        scheduler.step()
        seen.append([each.tolist() for each in parameters])
    return seen


def settings_of(way: str, **knobs: Any) -> Settings:
    own: dict[str, Any] = {"last_layer_rate": 3.0, **WAYS[way]}
    return Settings(learning_rate=RATE, epochs=EPOCHS, **own, **knobs)


@cache
def rows_of(way: str) -> list[list[Any]]:
    """Return the rows of each batch of each epoch; no optimizer or schedule matters."""
    run = train(settings_of(way))
    if not run.settings.batch_size:
        return [[slice(None)]] * EPOCHS
    count = explain(run, 0).batches
    return [
        [explain(run, epoch, batch).rows.copy() for batch in range(count)]
        for epoch in range(EPOCHS)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("way", WAYS)
def test_every_state_is_that_of_two_groups_of_parameters(
    optimizer: str, schedule: str, way: str
) -> None:
    settings = settings_of(way, optimizer=optimizer, schedule=schedule)
    run, by_autograd = train(settings), Training(settings, Loop)
    by_autograd.advance(seconds=60)
    batches = rows_of(way)

    with fresh_torch_state():
        expected = by_two_groups(run, batches)

    for trained in (run, by_autograd.to_run()):
        kept = trained.checkpoints.parameters
        assert [[each[state].tolist() for each in kept] for state in range(EPOCHS + 1)] == expected


def test_a_schedule_lowers_both_rates() -> None:
    settings = Settings(learning_rate=0.1, last_layer_rate=3, schedule="step", epochs=6)

    first, last = zip(*learning_rates(settings), strict=True)
    assert first == pytest.approx([0.1, 0.1, 0.01, 0.01, 0.001, 0.001])
    assert last == pytest.approx([0.3, 0.3, 0.03, 0.03, 0.003, 0.003])


def test_at_0_the_last_layer_stays_as_it_was_drawn() -> None:
    for optimizer in OPTIMIZERS:
        *others, weight, bias = train(
            Settings(optimizer=optimizer, last_layer_rate=0)
        ).checkpoints.parameters

        assert (weight == weight[0]).all()
        assert (bias == bias[0]).all()
        assert all((each[-1] != each[0]).any() for each in others)


def test_an_opened_epoch_knows_the_rate_of_each_parameter() -> None:
    run = train(Settings((4, 3), 0.1, last_layer_rate=3))

    assert explain(run, 5).rates == (0.1, 0.1, 0.1, 0.1, 0.1 * 3, 0.1 * 3)
    assert explain(train(Settings()), 5).rates == (0.01,) * 4


def test_a_script_that_is_run_here_prints_the_losses_of_the_run() -> None:
    run = train(Settings((6, 3), 0.1, optimizer="adam", schedule="cosine", last_layer_rate=3))

    for form in ("sequential", "class"):
        assert prove(to_script(run.settings, form), run, lambda _: None).differing == ()
