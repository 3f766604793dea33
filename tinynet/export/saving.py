"""A run <-> a file in the format safetensors: numbers and JSON, so nothing in it can run.

The file holds the weights under their names in the script's model, the predictions, the settings
as in an address, and what it takes to encode new rows: columns, words, classes and scales. It
holds no row of a table; a painting is part of the settings.
"""

from __future__ import annotations

import json
from inspect import signature
from itertools import chain, pairwise
from math import isfinite
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as to_safetensors

from tinynet.registry.data_sets import InputColumn
from tinynet.registry.tasks import TASKS
from tinynet.settings import DATA, KNOBS, Settings
from tinynet.training.prediction import Predictor, Scale, predictor_of
from tinynet.training.record import FloatArray
from tinynet.training.run import Run
from tinynet.user_data import DataError, Table, UserData
from tinynet.user_data.absent import AbsentTable
from tinynet.user_data.recipes import FUNCTIONS
from tinynet.user_data.table import PARTS

KEY, VERSION = "tinynet", 1
MOST_BYTES = 100_000_000
PREDICTIONS = "predictions"


def save(run: Run, path: str | Path) -> None:
    """Write a trained network to a file that `load` reads; it contains no row of a table."""
    Path(path).write_bytes(to_network(run))


def load(path: str | Path) -> Predictor:
    """Return a network that `save` has written: `predict` answers new rows.

    DataError, a ValueError, for any other file.
    """
    path = Path(path)
    if (size := path.stat().st_size) > MOST_BYTES:
        most = f"{MOST_BYTES // 1_000_000} MB"
        raise DataError(f"{path.name} has {size / 1e6:,.0f} MB; a network has {most} at most.")
    try:
        return _read(path)
    except (SafetensorError, ValueError, TypeError, KeyError, RecursionError) as error:
        message = f"{path.name} is not a network that tinynet.save has written"
        raise DataError(f"{message}, or it is damaged: {error or type(error).__name__}") from None


def to_network(run: Run) -> bytes:
    """Return the content of the file that `save` writes."""
    predictor = predictor_of(run)
    tensors = dict(zip(_names(run.settings), predictor.parameters, strict=True))
    meaning = {
        "version": VERSION,
        "settings": {knob.parameter: knob.text(getattr(run.settings, knob.name)) for knob in KNOBS},
        "table": _table(run.settings.data),
        "x_scale": predictor.x_scale,
        "y_scale": predictor.y_scale,
        "x_usual": predictor.x_usual,
    }
    arrays = {**tensors, PREDICTIONS: run.predictions}
    return to_safetensors(arrays, {KEY: json.dumps(meaning)})


def _names(settings: Settings) -> list[str]:
    """Return the names of the weights and biases in the script's model."""
    layers = range(0, 2 * len(settings.hidden_units) + 2, 2)
    return [f"{layer}.{kind}" for layer in layers for kind in ("weight", "bias")]


def _table(data: str | UserData) -> dict[str, Any] | None:
    """Return what it takes to encode new rows of a table; None for other data."""
    if not isinstance(data, Table):
        return None
    return vars(AbsentTable.of(data))


def _read(path: Path) -> Predictor:
    with safe_open(path, framework="numpy") as file:
        meaning = json.loads((file.metadata() or {})[KEY])
        if meaning["version"] != VERSION:
            raise DataError(f"its version is {meaning['version']!r}, not {VERSION}.")
        settings = _settings(meaning)
        tensors = [_tensor(file, *each) for each in _shapes(settings).items()]
    *parameters, predictions = tensors
    known = *_scales(settings, meaning), _usual(settings, meaning.get("x_usual"))
    return Predictor(settings, tuple(parameters), *known, predictions)


def _settings(meaning: dict[str, Any]) -> Settings:
    settings = _checked(meaning["settings"], dict)
    texts = {name: _checked(text, str) for name, text in settings.items()}
    data = texts[DATA.parameter]
    if unknown := texts.keys() - {knob.parameter for knob in KNOBS}:
        raise DataError(f"it has an unknown setting, {min(unknown)!r}.")
    values = {
        knob.name: knob.read(texts[knob.parameter])
        for knob in KNOBS
        if knob.parameter in texts and knob is not DATA
    }
    values[DATA.name] = _absent(meaning["table"]) if meaning["table"] else DATA.read(data)
    return Settings(**values)


def _absent(table: dict[str, Any]) -> AbsentTable:
    names = ("reference", "name", "target", "task")
    texts = {name: _checked(table[name], str) for name in names}
    columns = tuple(_column(*each) for each in table["columns"])
    classes = tuple(_checked(each, str, int, float, bool) for each in table["classes"])
    rows = _checked(table["rows"], int)
    kinds = [(each.part == "gap", bool(each.words)) for each in columns]
    if texts["task"] not in TASKS or not columns or kinds != sorted(kinds) or rows < 1:
        raise DataError("its table makes no sense.")
    recipes = tuple(_recipe(*each) for each in table.get("recipes", ()))
    lists = {"columns": columns, "classes": classes, "recipes": recipes}
    return AbsentTable(**{**texts, "rows": rows, **lists})


def _column(name: Any, words: Any, source: Any = "", part: Any = "") -> InputColumn:
    if part not in ("", *PARTS[1:], "gap") or bool(part) != bool(source):
        raise DataError("its table makes no sense.")
    texts = tuple(_checked(each, str) for each in words)
    return InputColumn(_checked(name, str), texts, _checked(source, str), part)


def _recipe(column: Any, kind: Any, arguments: Any) -> tuple[Any, ...]:
    values = {name: _argument(name, value) for name, value in arguments}
    if kind not in FUNCTIONS or not values.keys() <= signature(FUNCTIONS[kind]).parameters.keys():
        raise DataError("its table makes no sense.")
    return _checked(column, str), kind, tuple(values.items())


def _argument(name: Any, value: Any) -> Any:
    if name in ("drop", "gaps"):
        return tuple(_checked(each, str) for each in value)
    return _checked(value, bool if name == "exact" else str)


def _checked(value: Any, *kinds: type) -> Any:
    """Return a value of these types; DataError for a value of another type."""
    if type(value) not in kinds:
        raise DataError(f"it holds {str(value)[:30]!r} where {kinds[0].__name__} belongs.")
    return value


def _shapes(settings: Settings) -> dict[str, tuple[int, ...]]:
    """Return the shape of each tensor in the file."""
    sizes = pairwise((settings.inputs, *settings.hidden_units, settings.outputs))
    shapes = chain.from_iterable(((outputs, inputs), (outputs,)) for inputs, outputs in sizes)
    of_predictions = settings.training_rows, settings.outputs
    return dict(zip([*_names(settings), PREDICTIONS], [*shapes, of_predictions], strict=True))


def _tensor(file: Any, name: str, shape: tuple[int, ...]) -> FloatArray:
    part = file.get_slice(name)
    if part.get_dtype() != "F32" or tuple(part.get_shape()) != shape:
        raise DataError(f"{name} is {part.get_dtype()} {part.get_shape()}, not F32 {list(shape)}.")
    tensor: FloatArray = file.get_tensor(name)
    return tensor


def _scales(settings: Settings, meaning: dict[str, Any]) -> tuple[Scale | None, Scale | None]:
    columns = settings.data_set.input_columns
    numbers = sum(not each.words and each.part != "gap" for each in columns)
    return _scale(meaning["x_scale"], numbers), _scale(meaning["y_scale"], 1)


def _usual(settings: Settings, values: Any) -> tuple[float, ...] | None:
    has_gaps = any(each.part == "gap" for each in settings.data_set.input_columns)
    if values is None and not has_gaps:
        return None
    usual = tuple(_checked(each, float) for each in values)
    if not has_gaps or len(usual) != settings.inputs or not all(map(isfinite, usual)):
        raise DataError("its values for gaps make no sense.")
    return usual


def _scale(lists: Any, columns: int) -> Scale | None:
    if lists is None:
        return None
    mean, deviation = (tuple(_checked(each, float) for each in numbers) for numbers in lists)
    is_whole = len(mean) == len(deviation) == columns
    if not is_whole or not all(map(isfinite, mean + deviation)) or min(deviation) <= 0:
        raise DataError("its scales make no sense.")
    return mean, deviation
