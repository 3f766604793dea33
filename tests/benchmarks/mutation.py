"""Mutants: whether a test sees each small fault in the core.

`-m tests.benchmarks.mutation [--sample N] [module ...]`; with a sample, N mutants of each module.

Each mutant is a module with one thing changed: a comparison, an operator, a number, a switch, a
text, a condition, a returned value, a call left out. It counts as killed when one of the module's
tests fails or never ends. Not with mutmut: it starts Python, and so torch, anew for a good part of
its work, and its mutants live in functions alone, while much of this core is tables and defaults.
Here each mutant runs in a fork of a process that has imported torch (so not on Windows).
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib
import os
import random
import shlex
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PATIENCE = 5  # times the seconds that the tests take of an unchanged module, and
AT_LEAST = 20  # seconds: a machine may be busy
IMPORTED_ONCE = (
    *("pytest", "pandas", "plotly.graph_objects", "playwright.sync_api", "nbformat", "nbclient"),
    *("streamlit.testing.v1", "streamlit.web.server"),
)
TESTS = {  # of each module, group by group: the next group is tried where the one before passes
    **dict.fromkeys(
        [f"settings/{module}" for module in ("knob", "number_knobs", "choice_knobs")],
        (
            "test_settings.py test_records.py test_tables.py test_pins.py",
            "test_address.py test_controls.py test_several.py",
        ),
    ),
    "settings/knobs": (
        "test_settings.py",
        "test_address.py test_controls.py test_walls.py",
        "test_sidebar.py -k 'not tab'",
    ),
    "settings/settings": (
        "test_settings.py test_refused_runs.py test_pins.py test_maps.py",
        "test_address.py test_painting.py -k 'not script'",
    ),
    **dict.fromkeys(
        [f"own/{part}" for part in ("__init__", "data", "painting")],
        ("test_painting.py -k 'not script'", "test_painting.py -k script"),
    ),
    "expressions": (
        "test_export.py test_parts.py -k 'group or run_here or schedule_falls'",
        "test_combinations.py -k drawn_share",
    ),
    "rates": (
        "test_parts.py test_last_layer.py -k 'schedule_falls or schedule_lowers'",
        "test_sweep.py -k 'schedule_is_served or schedule_lowers'",
        "test_combinations.py -k drawn_share",
    ),
    "engine": (
        "test_loop.py test_backpropagation.py",
        "test_refused_runs.py test_combinations.py",
        "test_broken_runs.py -k short",
    ),
    "flat": (
        "test_backpropagation.py -k border",
        "test_backpropagation.py",
        "test_combinations.py",
    ),
    "address": ("test_address.py test_records.py test_maps.py test_pins.py",),
    "data": ("test_data.py test_loop.py test_records.py", "test_painting.py -k script"),
    "colours": ("test_charts.py",),
    "network": ("test_network.py",),
    "devices": ("test_devices.py test_records.py",),
    "fresh": (
        "test_fresh.py -k 'born or afterwards or leaves or at_once or error'",
        "test_fresh.py",
    ),
    "run": (
        "test_run.py test_records.py test_tables.py test_broken_runs.py",
        "test_several.py test_watch_tab.py test_diagnosis.py",
        "test_export.py",
    ),
    "loop": ("test_loop.py test_backpropagation.py", "test_explain.py test_lines.py -k 'not page'"),
    "backpropagation": (
        "test_backpropagation.py test_records.py",
        "test_combinations.py -k drawn_share",
    ),
    "training": (
        "test_training.py -k 'not (bit_for_bit or same or eight)'",
        "test_run.py test_broken_runs.py",
        "test_combinations.py -k 'drawn_share or turns'",
    ),
    "history": (
        "test_film.py test_run.py",
        "test_training.py test_broken_runs.py",
        "test_combinations.py -k 'drawn_share or turns or small'",
    ),
    "epoch": ("test_tables.py test_records.py", "test_explain.py"),
    "explain": ("test_tables.py", "test_explain.py"),
    **dict.fromkeys(
        [
            f"diagnosis/{part}"
            for part in ("causes", "curve", "diagnosis", "gradients", "scores", "stories", "words")
        ],
        (
            "test_diagnosis.py -k 'not (drawn or read or seed or told)'",
            "test_records.py -k diagnosis",
            "test_diagnosis.py",
        ),
    ),
    "film": (
        "test_film.py test_records.py -k 'film and not article'",
        "test_film.py -k article",
    ),
    "tables": ("test_tables.py", "test_several.py -k 'table or matrix or arithmetic or side'"),
    "grid": ("test_sweep.py -k 'axes or best or cells or frame or frozen or size or width'",),
    "maps": ("test_maps.py test_records.py", "test_map_charts.py"),
    "nearness": ("test_nearness.py",),
    "pins": ("test_pins.py test_records.py", "test_files.py -k pin"),
    "landscape": ("test_survey.py", "test_landscape_charts.py"),
    "charts/loss": ("test_charts.py",),
    "charts/map": ("test_map_charts.py",),
    "charts/runs": ("test_map_charts.py",),
    "charts/landscape": ("test_landscape_charts.py test_records.py",),
    "colour_scale": ("test_map_charts.py test_records.py", "test_atlas.py"),
    **dict.fromkeys(
        [f"export/{part}" for part in ("cells", "files", "model", "rows", "story", "training")],
        (
            "test_export.py -k 'not (fresh or copied or kernel or weights)'",
            "test_export.py test_several.py -k 'weights_fit or logits'",
            "test_combinations.py -k drawn_share",
            "test_parts.py -k takes",
            "test_export.py -k kernel",
        ),
    ),
    "proof": (
        "test_proof.py test_records.py -k proof",
        "test_refused_runs.py test_files.py -k 'refused_runs or without_the_file'",
        "test_broken_runs.py -k 'proof or line'",
    ),
}
PLUGINS = ("cacheprovider", "doctest", "unraisableexception")  # not needed; each takes its time
OPTIONS = ("-x", "-q", "-m", "not alone", *(f"-pno:{each}" for each in PLUGINS))
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.USub: ast.UAdd,
}


class Mutant(NamedTuple):
    """A module with one thing changed, and where and what that is."""

    line: int
    change: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module; its docstrings and type hints stay as they are."""
    tree = ast.parse(source)
    for node in list(_that_work(tree)):
        for name, value in _changes(node):
            before, text = getattr(node, name), ast.unparse(node)
            setattr(node, name, value)
            ast.fix_missing_locations(tree)
            change = f"{_short(text)}  ->  {_short(ast.unparse(node))}"
            yield Mutant(getattr(node, "lineno", 0), change, ast.unparse(tree))
            setattr(node, name, before)


def _that_work(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that do something, not those that only say something."""
    yield node
    for name, field in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        for each in field if isinstance(field, list) else [field]:
            if isinstance(each, ast.AST) and not _only_says(each):
                yield from _that_work(each)


def _only_says(node: ast.AST) -> bool:
    """Tell whether it is a docstring, or the list of a package's names."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
    return False


def _changes(node: ast.AST) -> Iterator[tuple[str, object]]:
    """Yield fields of a node, each with another value."""
    match node:
        case ast.Constant(value=value):
            yield from _other_values(value)
        case ast.Compare(ops=[op, *others]):
            yield "ops", [SWAPPED[type(op)](), *others]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "operand", ast.UnaryOp(ast.Not(), operand)
        case ast.BinOp(op=op) | ast.BoolOp(op=op) | ast.AugAssign(op=op) | ast.UnaryOp(op=op):
            yield from ([("op", SWAPPED[type(op)]())] if type(op) in SWAPPED else [])
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
                yield "test", ast.UnaryOp(ast.Not(), test)
        case ast.Return(value=ast.expr()) | ast.Expr(value=ast.Call()):
            yield "value", ast.Constant(None)


def _other_values(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, bool):
        yield "value", not value
    elif isinstance(value, int | float):
        yield "value", value + 1
    elif isinstance(value, str):
        yield "value", f"XX{value}"


def _short(text: str) -> str:
    return text if len(text) < 60 else f"{text[:56]} ..."


class Copy:
    """A copy of the house, in which one module at a time is changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stopped = 0  # test runs that went beyond their limit
        for each in ("tinynet", "tests", "app.py", "pyproject.toml", "README.md"):
            copy = shutil.copytree if (ROOT / each).is_dir() else shutil.copy
            copy(ROOT / each, folder / each)

    def passes(self, module: str, source: str, limit: float) -> bool:
        """Tell whether all tests of a module pass, within a limit in seconds, on such a source."""
        changed = self.folder / "tinynet" / f"{module}.py"
        changed.write_text(source)
        for stale in (changed.parent / "__pycache__").glob(f"{changed.stem}.*"):
            stale.unlink()
        end = time.monotonic() + limit
        return all(self._passes(shlex.split(tests), end) for tests in TESTS[module])

    def _passes(self, tests: list[str], end: float) -> bool:
        child = os.fork()
        if child == 0:
            os._exit(_test(self.folder, tests))
        while time.monotonic() < end:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return status == 0
            time.sleep(0.01)
        self.stopped += 1
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return False


def _test(folder: Path, tests: list[str]) -> int:
    """Run tests there, silently; what they start ends with them."""
    import pytest

    os.setsid()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    for name in [each for each in sys.modules if each.partition(".")[0] in ("tests", "tinynet")]:
        del sys.modules[name]
    paths = [f"tests/{each}" if each.startswith("test_") else each for each in tests]
    return int(pytest.main([*paths, *OPTIONS]))


def try_module(copy: Copy, module: str, sample: int | None) -> tuple[int, list[Mutant]]:
    """Return how many mutants of a module were tried, and those that no test saw."""
    source = (ROOT / "tinynet" / f"{module}.py").read_text()
    start = time.monotonic()
    if not copy.passes(module, ast.unparse(ast.parse(source)), limit=600):
        raise RuntimeError(f"The tests of {module} fail as it is.")
    limit = max(AT_LEAST, PATIENCE * (time.monotonic() - start))
    tried = _drawn(list(mutants(source)), sample)
    survivors = [each for each in tried if copy.passes(module, each.source, limit)]
    copy.passes(module, source, limit)
    return len(tried), survivors


def _drawn(every: list[Mutant], sample: int | None) -> list[Mutant]:
    """Return all, or so many by chance: the same ones each time."""
    if sample is None or sample >= len(every):
        return every
    return sorted(random.Random(1).sample(every, sample))  # noqa: S311 - a repeatable draw


def main(modules: list[str], sample: int | None) -> None:
    """Print a line for each module, and below it its survivors."""
    import torch

    for name in IMPORTED_ONCE:
        importlib.import_module(name)
    torch.optim.SGD([torch.zeros(1)], lr=1)  # the first one imports some 800 modules
    gc.freeze()
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        for module in modules:
            copy.stopped = 0
            count, survivors = try_module(copy, module, sample)
            row = (module, count, count - len(survivors), len(survivors))
            print(f"| {' | '.join(map(str, row))} |", flush=True)
            if copy.stopped:
                print(f"    {copy.stopped} of the killed never ended", flush=True)
            for each in survivors:
                print(f"    {module}.py:{each.line}: {each.change}", flush=True)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("modules", nargs="*", metavar="module")
    arguments.add_argument("--sample", type=int, metavar="N")
    given = arguments.parse_args()
    main(given.modules or list(TESTS), given.sample)
