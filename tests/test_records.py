"""The core's records: nobody changes one, and arrays are never compared by the way."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path
from typing import Any

import pytest

import tinynet

MODULES = sorted(path.stem for path in Path(tinynet.__file__).parent.glob("[a-z]*.py"))


def records(name: str) -> list[Any]:
    module = import_module(f"tinynet.{name}")
    classes = [each for _, each in getmembers(module, isclass) if is_dataclass(each)]
    return [each for each in classes if each.__module__ == module.__name__]


@pytest.mark.parametrize("module", MODULES)
def test_every_record_is_frozen_and_one_with_arrays_is_equal_to_itself_alone(module: str) -> None:
    for record in records(module):
        assert record.__dataclass_params__.frozen, record
        types = " ".join(str(field.type) for field in fields(record))
        if "Array" in types or "Tensors" in types:
            assert record.__eq__ is object.__eq__, record


def test_the_records_that_matter_are_among_them() -> None:
    names = {record.__name__ for module in MODULES for record in records(module)}

    assert {"Settings", "Knob", "Run", "Checkpoints", "Epoch", "Film", "Address"} <= names
