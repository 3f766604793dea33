"""The cells of a sweep, one per combination of the axes' values, and their results: Sweep."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tinynet.settings import (
    HIDDEN_UNITS,
    KNOBS,
    ChoiceKnob,
    Knob,
    Settings,
    SettingsError,
    listed,
    set_to,
)
from tinynet.training.record import FloatArray, Record

if TYPE_CHECKING:
    import pandas as pd

MOST_CELLS = 256 * 256
OFFERED = {knob.name: knob for knob in KNOBS if knob.name != "device"}


@dataclass(frozen=True)
class SweepAxis:
    """A knob and its values along one axis."""

    name: str
    values: tuple[Any, ...]


def axes_of(settings: Settings, axes: Mapping[str, Iterable[Any]]) -> tuple[SweepAxis, ...]:
    """Return the axes; SettingsError for an invalid knob, value or number of cells."""
    checked = tuple(SweepAxis(name, _values(name, values)) for name, values in axes.items())
    if not checked:
        raise SettingsError("axes must name at least one knob with its values.", "axes")
    cells = math.prod(len(axis.values) for axis in checked)
    if cells > MOST_CELLS:
        message = f"axes must make {MOST_CELLS:,} cells at most, not {cells:,}."
        raise SettingsError(message, checked[0].name)
    _check_choices(settings, checked)
    return checked


def _values(name: str, values: Iterable[Any]) -> tuple[Any, ...]:
    if name not in OFFERED:
        raise SettingsError(f"An axis must be {listed(OFFERED, 'or')}, not {name!r}.", name)
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise SettingsError(f"The axis {name} must have a list of values, not {values!r}.", name)
    chosen = tuple(islice(values, MOST_CELLS + 1))  # the iterable may be endless
    if not chosen:
        raise SettingsError(f"The axis {name} must have at least one value.", name)
    return tuple(_value(OFFERED[name], each) for each in chosen)


def _value(knob: Knob[Any], value: Any) -> Any:
    """Return a value in its knob's type; a single width for all layers stays one number."""
    checked = knob.check(value)
    one_width = knob.name == HIDDEN_UNITS.name and not isinstance(value, (tuple, list))
    return checked[0] if one_width else checked


def _check_choices(settings: Settings, axes: tuple[SweepAxis, ...]) -> None:
    """Raise SettingsError for choices that conflict in some cell."""
    choices = [axis for axis in axes if isinstance(OFFERED[axis.name], ChoiceKnob)]
    for values in product(*(dict.fromkeys(axis.values) for axis in choices)):
        names = (axis.name for axis in choices)
        set_to(settings, dict(zip(names, values, strict=True)))


class Grid:
    """Settings and checked axes; a cell has one value of each axis."""

    def __init__(self, settings: Settings, axes: tuple[SweepAxis, ...]) -> None:
        self.settings = settings
        self.axes = axes
        self.shape = tuple(len(axis.values) for axis in axes)

    def settings_of(self, cell: int) -> Settings:
        """Return the settings of one cell."""
        index = np.unravel_index(cell, self.shape)
        pairs = zip(self.axes, index, strict=True)
        values = {axis.name: axis.values[at] for axis, at in pairs}  # noqa: PD011 - not a frame
        return set_to(self.settings, values)


@dataclass(frozen=True, eq=False)
class Sweep(Record):
    """The results of all trainings, in arrays with one dimension per axis.

    NaN marks cells that diverged, lack test rows or classes, or are not trained yet.
    """

    settings: Settings  # of all cells, except for the axes
    axes: tuple[tuple[str, tuple[Any, ...]], ...]  # the name of a knob, and its values
    final_losses: FloatArray  # over all training rows, after the last update
    final_test_losses: FloatArray
    diverged: npt.NDArray[np.bool_]  # whether some loss was not finite
    seconds: float  # of training, without waiting
    accuracies: FloatArray | None = None  # shares of correct rows; None if all are regressions
    test_accuracies: FloatArray | None = None  # None if no cell has test rows

    def settings_of(self, index: tuple[int, ...]) -> Settings:
        """Return the settings of one cell, given its index on each axis."""
        grid = Grid(self.settings, tuple(SweepAxis(*each) for each in self.axes))
        return grid.settings_of(int(np.ravel_multi_index(index, grid.shape)))

    def best_cell(self, field: str, *, is_loss: bool) -> dict[str, Any]:
        """Return the axes' values in the cell with the lowest loss or the highest accuracy.

        `field` names one of the arrays; {} if it has only NaN.
        """
        values = getattr(self, field)
        if not np.isfinite(values).any():
            return {}
        best = np.nanargmin(values) if is_loss else np.nanargmax(values)
        places = np.unravel_index(int(best), values.shape)
        pairs = zip(self.axes, places, strict=True)
        return {name: axis_values[place] for (name, axis_values), place in pairs}

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each cell: the values of its axes and its results."""
        import pandas as pd  # noqa: PLC0415 - half a second to import

        shape = self.final_losses.shape
        places = np.unravel_index(np.arange(math.prod(shape)), shape)
        pairs = zip(self.axes, places, strict=True)
        columns = {name: [values[at] for at in found] for (name, values), found in pairs}
        names = "final_losses", "final_test_losses", "accuracies", "test_accuracies", "diverged"
        arrays = {name: getattr(self, name) for name in names}
        known = {_singular(name): each.ravel() for name, each in arrays.items() if each is not None}
        return pd.DataFrame({**columns, **known})


def _singular(name: str) -> str:
    return name.replace("accuracies", "accuracy").replace("losses", "loss")
