"""Balanced losses: a rare class counts as much as a frequent one, on the whole page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from tests.combinations import different, run_beside_its_file
from tests.exports import FORMS
from tests.films import balanced
from tests.page_in_app_test import opened
from tinynet import (
    Settings,
    class_scores,
    read_script,
    sweep,
    to_notebook,
    to_script,
    train,
    watch,
)
from tinynet.analysis.diagnosis.gradients import is_at_minimum
from tinynet.analysis.explain import explain
from tinynet.analysis.rivals import constant_end
from tinynet.analysis.tables import prediction_table
from tinynet.export.proof import prove
from tinynet.links.address import View, shortened
from tinynet.registry.losses import LOSSES, Loss
from tinynet.stage.lines.message import packed_lines
from tinynet.user_data import Painting

RARE = Settings((5,), 0.1, 12, data="rare", loss="balanced_bce", test_share=0.3, optimizer="adam")
UNEVEN = Painting(tuple((9 * each, each**2 % 256, (each > 9) + (each > 24)) for each in range(28)))
SEVERAL = Settings((4,), 0.1, 12, data=UNEVEN, loss="balanced_cross_entropy", test_share=0.3)
BOTH = [RARE, SEVERAL]
NAMES = ["balanced_bce", "balanced_cross_entropy"]


def rows_of(name: str, classes: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return predictions and targets in PyTorch's shapes."""
    generator = torch.Generator().manual_seed(len(classes))
    if name == "balanced_bce":
        y_pred = torch.rand(len(classes), 1, generator=generator)
        return y_pred, torch.tensor(classes).float().reshape(-1, 1)
    return torch.randn(len(classes), 3, generator=generator), torch.tensor(classes)


def plain(name: str, y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    functional = nn.functional
    if name == "balanced_bce":
        return functional.binary_cross_entropy(y_pred, y, reduction="none")
    return functional.cross_entropy(y_pred, y, reduction="none")


@pytest.mark.parametrize("classes", [[0, 0, 0, 0, 0, 1], [1, 0, 1, 1], [1, 1], [0]])
@pytest.mark.parametrize("name", NAMES)
def test_it_is_the_mean_of_the_mean_losses_of_the_classes_that_are_there(
    name: str, classes: list[int]
) -> None:
    y_pred, y = rows_of(name, classes)
    of_rows = plain(name, y_pred, y).ravel()
    means = [of_rows[y.ravel() == each].mean().item() for each in set(classes)]

    assert LOSSES[name].criterion()(y_pred, y).item() == pytest.approx(np.mean(means), rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_its_weights_are_scikit_learns(name: str) -> None:
    y_pred, y = rows_of(name, [0, 0, 0, 1, 0, 1, 0, 0])
    weights = 8 / (2 * np.where(y.numpy().reshape(8, 1) == 0, 6, 2))  # n / (classes * count)
    expected = weights * plain(name, y_pred, y).numpy().reshape(8, 1)

    column = y.numpy().reshape(8, 1).astype(np.float32)
    assert LOSSES[name].weights_of(column) == pytest.approx(weights)
    assert LOSSES[name].row_losses(y_pred.numpy(), column) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("settings", BOTH)
@pytest.mark.parametrize("batch_size", [0, 6])
def test_the_script_prints_its_losses_bit_for_bit_and_is_read_back(
    settings: Settings, batch_size: int
) -> None:
    settings = replace(settings, batch_size=batch_size, keep="best")
    assert different(settings) == []
    run = train(settings)
    assert not prove(to_script(settings), run, lambda _: None).differing
    lines = run_beside_its_file(settings, to_script(settings, "class"))  # in a fresh process
    assert lines[:12] == run.printed(0, 12)
    for form in FORMS:
        read = read_script(to_script(settings, form))
        assert read.settings == settings
        assert read.others == ()


def test_the_notebook_has_the_function_in_the_cell_of_the_criterion() -> None:
    assert 'balanced(torch.nn.BCELoss(reduction=\\"none\\"))' in to_notebook(RARE)
    assert to_notebook(RARE).count("def balanced(criterion):") == 1
    assert "balanced" not in to_script(replace(RARE, loss="bce"))


@pytest.mark.parametrize(
    ("criterion", "loss", "reason"),
    [
        ('balanced(nn.BCELoss(reduction="none"))', "balanced_bce", ""),
        ("balanced(nn.BCELoss())", "balanced_bce", "TinyNet has this loss with reduction='none'."),
        ('balanced(nn.L1Loss(reduction="none"))', "mse", "TinyNet has no such loss, but "),
        ("balanced(3)", "mse", "TinyNet has no such loss, but "),
        ("balanced()", "mse", "TinyNet has no such loss, but "),
    ],
)
def test_a_script_with_another_criterion_in_it_is_read_as_far_as_it_goes(
    criterion: str, loss: str, reason: str
) -> None:
    script = to_script(RARE).replace(LOSSES["balanced_bce"].code, criterion)
    read = read_script(script)

    assert read.settings.loss == loss
    assert [each.words[: len(reason)] for each in read.others] == ([reason] if reason else [])


def test_another_function_of_that_name_is_not_taken_for_it() -> None:
    script = to_script(RARE).replace("weights * criterion", "weights.sqrt() * criterion")

    assert read_script(script).settings.loss != "balanced_bce"


@pytest.mark.parametrize("settings", BOTH)
def test_the_rows_of_an_opened_epoch_add_up_to_its_loss_and_say_their_weights(
    settings: Settings,
) -> None:
    run = train(replace(settings, batch_size=8, test_share=0))
    epoch = explain(run, 3, 1)
    y = run.targets[epoch.rows].ravel().astype(int)
    counts = np.bincount(y)
    weights = len(y) / ((counts > 0).sum() * counts[y])
    several = run.task == "multiclass"
    column = torch.tensor(y) if several else torch.tensor(y).float().reshape(-1, 1)
    expected = plain(settings.loss, torch.tensor(epoch.y_pred), column).numpy().ravel()

    assert epoch.row_losses == pytest.approx(weights * expected, rel=1e-5)
    assert float(epoch.row_losses.mean()) == pytest.approx(epoch.loss, rel=1e-6)
    told = packed_lines(run, epoch).decode("utf-8", "ignore")
    assert f"The weights go from {weights.min():.4f} to {weights.max():.4f}." in told
    assert "a rare class counts as much as a frequent one" in told


def test_the_arithmetic_of_a_row_has_the_weight_as_a_factor() -> None:
    settings = replace(RARE, test_share=0)
    run = train(settings)
    row = int(np.flatnonzero(run.targets.ravel() == 1)[1])
    page = opened(**shortened(settings, View(tab="Look inside")), epoch="11")
    page.number_input(key="row of many").set_value(row).run()
    words = " ".join(each.value for each in page.markdown)

    opening = r"with the weight of its class, (\S+), the weighted cross-entropy is (\S+)\.\s"
    told = re.search(opening, words)
    back = re.search(r"is (\S+) × \((\S+) - 1\) / \(\S+ × \(1 - \S+\)\) / 200 = (\S+);", words)
    epoch = explain(run, 11)
    weight = 200 / (2 * run.targets.sum())
    assert told
    assert back
    assert float(told[1]) == float(back[1]) == pytest.approx(weight, abs=5e-5)
    assert float(told[2]) == pytest.approx(-weight * np.log(epoch.y_pred[row, 0]), abs=5.1e-5)
    gradient = epoch.layers[-1].output_gradients[row, 0]
    assert float(back[3]) == pytest.approx(gradient, abs=5.1e-5)
    assert gradient == pytest.approx(-weight / epoch.y_pred[row, 0] / 200, rel=1e-5)


def test_so_has_the_arithmetic_of_a_row_of_several_classes() -> None:
    settings = replace(SEVERAL, test_share=0, data="arms", rows=20, epochs=3)
    page = opened(**shortened(settings, View(tab="Look inside")), epoch="2")
    words = " ".join(each.value for each in page.markdown)
    epoch = explain(train(settings), 2)

    weight = 20 / (3 * 7)  # the class of row 0 has 7 of 20 rows
    loss = f"{epoch.row_losses[0]:.4f}"
    assert (
        f"its softmax, times {weight:.4f}, the weight of its class, is the weighted cross-entropy, "
        f"{loss}."
    ) in words
    assert f"is {weight:.4f} × (" in words
    assert "minus 1 for the target class, times the weight." in words


@pytest.mark.parametrize("settings", BOTH)
def test_the_baseline_is_the_best_constant_that_pytorch_finds(settings: Settings) -> None:
    run = train(replace(settings, test_share=0))
    several = run.task == "multiclass"
    y = torch.tensor(run.targets.ravel()).long() if several else torch.tensor(run.targets)
    constant = torch.zeros(3 if several else 1, requires_grad=True)
    made = LOSSES[settings.loss].criterion()
    end = constant if several else torch.sigmoid(constant)
    loss = made(end.expand(len(y), -1), y)
    loss.backward()

    assert constant.grad is not None
    assert constant.grad.abs().max() < 1e-6  # equal shares: no constant is better
    assert run.baseline_loss == pytest.approx(loss.item())
    assert LOSSES[settings.loss].baseline_name == "equal shares"


def test_the_baseline_of_a_single_class_is_0_and_of_two_of_three_their_half() -> None:
    alone, two = np.ones((4, 1)), np.array([[0.0], [2], [2]])

    assert LOSSES["balanced_bce"].baseline_of(alone) == 0
    assert LOSSES["balanced_cross_entropy"].baseline_of(two) == pytest.approx(np.log(2))


@pytest.mark.parametrize("settings", BOTH)
def test_rows_in_a_table_and_a_rival_are_weighed_as_the_loss_is(settings: Settings) -> None:
    run = train(settings)
    loss: Loss = LOSSES[settings.loss]
    for test, expected in ((False, run.final_loss), (True, run.final_test_loss)):
        column = prediction_table(run, test=test)["weighted cross-entropy"]
        assert column.mean() == pytest.approx(expected, rel=1e-5)
    assert constant_end(settings).loss == pytest.approx(np.log(2 if settings is RARE else 3))
    assert loss.row_label == "weighted cross-entropy"


@pytest.mark.parametrize("settings", BOTH)
@pytest.mark.parametrize("others", [{"batch_size": 7}, {"keep": "best"}, {"hidden_units": ()}])
def test_a_sweep_weighs_each_cells_own_rows(settings: Settings, others: dict[str, Any]) -> None:
    settings = replace(settings, **others)
    made = sweep(settings, {"seed": range(4), "learning_rate": (0.02, 0.1)})

    for seed in range(4):
        run = train(replace(settings, seed=seed))
        assert made.final_losses[seed, 1] == pytest.approx(run.final_loss, rel=1e-3)
        assert made.final_test_losses[seed, 1] == pytest.approx(run.final_test_loss, rel=1e-3)


def test_the_parts_of_many_rows_in_a_sweep_have_the_weights_of_the_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = sweep(RARE, {"seed": range(3)})
    monkeypatch.setattr("tinynet.sweeping.block.NUMBERS", 300)

    assert sweep(RARE, {"seed": range(3)}).final_losses == pytest.approx(whole.final_losses)


def test_a_linear_network_is_at_the_minimum_of_the_weighed_loss() -> None:
    settings = replace(RARE, hidden_units=(), learning_rate=0.3, noise=0.7, test_share=0)
    run = train(replace(settings, epochs=300))
    early = train(replace(run.settings, epochs=20))

    assert is_at_minimum(run)
    assert not is_at_minimum(early)
    assert not is_at_minimum(train(replace(run.settings, loss="bce", epochs=20)))


def test_a_loop_of_ones_own_may_have_it_as_a_criterion() -> None:
    run = train(replace(RARE, test_share=0))
    x, y = torch.tensor(run.inputs), torch.tensor(run.targets)
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1), nn.Sigmoid())
    film = watch(model, x, y, LOSSES["balanced_bce"].criterion())
    film.record()

    expected = balanced(nn.functional.binary_cross_entropy, model(x), y).item()
    assert film.every_loss[-1] == pytest.approx(expected, rel=1e-6)


def test_more_rows_of_the_rare_class_are_found_and_at_most_a_few_others_mistaken() -> None:
    def recalls(loss: str) -> Any:
        runs = [
            train(Settings.starting("rare", epochs=10, seed=seed, loss=loss)) for seed in range(10)
        ]
        return np.array([class_scores(run)["recall"].to_numpy() for run in runs])

    usual, weighed = recalls("bce"), recalls("balanced_bce")

    assert usual[:, 1].mean() < 0.9
    assert weighed[:, 1].mean() > 0.99
    assert (weighed[:, 1] >= usual[:, 1]).all()
    assert weighed[:, 0].mean() > usual[:, 0].mean() - 0.04
