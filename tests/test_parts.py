"""The tables: each entry equals PyTorch's, and a new feature needs only one more entry."""

from __future__ import annotations

import json
from collections.abc import Callable
from inspect import getsource
from typing import Any

import numpy as np
import pytest
import torch

from tests.combinations import different
from tinynet import Run, Settings, SettingsError, to_notebook, to_script, train
from tinynet.analysis.explain import explain
from tinynet.export.proof import prove
from tinynet.links.address import View, read_address, shortened
from tinynet.registry.activations import ACTIVATIONS, Activation
from tinynet.registry.data_sets import DATA_SETS, DataSet
from tinynet.registry.features import FEATURES, Feature
from tinynet.registry.initialisations import INITIALISATIONS, Initialisation
from tinynet.registry.losses import LOSSES, Loss
from tinynet.registry.optimizers import OPTIMIZERS, Optimizer
from tinynet.registry.pytorch import evaluate
from tinynet.registry.schedules import SCHEDULES, Schedule
from tinynet.registry.tasks import TASKS, TaskName
from tinynet.training.backpropagation import is_written_out
from tinynet.training.film import film

DRAWN = [name for name, each in DATA_SETS.items() if each.rows is None]


def stripes(rows, noise, generator=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Four stripes of two classes."""
    x = 4 * torch.rand(rows, 2, generator=generator) - 2
    y = (x[:, :1].floor() % 2 == 0).float()
    return x + noise * torch.randn(rows, 2, generator=generator), y


def halves(model, generator=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, ARG001
    """Start with one half everywhere."""
    for parameter in model.parameters():
        torch.nn.init.constant_(parameter, 0.5)


# The prefix avoids the names of present and future entries.
NEW: list[tuple[dict[str, Any], str, Any, str]] = [
    (DATA_SETS, "my_stripes", DataSet("Stripes", "Points on stripes.", stripes), "data"),
    (FEATURES, "my_cos(x1)", Feature("cos x₁", "torch.cos(x1)", "Math.cos(x1)"), "features"),
    (
        ACTIVATIONS,
        "my_softplus",
        Activation(
            "softplus",
            "bends smoothly",
            "nn.Softplus()",
            lambda sums, outputs: torch.ops.aten.softplus.out(sums, out=outputs),
            lambda gradient, sums, _: torch.ops.aten.softplus_backward.grad_input(
                gradient, sums, 1, 20, grad_input=gradient
            ),
            javascript="Math.log1p(Math.exp(x))",
        ),
        "activation",
    ),
    (ACTIVATIONS, "my_mish", Activation("Mish", "bends", "nn.Mish()"), "activation"),
    (
        LOSSES,
        "my_smooth_l1",
        Loss(
            "Smooth L1",
            "smooth difference",
            "smooth error",
            "torch.nn.SmoothL1Loss()",
            LOSSES["huber"].row_losses,
        ),
        "loss",
    ),
    (
        OPTIMIZERS,
        "my_adamax",
        Optimizer("Adamax", "somehow", "Adamax", remembers=("exp_avg", "exp_inf")),
        "optimizer",
    ),
    (
        SCHEDULES,
        "my_linear",
        Schedule(
            "Linear",
            "falls evenly",
            lambda epochs: (
                f"torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, total_iters={epochs})"
            ),
        ),
        "schedule",
    ),
    (INITIALISATIONS, "my_halves", Initialisation("Halves", "one half", halves), "initialisation"),
]


def last_state(run: Run) -> list[Any]:
    return [each[-1].tolist() for each in run.checkpoints.parameters]


@pytest.mark.slow
@pytest.mark.parametrize(("table", "name", "entry", "knob"), NEW, ids=[each[1] for each in NEW])
def test_one_entry_of_one_table_is_all_that_a_new_choice_takes(
    table: dict[str, Any], name: str, entry: Any, knob: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    others: dict[str, Any] = {"data": "moons", "rows": 40, "test_share": 0.25, "epochs": 12}
    value = ("x1", name) if knob == "features" else name
    with pytest.raises(SettingsError, match=f"{knob} must be"):
        Settings(**{**others, knob: value})
    monkeypatch.setitem(table, name, entry)

    for batch_size in (0, 7):
        settings = Settings((4, 3), **{**others, knob: value, "batch_size": batch_size})
        run = train(settings)
        query = {key: [text] for key, text in shortened(settings, View()).items()}

        assert read_address(query).settings == settings
        assert different(settings) == []
        assert prove(to_script(settings, "class"), run, lambda _: None).differing == ()
        told = json.loads(to_notebook(settings))["cells"][0]["source"]
        assert (name if knob == "features" else entry.label) in " ".join(told.split())
        last = explain(run, 11, batch=4 if batch_size else 0)
        assert [each.tolist() for each in last.after] == last_state(run)
        assert film(run).losses[-1] == np.float32(run.final_loss)


def test_what_has_no_derivative_is_left_to_autograd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTIVATIONS, "my_mish", NEW[3][2])

    assert not is_written_out(Settings(activation="my_mish"))
    assert all(is_written_out(Settings(activation=name)) for name in list(ACTIVATIONS)[:8])


@pytest.mark.parametrize("name", DRAWN)
def test_a_data_set_has_its_shapes_and_its_range(name: str) -> None:
    data_set = DATA_SETS[name]
    x, y = data_set.draw(1_000, 0.1, torch.Generator().manual_seed(1))

    assert x.shape == (1_000, data_set.inputs)
    assert x.dtype == torch.float32
    if data_set.x_scaled:
        x = (x - x.mean(dim=0)) / x.std(dim=0)
    assert 0.5 < x.std() < 1.6
    assert x.abs().max() < 3
    if data_set.task == "multiclass":  # the type that nn.CrossEntropyLoss takes
        assert y.dtype == torch.int64
        assert y.shape == (1_000,)
        assert y.tolist() == [row % data_set.classes for row in range(1_000)]
        return
    assert y.dtype == torch.float32
    assert y.shape == (1_000, 1)
    if data_set.task == "binary":
        assert y.unique().tolist() == [0, 1]
        assert y.mean().item() == pytest.approx(0.05 if name == "rare" else 0.5)
    else:
        assert y.abs().max() < 1.6


@pytest.mark.parametrize("name", DRAWN)
def test_its_generator_draws_what_the_global_seed_draws(name: str) -> None:
    ours = DATA_SETS[name].draw(33, 0.2, torch.Generator().manual_seed(8))
    torch.manual_seed(8)
    theirs = DATA_SETS[name].draw(33, 0.2)

    assert all(torch.equal(*pair) for pair in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("name", DRAWN)
def test_more_noise_moves_the_rows_further(name: str) -> None:
    def drawn(noise: float) -> Any:
        x, y = DATA_SETS[name].draw(500, noise, torch.Generator().manual_seed(2))
        return torch.cat([x, y.reshape(500, 1)], dim=1)

    still, little, much = map(drawn, (0, 0.1, 1))

    assert (little - still).norm() * 5 < (much - still).norm()


@pytest.mark.parametrize("name", DRAWN)
def test_the_script_holds_the_very_source_of_the_data_set(name: str) -> None:
    assert getsource(DATA_SETS[name].draw) in to_script(Settings(data=name))


@pytest.mark.parametrize("name", ["mse", "bce", "l1", "huber"])
def test_the_loss_of_each_row_is_pytorchs(name: str) -> None:
    y = torch.tensor([[0.0], [1], [1], [0], [1], [0]])
    y_pred = torch.tensor([[0.1], [0.7], [0.0], [1.0], [1.0], [0.5]])
    criterion = evaluate(LOSSES[name].code)
    criterion.reduction = "none"

    ours = LOSSES[name].row_losses(y_pred.numpy(), y.numpy())
    assert ours == pytest.approx(criterion(y_pred, y).numpy(), rel=1e-5)


def test_of_several_classes_too() -> None:
    y_pred = torch.tensor([[0.1, 2.0, -3.0], [0.0, 0.0, 0.0], [90.0, -90.0, 0.0]])
    for classes in ([0, 1, 2], [1, 1, 1], [2, 0, 0]):
        y = torch.tensor(classes)
        expected = torch.nn.CrossEntropyLoss(reduction="none")(y_pred, y).reshape(3, 1).numpy()

        ours = LOSSES["cross_entropy"].row_losses(y_pred.numpy(), y.reshape(3, 1).float().numpy())
        assert ours == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("task", TASKS)
def test_some_loss_suits_every_task_and_every_data_set_has_one(task: TaskName) -> None:
    assert any(task in loss.tasks for loss in LOSSES.values())
    assert task in {each.task for each in DATA_SETS.values()}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_has_one_meaning_in_all_its_forms(name: str) -> None:
    x = torch.linspace(-4, 4, 33)
    module, call = evaluate(ACTIVATIONS[name].code), evaluate(ACTIVATIONS[name].callable_code)

    assert torch.equal(module(x), call(x))


def rates(epochs: int, **others: Any) -> list[float]:
    from tinynet.training.rates import learning_rates

    settings = Settings(learning_rate=1.0, epochs=epochs, **others)
    return [rate for (rate,) in learning_rates(settings)]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("step", lambda epoch: 0.1 ** (epoch // 4)),
        ("exponential", lambda epoch: 0.01 ** (epoch / 10)),
        ("cosine", lambda epoch: (1 + np.cos(np.pi * epoch / 10)) / 2),
    ],
)
def test_a_schedule_falls_as_it_says(schedule: str, expected: Callable[[int], float]) -> None:
    by_hand = [expected(epoch) for epoch in range(10)]

    assert rates(10, schedule=schedule) == pytest.approx(by_hand)


def test_zeros_are_zeros_and_the_others_start_without_biases() -> None:
    for name in ("xavier", "kaiming", "zeros"):
        parameters = train(Settings(initialisation=name, epochs=1)).checkpoints.parameters

        assert not parameters[1][0].any()
        assert parameters[0][0].any() == (name != "zeros")
