"""Export: code that prints the numbers on the screen, files that stand on their own."""

from __future__ import annotations

import ast
import csv
import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat
import pytest
import torch

from tests.forks import run_anew, run_fresh
from tests.take_home import predict, printed_by, run_notebook
from tests.test_files import mixed
from tinynet import Settings, train
from tinynet.export import Form, file_stem, to_csv, to_loop, to_notebook, to_script, to_weights
from tinynet.export.cells import comment, prose
from tinynet.export.proof import prove
from tinynet.training.fresh import fresh_torch_state

FORMS: tuple[Form, ...] = ("sequential", "class")
GRID = [
    Settings(),
    Settings((1,), 10.0, 1, seed=999),
    Settings((17,), 0.0001, 20, seed=3),
    Settings((33,), 0.013, 77, seed=12),
    Settings((64,), 1.0, 500, seed=1),
    Settings((24, 9), 0.5, 60),
    Settings((9, 4), 0.5, 60, seed=6, weight_seed=6),
    Settings((21,), 0.05, 90, zero_gradients=False),
    Settings((6, 4), 0.1, 60, last_layer_rate=3),
    Settings((11,), 0.1, 60, optimizer="adamw", schedule="step", last_layer_rate=0.02),
]
OTHERS: list[dict[str, Any]] = [
    {"optimizer": "adam", "last_layer_rate": 3},
    {"hidden_units": (), "data": "curve", "initialisation": "zeros", "schedule": "step"},
    {"data": "blobs", "features": ("x1", "x1*x2"), "test_share": 0.3, "batch_size": 8},
    {"data": "moons", "l1": 0.1, "clip": 1, "schedule": "cosine", "zero_gradients": False},
    {"data": mixed(), "test_share": 0.3},
    {"data": "moons", "test_share": 0.2, "weight_seed": 7, "batch_size": 20},
    {"data": mixed(), "test_share": 0.3, "weight_seed": 7, "initialisation": "xavier"},
]
ARTICLE = """\
n_in, n_h, n_out, batch_size = 10, 5, 1, 10
x = torch.randn(batch_size, n_in)
y = torch.tensor([[1.0], [0.0], [0.0], [1.0], [1.0], [1.0], [0.0], [0.0], [1.0], [1.0]])
model = nn.Sequential(nn.Linear(n_in, n_h),
                      nn.ReLU(),
                      nn.Linear(n_h, n_out),
                      nn.Sigmoid())
criterion = torch.nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(50):
    y_pred = model(x)
    loss = criterion(y_pred, y)
    print('epoch: ', epoch, ' loss: ', loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""


def test_scripts_in_fresh_processes_print_the_losses_of_the_runs_bit_for_bit() -> None:
    cases: list[tuple[Settings, Form]] = [(settings, "sequential") for settings in GRID]
    cases += [(settings, "class") for settings in (*GRID[2::2], GRID[7])]
    cases += [(Settings(**each), form) for each in OTHERS[-2:-1] for form in FORMS]
    printed = [run_fresh(to_script(*case)) for case in cases]

    expected = [train(settings).printed(0, settings.epochs) for settings, _ in cases]
    assert printed == expected


def test_a_process_that_was_copied_prints_what_one_started_anew_prints() -> None:
    script = to_script(Settings((33,), 0.5))

    assert run_fresh(script) == run_anew(script)


def test_the_script_is_the_articles_with_nothing_left_out_and_little_added() -> None:
    script = to_script(Settings())
    code = [line for line in script.splitlines() if line.strip() and "#" not in line]

    assert [line for line in ARTICLE.splitlines() if line not in code] == []
    assert set(code) - set(ARTICLE.splitlines()) == {
        *("import torch", "import torch.nn as nn", "torch.set_num_threads(1)"),
        "torch.manual_seed(0)",
    }


def seeds(script: str) -> list[str]:
    return re.findall(r"torch.manual_seed\(\d+\)", script)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("knobs", [{}, OTHERS[2], OTHERS[4]], ids=["article", "blobs", "file"])
def test_a_seed_of_the_weights_restarts_the_generator_right_before_the_network(
    knobs: dict[str, Any], form: Form
) -> None:
    script = to_script(Settings(**knobs, seed=3, weight_seed=12), form)
    plain = to_script(Settings(**knobs, seed=3), form)

    assert seeds(plain) == ["torch.manual_seed(3)"]
    assert seeds(script) == ["torch.manual_seed(3)", "torch.manual_seed(12)"]
    lines = [each for each in script.splitlines() if each not in plain.splitlines()]
    assert [each for each in lines if not each.startswith("#")] == ["torch.manual_seed(12)"]
    between = script.partition("torch.manual_seed(12)")[2]
    between = between.partition("nn.Sequential(" if form == "sequential" else "class ")[0]
    assert not any(drawing in between for drawing in ("rand", "x =", "y ="))
    assert "torch." not in between


def test_where_nothing_else_is_drawn_a_script_has_the_one_seed() -> None:
    script = to_script(Settings(data=mixed(), weight_seed=12))

    assert seeds(script) == ["torch.manual_seed(12)"]
    assert script == to_script(Settings(data=mixed(), seed=12))


def test_a_script_says_what_each_seed_draws() -> None:
    one = to_script(Settings())
    two = to_script(Settings(weight_seed=12))
    with_batches = to_script(Settings(weight_seed=12, batch_size=5))

    assert "# Start the random generator: the same seed draws the same inputs and weights." in one
    assert "# Start the random generator: the same seed draws the same inputs." in two
    assert "# Restart the random generator: the same seed draws the same weights." in two
    assert "the same seed draws the same weights and shuffles." in with_batches
    story = to_notebook(Settings(weight_seed=12))
    assert "Differences from the article: weights from seed 12." in story


def test_the_loop_by_itself_is_the_articles_and_says_what_was_forgotten() -> None:
    article = ARTICLE[ARTICLE.index("for epoch") :].splitlines()
    forgetful = to_loop(Settings(zero_gradients=False)).splitlines()

    assert to_loop(Settings()).splitlines() == article
    (comment_on_it,) = (line for line in forgetful if line not in article)
    assert comment_on_it.startswith("    # Missing here: optimizer.zero_grad(), so the gradients")
    assert set(article) - set(forgetful) == {"    optimizer.zero_grad()"}


@pytest.mark.parametrize("form", FORMS)
def test_a_script_is_short_and_needs_torch_alone(form: Form) -> None:
    script = to_script(Settings(), form)
    imported = {
        alias.name
        for node in ast.walk(ast.parse(script))
        if isinstance(node, ast.Import)
        for alias in node.names
    }

    assert len(script.splitlines()) <= 42
    assert max(map(len, script.splitlines())) <= 100
    assert imported == {"torch", "torch.nn"}


@pytest.mark.parametrize("form", FORMS)
def test_every_step_of_the_loop_has_a_comment_right_above_it(form: Form) -> None:
    lines = [line.strip() for line in to_script(Settings(), form).splitlines()]
    steps = [
        *("y_pred = model(x)", "loss = criterion(y_pred, y)", "optimizer.zero_grad()"),
        *("loss.backward()", "optimizer.step()", "torch.set_num_threads(1)"),
    ]

    above = [lines[lines.index(step) - 1] for step in steps]
    assert all(comment.startswith("# ") and len(comment.split()) > 8 for comment in above)


@pytest.mark.parametrize("form", FORMS)
def test_settings_bring_nothing_but_numbers_into_the_code(form: Form) -> None:
    shapes = {re.sub(r"\d+(\.\d+)?", "#", to_script(settings, form)) for settings in GRID[:5]}

    assert len(shapes) == 1


@pytest.mark.parametrize("form", FORMS)
def test_a_gpu_gets_the_numbers_that_the_cpu_has_drawn(form: Form) -> None:
    on_cpu, on_gpu = (to_script(Settings(device=name), form) for name in ("cpu", "cuda:1"))

    moved = """
device = 'cuda:1'
x, y, model = x.to(device), y.to(device), model.to(device)
"""
    assert on_gpu.replace(moved, "") == on_cpu
    assert on_gpu.index("model =") < on_gpu.index(moved) < on_gpu.index("optimizer =")


def test_prose_has_empty_lines_between_paragraphs_and_a_comment_100_characters() -> None:
    words = "a " * 48

    assert prose("## A", "B.", "C.").text == "## A\n\nB.\n\nC."
    assert comment(f"{words}bc", "") == f"# {words}bc"
    assert comment(f"{words}bcd", "") == f"# {words.strip()}\n# bcd"


def test_a_last_layer_with_its_own_rate_is_a_group_of_its_own() -> None:
    script = to_script(Settings((6, 4), 0.1, optimizer="momentum", l2=0.01, last_layer_rate=3))

    groups = """
optimizer = torch.optim.SGD([
    {'params': list(model.parameters())[:-2]},
    {'params': list(model.parameters())[-2:], 'lr': 0.1 * 3},  # the last layer
], lr=0.1, momentum=0.9, weight_decay=0.01)
"""
    assert groups in script
    assert "last layer" not in to_script(Settings())


def test_another_form_is_refused_with_what_there_is() -> None:
    with pytest.raises(ValueError, match=r"^form must be sequential or class, not 'lambda'"):
        to_script(Settings(), "lambda")  # type: ignore[arg-type]


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
