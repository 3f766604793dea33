"""Multiclass tasks in scripts, tables, maps and stories."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from tests.combinations import different
from tests.oracle import in_a_fresh_process
from tests.several import LEARNED, OTHERS, PLAIN, settings_of
from tests.take_home import predict, run_cells
from tinynet import Run, Settings, SettingsError, sweep, to_notebook, to_script, train
from tinynet.analysis.diagnosis import Kind, diagnose
from tinynet.analysis.explain import explain
from tinynet.analysis.survey import landscape
from tinynet.analysis.tables import (
    compared,
    confusion_matrix,
    prediction_table,
)
from tinynet.export import to_weights
from tinynet.export.proof import prove
from tinynet.links.address import View, read_address, shortened
from tinynet.registry.losses import LOSSES, Loss
from tinynet.sweeping.calls import losses_of_rows
from tinynet.training.backpropagation import is_written_out
from tinynet.training.film import film


@pytest.fixture(scope="module")
def plain() -> list[dict[str, Any]]:
    """The results of the plain loop, in a process without tinynet."""
    return in_a_fresh_process(PLAIN, loop="blobs_loop")


@pytest.fixture(scope="module")
def learned() -> Run:
    return train(LEARNED)


def test_the_confusion_matrix_has_a_row_and_a_column_for_each_class() -> None:
    run = train(Settings(data="arms", epochs=20))
    counts = confusion_matrix(prediction_table(run), 3)
    pairs = Counter(zip(run.targets.ravel().astype(int), run.predictions.argmax(1), strict=True))

    assert counts.shape == (3, 3)
    for target, says in np.ndindex(3, 3):
        assert counts.loc[target, says] == pairs[target, says]
    assert np.trace(counts.to_numpy()) == run.correct.sum()


def test_a_film_holds_every_output_of_every_row(plain: list[dict[str, Any]]) -> None:
    run, last = train(settings_of(PLAIN[0])), plain[0]["last epoch"]
    reel = film(run)

    assert reel.predictions.shape == (51, 30)
    assert reel.predictions[49].reshape(10, 3).tolist() == last["y_pred"][:10]
    assert reel.losses[49] == np.float32(last["loss"])
    gradients = [np.ravel(each) for each in last["gradients"]]
    assert reel.gradients[49].tolist() == pytest.approx(np.concatenate(gradients).tolist())
    numbers = np.frombuffer(reel.to_bytes(), np.float32).reshape(51, -1)
    assert numbers[49, -30:].tolist() == reel.predictions[49].tolist()


@pytest.mark.parametrize("kind", ["path", "random"])
def test_a_landscape_is_pytorchs_loss_of_the_network_at_each_place(kind: Any) -> None:
    run = train(Settings((6,), 0.5, 40, data="arms"))
    land = landscape(run, kind, 9)
    network = nn.Sequential(nn.Linear(2, 6), nn.ReLU(), nn.Linear(6, 3))
    x = torch.tensor(run.inputs)
    y = torch.tensor(run.targets.ravel(), dtype=torch.int64)
    for row, column in ((0, 0), (4, 7), (8, 8)):
        weights = torch.tensor(land.parameters_at(land.x[column], land.y[row]))
        nn.utils.vector_to_parameters(weights, network.parameters())

        expected = nn.CrossEntropyLoss()(network(x), y).item()
        assert land.losses[row, column] == pytest.approx(expected, rel=1e-6)
    assert land.path_losses[-1] == np.float32(run.final_loss)


AXES: list[tuple[Settings, dict[str, list[Any]]]] = [
    (
        Settings((8,), 0.1, 30, data="blobs", test_share=0.3),
        {"learning_rate": [0.1, 1.0], "seed": [0, 1, 2, 3], "hidden_units": [3, 8]},
    ),
    (  # enough networks in a group to share their products
        Settings((8,), 0.1, 60, data="arms", activation="tanh"),
        {"learning_rate": [0.2 * each for each in range(1, 11)]},
    ),
    (Settings((8, 4), 0.1, 30, data="arms", batch_size=40), {"seed": [0, 1], "l2": [0.0, 0.01]}),
    (
        Settings((), 0.1, 20),
        {"data": ["moons", "arms", "blobs"], "hidden_units": [(), (3,)], "learning_rate": [0.1, 1]},
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("settings", "axes"), AXES, ids=str)
def test_a_sweep_ends_where_each_training_ends(
    settings: Settings, axes: dict[str, list[Any]]
) -> None:
    swept = sweep(settings, axes)
    assert swept.accuracies is not None
    for index in np.ndindex(swept.final_losses.shape):
        run = train(swept.settings_of(index))

        assert swept.final_losses[index] == pytest.approx(run.final_loss, abs=1e-4)
        assert swept.accuracies[index] == pytest.approx(run.accuracy, abs=0.011)
        if swept.test_accuracies is not None:
            assert swept.test_accuracies[index] == pytest.approx(run.test_accuracy, abs=0.018)


def test_a_loss_that_stands_in_is_left_to_autograd_where_it_is_not_written_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = replace(LOSSES["cross_entropy"], backward=None)
    monkeypatch.setitem(LOSSES, "cross_entropy", plain)
    swept = sweep(Settings((3,), 0.1, 10), {"data": ["moons", "arms"], "seed": [0, 1]})
    for index in np.ndindex(2, 2):
        run = train(swept.settings_of(index))

        assert swept.final_losses[index] == pytest.approx(run.final_loss, abs=1e-5)


def test_the_loss_of_many_networks_rows_is_pytorchs_and_no_number_where_an_output_is_none() -> None:
    of_rows = losses_of_rows(Settings(data="arms"))
    y_pred = torch.randn(2, 5, 3, 4, generator=torch.Generator().manual_seed(1))
    y = torch.arange(10).reshape(2, 5, 1, 1) % 3
    y_pred[1, 2, 0, 3] = torch.nan
    ours = of_rows(y_pred, y)

    assert ours.shape == (2, 5, 1, 4)
    for group, row, network in np.ndindex(2, 5, 4):
        logits, target = y_pred[group, row, :, network], y[group, row, 0, 0]
        expected = nn.CrossEntropyLoss()(logits, target)
        assert torch.allclose(ours[group, row, 0, network], expected, equal_nan=True)


def test_the_data_alone_brings_the_loss_that_suits_it() -> None:
    assert Settings(data="blobs").loss == "cross_entropy"
    assert Settings(data="blobs") == Settings(data="blobs", loss="cross_entropy")
    assert replace(Settings(), data="arms").loss == "cross_entropy"
    assert (Settings(data="blobs").outputs, Settings(data="moons").outputs) == (3, 1)


@pytest.mark.parametrize(
    ("data", "loss", "words"),
    [
        (
            "blobs",
            "bce",
            "cross_entropy or balanced_cross_entropy with data blobs, whose ",
        ),
        ("moons", "cross_entropy", "or huber with data moons, whose targets are 0 or 1, not "),
        ("plane", "cross_entropy", "mse, l1 or huber with data plane, whose targets are any "),
    ],
)
def test_a_loss_that_does_not_suit_is_refused_and_a_link_says_so(
    data: str, loss: str, words: str
) -> None:
    with pytest.raises(SettingsError, match=words):
        Settings(data=data, loss=loss)

    address = read_address({"data": [data], "loss": [loss]})
    assert address.settings == Settings(data=data)
    assert [words in notice for notice in address.notices] == [True]


def test_a_link_that_asks_for_squares_of_classes_says_what_stands_in_for_them() -> None:
    address = read_address({"data": ["arms"], "loss": ["mse"]})

    assert address.settings.loss == "cross_entropy"
    assert ["not 'mse'" in notice for notice in address.notices] == [True]
    assert read_address({"data": ["arms"]}).notices == ()


@pytest.mark.parametrize("settings", OTHERS, ids=str)
def test_an_address_means_them(settings: Settings) -> None:
    query = {name: [text] for name, text in shortened(settings, View()).items()}
    address = read_address(query)

    assert address.settings == settings
    assert address.notices == ()


@pytest.mark.slow
@pytest.mark.parametrize("form", ["sequential", "class"])
def test_the_script_takes_logits_class_numbers_and_argmax_and_is_proved(form: Any) -> None:
    run = train(OTHERS[0])
    script = to_script(run.settings, form)

    assert "criterion = torch.nn.CrossEntropyLoss()" in script
    assert "\n    answers = model(x).argmax(dim=1)" in script
    assert "n_in, n_h, n_out = 2, 8, 3" in script
    assert "Sigmoid" not in script
    assert prove(script, run, lambda _: None).differing == ()


def test_the_notebook_prints_the_losses_and_tells_of_the_classes() -> None:
    settings = replace(OTHERS[0], epochs=3)
    told = " ".join(json.dumps(json.loads(to_notebook(settings))).replace("\\n", " ").split())

    assert run_cells(to_notebook(settings)) == train(settings).printed(0, 3)
    assert "hidden units, with ReLU: 8; 3 outputs" in told
    assert "softmax turns them into probabilities" in told


def test_the_weights_that_are_taken_home_predict_the_same(tmp_path: Path) -> None:
    run = train(OTHERS[2])
    file = tmp_path / "weights.pt"
    file.write_bytes(to_weights(run))

    assert predict(to_script(run.settings), file) == run.predictions.tolist()


def test_it_tells_what_was_learned_and_how_many_test_rows_are_right(learned: Run) -> None:
    story = diagnose(train(replace(LEARNED, noise=0.0)))

    assert story.kind is Kind.LEARNED
    assert "All 140 training rows are correct; " in story.sentence
    assert story.moral == "It gets all 60 test rows right."
    assert learned.test_correct.all()
    assert diagnose(learned).moral == story.moral


def test_it_tells_when_the_rows_were_learned_by_heart() -> None:
    settings = Settings((32, 32), 0.05, 300, data="arms", rows=50, noise=0.5, test_share=0.5)
    settings = replace(settings, optimizer="adam")

    assert diagnose(train(settings)).kind is Kind.OVERFITTED


def test_a_dead_layer_gives_every_row_the_same_class() -> None:
    # Found by a search over seeds.
    settings = Settings((1,), 10.0, 60, data="blobs")
    runs = [train(replace(settings, seed=seed)) for seed in range(20)]
    stories = [diagnose(run) for run in runs]
    dead = [(run, each) for run, each in zip(runs, stories, strict=True) if " dead: " in each.cause]

    assert dead
    for run, story in dead:
        assert story.sentence.startswith(f"It answers class {run.answers[0]} for every row: ")
        assert np.ptp(run.answers) == 0


def test_runs_side_by_side_tell_their_share_of_right_rows(learned: Run) -> None:
    table = compared(["one", "two"], [learned, train(replace(LEARNED, epochs=2))])

    assert table["correct"].tolist()[0] == learned.accuracy
    assert table["test correct"].tolist()[0] == learned.test_accuracy
    assert "R²" not in table


def margins(y_pred: Any, y: Any) -> Any:
    """Return the multiclass margin loss of each row, by NumPy."""
    its_own = np.arange(y_pred.shape[-1]) == y
    of_the_own = np.where(its_own, y_pred, 0).sum(-1, keepdims=True)
    over = np.where(its_own, 0, np.maximum(0, 1 - of_the_own + y_pred))
    return over.sum(-1, keepdims=True) / y_pred.shape[-1]


def test_another_loss_of_several_classes_is_one_more_entry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = Loss(
        "Margin", "margin", "margin", "nn.MultiMarginLoss()", margins, tasks=("multiclass",)
    )
    monkeypatch.setitem(LOSSES, "margin", entry)
    settings = Settings((6,), 0.1, 20, data="arms", test_share=0.3, loss="margin")

    assert not is_written_out(settings)
    for batch_size in (0, 9):
        assert different(replace(settings, batch_size=batch_size)) == []
    swept = sweep(settings, {"seed": range(9)})
    for seed in (0, 8):
        run = train(replace(settings, seed=seed))
        assert swept.final_losses[seed] == pytest.approx(run.final_loss, abs=1e-4)
    assert explain(train(settings), 19).row_losses.shape == (140,)
