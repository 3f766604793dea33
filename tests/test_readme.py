"""README: its examples run unchanged, its links work, and its map matches the folders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.combinations import different, run_beside_its_file
from tests.forks import run_fresh
from tests.oracle import article_loop
from tinynet import Settings, to_script
from tinynet.registry.activations import ACTIVATIONS, Activation
from tinynet.registry.pytorch import evaluate
from tinynet.ui.sidebar.file_actions import opened_by
from tinynet.user_data.examples import EXAMPLES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
EXAMPLES_IN_PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
RUNS, CHARTS, TABLE, WATCHED, ACTIVATION = EXAMPLES_IN_PYTHON
HERE = f"import os, sys; os.chdir({str(ROOT)!r}); sys.path.insert(0, {str(ROOT)!r})\n"


def test_the_notebook_example_runs_as_it_stands() -> None:
    printed = run_fresh(HERE + RUNS)

    expected = article_loop([5], 0.01, 50, 0)
    assert f"loss {expected['losses'][0]:.4f} -> {expected['final_loss']:.4f}" in "\n".join(printed)
    assert len(RUNS.strip().splitlines()) <= 9


@pytest.mark.slow
def test_the_example_of_charts_and_tables_runs_as_it_stands(tmp_path: Path) -> None:
    imports, expressions = CHARTS.split("\n\n")
    shown = [f"print({line.split('  #')[0]})" for line in expressions.splitlines()]
    lines = [f"{HERE}{RUNS}", f"os.chdir({str(tmp_path)!r})", imports, *shown]
    printed = "\n".join(run_fresh("\n".join(lines)))

    assert "Figure({" in printed
    assert re.search(r"row +target +prediction +squared error +correct", printed)
    assert re.search(r"gentle.*\n.*bold", printed)
    assert (tmp_path / "bold.html").stat().st_size > 1_000_000


def test_the_example_of_a_table_runs_as_it_stands() -> None:
    printed = run_fresh(HERE + TABLE)

    settings = opened_by(EXAMPLES[0])
    count = "print(int((model(x_test).argmax(1) == y_test).sum()))"
    right = run_beside_its_file(settings, f"{to_script(settings)}\n{count}")[-1]
    assert f"{right} of 60 test rows correct" in "\n".join(printed)
    assert "The target “species” is one of 3 classes." in "\n".join(printed)


@pytest.mark.slow
def test_the_example_of_a_watched_loop_runs_as_it_stands() -> None:
    [printed] = run_fresh(f"{HERE}{WATCHED}\nprint(film)")

    assert "Sequential (2-8-1): 100 epochs" in printed


def test_the_entry_of_a_new_activation_is_all_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    [(name, activation)] = evaluate(f"{{{ACTIVATION}}}", Activation=Activation).items()
    monkeypatch.setitem(ACTIVATIONS, name, activation)

    assert different(Settings((4, 3), data="moons", epochs=12, activation=name)) == []


DOCUMENTS = [ROOT / "README.md", ROOT / "docs/hosting.md", ROOT / "tests/benchmarks/README.md"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.parent.name)
def test_every_file_and_module_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text()
    for name in re.findall(r"\]\((?!http)([^)]+)\)", text):
        assert (document.parent / name).exists(), name
    for module in re.findall(r"python -m (tests[.\w]+)", text):
        assert (ROOT / module.replace(".", "/")).with_suffix(".py").exists(), module


def test_the_map_names_every_module() -> None:
    listed = set(re.findall(r"^  (\w+)\.py ", README, re.MULTILINE))

    assert listed == {path.stem for path in (ROOT / "tinynet").glob("*.py")} - {"__init__"}
