"""Walls: the imports of each module, from the sources and in a fresh process."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = [ROOT / "app.py", *sorted((ROOT / "tinynet").rglob("*.py"))]
# Imports run one way: a module may only import from rooms of lower rank.
RANKS = {
    "registry": 0,
    "user_data": 1,
    "settings": 2,
    **dict.fromkeys(["links", "training"], 3),
    **dict.fromkeys(["analysis", "sweeping"], 4),
    "charts": 5,
    **dict.fromkeys(["atlas", "serving", "stage"], 6),
    "export": 7,  # a living picture contains the stage
    "reading": 8,  # it compares a script with the scripts of our own
    "ui": 9,
}


def imports(source: Path) -> set[str]:
    tree = ast.parse(source.read_text())
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{source}: a relative import hides where it leads"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def importers(package: str) -> set[str]:
    return {
        str(source.relative_to(ROOT))
        for source in SOURCES
        if any(name.split(".")[0] == package for name in imports(source))
    }


@pytest.mark.slow
def test_only_the_page_imports_streamlit() -> None:
    assert all(name == "app.py" or "/ui/" in name for name in importers("streamlit"))
    assert "app.py" in importers("streamlit")


@pytest.mark.slow
def test_only_charts_imports_plotly() -> None:
    assert all(name.startswith("tinynet/charts/") for name in importers("plotly"))
    assert "tinynet/charts/loss.py" in importers("plotly")


@pytest.mark.slow
def test_only_the_core_imports_torch() -> None:
    rooms = {
        "registry": "balance data_sets frames initialisations",  # imports for types only
        "training": "backpropagation data devices engine flat fresh history loop network rates",
        "sweeping": "block calls layers networks rates rows",
        "analysis": "explain plane survey coach/trying",
        "export": "files proof",
    }
    rooms["training"] += " best chain chain_parts one_row outputs prediction train watch watched"
    names = [f"{room}/{name}" for room, those in rooms.items() for name in those.split()]
    assert importers("torch") == {f"tinynet/{name}.py" for name in names}


@pytest.mark.slow
@pytest.mark.parametrize("source", SOURCES[1:], ids=lambda source: source.stem)
def test_imports_run_one_way(source: Path) -> None:
    place = source.relative_to(ROOT / "tinynet").parts[0].removesuffix(".py")
    if place == "__init__":
        return
    for name in imports(source):
        if name.startswith("tinynet.") and (other := name.split(".")[1]) != place:
            assert other in RANKS, f"{source} imports {name} by way of the package"
            assert RANKS[other] < RANKS[place], f"{source} imports {name}"


@pytest.mark.slow
@pytest.mark.parametrize("module", ["tinynet", "tinynet.charts", "tinynet.ui.tabs.watch"])
def test_what_draws_the_frame_leaves_torch_unloaded(module: str) -> None:
    lines = f"import sys, {module}; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", lines], cwd=ROOT, check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("module", ["ui.visit", "stage.message", "stage.lines", "serving.store"])
def test_what_a_visit_is_and_sees_needs_no_streamlit(module: str) -> None:
    lines = f"import sys, tinynet.{module}; sys.exit('streamlit' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", lines], cwd=ROOT, check=False).returncode == 0


def test_every_public_name_can_be_fetched() -> None:
    import tinynet

    for _ in range(2):  # the second time, a module of the same name could hide the object
        fetched = [getattr(tinynet, name) for name in tinynet.__all__]
        assert not any(isinstance(each, ModuleType) for each in fetched)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = tinynet.nonsense
