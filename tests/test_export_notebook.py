"""The exported notebook, weights and losses."""

from __future__ import annotations

import csv
import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat
import pytest
import torch

from tests.exports import FORMS, GRID, OTHERS
from tests.take_home import predict, printed_by, run_notebook
from tinynet import Settings, train
from tinynet.export import Form, file_stem, to_csv, to_notebook, to_script, to_weights
from tinynet.export.proof import prove
from tinynet.training.fresh import fresh_torch_state


@pytest.mark.slow
def test_the_notebook_in_a_real_kernel_ends_with_the_losses_and_their_curve() -> None:
    settings = Settings((19,), 0.5, 40, seed=6)
    notebook = run_notebook(to_notebook(settings, "class"))
    curve = notebook.cells[-1].outputs[0].data["application/vnd.plotly.v1+json"]

    run = train(settings)
    assert printed_by(notebook) == run.printed(0, 40)
    assert curve["data"][0]["y"] == run.losses.tolist()


def test_the_notebook_tells_a_story_and_has_not_been_run() -> None:
    notebook = nbformat.reads(to_notebook(Settings()), 4)  # type: ignore[no-untyped-call]
    kinds = [cell.cell_type for cell in notebook.cells]

    assert kinds == ["markdown", "code"] * (len(kinds) // 2)
    assert all(cell.source.strip() for cell in notebook.cells)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.metadata.kernelspec.name) == (4, "python3")


@pytest.mark.parametrize("knobs", OTHERS)
def test_every_paragraph_and_comment_begins_and_ends_like_one(knobs: dict[str, Any]) -> None:
    cells = json.loads(to_notebook(Settings(**knobs)))["cells"]
    prose = [cell["source"].split("\n\n") for cell in cells if cell["cell_type"] == "markdown"]

    for heading, *paragraphs in prose:
        assert re.match(r"##? [A-Z][a-z]*\b", heading)
        assert all(re.match(r"[A-Z][a-z]*\b", paragraph) for paragraph in paragraphs)
        assert all(paragraph.endswith((".", "`")) for paragraph in paragraphs)
    script = to_script(Settings(**knobs), "class")
    comments = re.findall(r"^ *#.*(?:\n *#.*)*", script, re.MULTILINE)
    sentences = [each for comment in comments for each in re.split(r"(?<=[.?])\s[ #]*", comment)]
    assert len(comments) >= 7
    assert all(re.match(r"[ #]*[A-Z][a-z]*\b", each) for each in sentences)
    assert all(each.endswith((".", "?")) for each in sentences)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("knobs", OTHERS)
def test_a_script_that_is_run_here_prints_the_losses_of_the_run(
    knobs: dict[str, Any], form: Form
) -> None:
    run = train(Settings(**knobs, epochs=3))

    assert prove(to_script(run.settings, form), run, lambda _: None).differing == ()


@pytest.mark.parametrize(
    ("zero_gradients", "order"),
    [
        (True, "Predict, measure, clear the old gradients, compute the new ones, step;"),
        (False, "Predict, measure, add the new gradients to the old ones, step;"),
    ],
)
def test_its_prose_names_the_settings_and_what_each_epoch_does(
    zero_gradients: bool, order: str
) -> None:
    settings = Settings((24, 9), 0.013, 77, seed=12, zero_gradients=zero_gradients)
    cells = json.loads(to_notebook(settings))["cells"]
    prose = " ".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    words = " ".join(prose.split())

    assert (
        "Inputs: 10; hidden units, with ReLU: 24 and 9; one sigmoid output; epochs: 77; learning "
        "rate: 0.013."
    ) in words
    assert order in words


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("dummy", "; the sigmoid squeezes the last sum into a number between 0 and 1."),
        ("blobs", "; the last sums, one for each class, are the predictions."),
        ("plane", "; the last sum is the prediction."),
    ],
)
def test_its_prose_says_what_the_last_layer_makes(data: str, words: str) -> None:
    cells = json.loads(to_notebook(Settings(data=data)))["cells"]

    assert words in " ".join(" ".join(cell["source"] for cell in cells).split())


def test_a_class_names_its_layers_from_the_inputs_to_the_output() -> None:
    one, two = (to_script(Settings(layers), "class") for layers in ((5,), (5, 4)))

    assert "        hidden, output = self.children()\n" in one
    assert "        hidden1, hidden2, output = self.children()\n" in two


@pytest.mark.slow
@pytest.mark.parametrize("settings", [GRID[2], GRID[5]])
def test_the_weights_fit_both_forms_and_give_the_predictions(
    settings: Settings, tmp_path: Path
) -> None:
    run = train(settings)
    weights = tmp_path / "weights.pt"
    weights.write_bytes(to_weights(run))

    predictions = [predict(to_script(settings, form), weights) for form in FORMS]
    assert predictions == [run.predictions.tolist()] * 2


def test_the_losses_as_csv_have_all_their_digits() -> None:
    run = train(Settings((7,), 0.5))
    rows = list(csv.DictReader(to_csv(run).splitlines()))

    assert [int(row["epoch"]) for row in rows] == list(range(50))
    assert [float(row["loss"]) for row in rows] == run.losses.tolist()


def test_the_losses_on_test_rows_stand_beside_them() -> None:
    run = train(Settings(epochs=5, data="moons", rows=20, test_share=0.3))
    rows = list(csv.DictReader(to_csv(run).splitlines()))

    assert list(rows[0]) == ["epoch", "loss", "test loss"]
    assert [float(row["test loss"]) for row in rows] == run.test_losses.tolist()


def test_the_state_dict_is_that_of_pytorchs_own_modules() -> None:
    run = train(Settings((4, 3), epochs=2))
    linears = (torch.nn.Linear(10, 4), torch.nn.Linear(4, 3), torch.nn.Linear(3, 1))
    model = torch.nn.Sequential(
        *(linears[0], torch.nn.ReLU(), linears[1], torch.nn.ReLU(), linears[2], torch.nn.Sigmoid())
    )
    model.load_state_dict(torch.load(BytesIO(to_weights(run)), weights_only=True))

    with fresh_torch_state(autograd=False):
        assert model(torch.tensor(run.inputs)).tolist() == run.predictions.tolist()


def test_file_names_say_the_settings_and_nothing_that_a_file_system_minds() -> None:
    name = file_stem(Settings((24, 9), 0.013, 60, "cuda:1", 5))

    assert name == "tinynet_hidden24-9_lr0.013_epochs60_cuda1_seed5"
    assert len({file_stem(settings) for settings in GRID}) == len(GRID)
