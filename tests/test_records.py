"""The core's records: immutable, and never compared array by array by accident."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path
from typing import Any

import pytest

import tinynet

ROOT = Path(tinynet.__file__).parent
FILES = [path.relative_to(ROOT) for path in ROOT.rglob("[a-z]*.py")]
MODULES = sorted(".".join(path.with_suffix("").parts) for path in FILES if path.parts[0] != "ui")
WRITTEN_INTO = {"Memory"}  # the optimizer writes into it in each step


def records(name: str) -> list[Any]:
    module = import_module(f"tinynet.{name}")
    classes = [each for _, each in getmembers(module, isclass) if is_dataclass(each)]
    return [each for each in classes if each.__module__ == module.__name__]


@pytest.mark.parametrize("module", MODULES)
def test_every_record_is_frozen_and_one_with_arrays_is_equal_to_itself_alone(module: str) -> None:
    for record in records(module):
        if record.__name__ in WRITTEN_INTO:
            continue
        assert record.__dataclass_params__.frozen, record
        types = " ".join(str(field.type) for field in fields(record))
        if "Array" in types or "Tensors" in types:
            assert record.__eq__ is object.__eq__, record


def test_the_records_that_matter_are_among_them() -> None:
    names = {record.__name__ for module in MODULES for record in records(module)}

    assert {"Settings", "Knob", "Run", "Checkpoints", "Epoch", "Film", "Address"} <= names
    assert {"Loss", "Activation", "Optimizer", "Schedule", "DataSet", *WRITTEN_INTO} <= names
