"""Export: code that prints the numbers on the screen, in self-contained files."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest

from tests.exports import ARTICLE, FORMS, GRID, OTHERS
from tests.forks import run_anew, run_fresh
from tests.frames import mixed
from tinynet import Settings, train
from tinynet.export import Form, to_loop, to_notebook, to_script
from tinynet.export.cells import comment, prose


@pytest.mark.slow
def test_scripts_in_fresh_processes_print_the_losses_of_the_runs_bit_for_bit() -> None:
    cases: list[tuple[Settings, Form]] = [(settings, "sequential") for settings in GRID]
    cases += [(settings, "class") for settings in (*GRID[2::2], GRID[7])]
    cases += [(Settings(**each), form) for each in OTHERS[-2:-1] for form in FORMS]
    printed = [run_fresh(to_script(*case)) for case in cases]

    expected = [train(settings).printed(0, settings.epochs) for settings, _ in cases]
    assert printed == expected


@pytest.mark.slow
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
