"""The cells of a sweep, every combination of the axes' values, and what came of each: Sweep."""

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
from tinynet.training.run import FloatArray, Record

if TYPE_CHECKING:
    import pandas as pd

MOST_CELLS = 256 * 256
OFFERED = {knob.name: knob for knob in KNOBS if knob.name != "device"}  # one for all


@dataclass(frozen=True)
class SweepAxis:
    """A knob, and the values that it takes, each as its knob holds it."""

    name: str
    values: tuple[Any, ...]


def axes_of(settings: Settings, axes: Mapping[str, Iterable[Any]]) -> tuple[SweepAxis, ...]:
    """Return the axes, checked: SettingsError for a knob, a value or a size that makes no sense."""
    checked = tuple(SweepAxis(name, _values(name, values)) for name, values in axes.items())
    if not checked:
        raise SettingsError("axes must name one knob or more, each with its values.", "axes")
    cells = math.prod(len(axis.values) for axis in checked)
    if cells > MOST_CELLS:
        message = f"axes must make {MOST_CELLS:,} cells at most, not {cells:,}."
        raise SettingsError(message, checked[0].name)
    _check_that_choices_go_together(settings, checked)
    return checked


def _values(name: str, values: Iterable[Any]) -> tuple[Any, ...]:
    if name not in OFFERED:
        raise SettingsError(f"An axis must be {listed(OFFERED, 'or')}, not {name!r}.", name)
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise SettingsError(f"The axis {name} must hold several values, not {values!r}.", name)
    found = tuple(islice(values, MOST_CELLS + 1))  # there may be no end of them
    if not found:
        raise SettingsError(f"The axis {name} must hold one value or more.", name)
    return tuple(_value(OFFERED[name], each) for each in found)


def _value(knob: Knob[Any], value: Any) -> Any:
    """Return a value as its knob holds it; one width for all layers stays one number."""
    checked = knob.check(value)
    one_width = knob.name == HIDDEN_UNITS.name and not isinstance(value, (tuple, list))
    return checked[0] if one_width else checked


def _check_that_choices_go_together(settings: Settings, axes: tuple[SweepAxis, ...]) -> None:
    choices = [axis for axis in axes if isinstance(OFFERED[axis.name], ChoiceKnob)]
    for values in product(*(dict.fromkeys(axis.values) for axis in choices)):
        names = (axis.name for axis in choices)
        set_to(settings, dict(zip(names, values, strict=True)))


class Grid:
    """Settings and checked axes; a cell is one value of each axis."""

    def __init__(self, settings: Settings, axes: tuple[SweepAxis, ...]) -> None:
        self.settings = settings
        self.axes = axes
        self.shape = tuple(len(axis.values) for axis in axes)

    def settings_of(self, cell: int) -> Settings:
        """Return the settings of one cell."""
        index = np.unravel_index(cell, self.shape)
        pairs = zip(self.axes, index, strict=True)
        values = {axis.name: axis.values[at] for axis, at in pairs}  # noqa: PD011 - no frame's
        return set_to(self.settings, values)


@dataclass(frozen=True, eq=False)
class Sweep(Record):
    """The end of every training, in arrays of one dimension for each axis.

    What is not known is NaN: of cells that diverged, that have no such rows or no right and wrong,
    or whose turn has not come.
    """

    settings: Settings  # what all cells have, but for the axes
    axes: tuple[tuple[str, tuple[Any, ...]], ...]  # the name of a knob, and its values
    final_losses: FloatArray  # of all training rows, after the last update
    final_test_losses: FloatArray
    diverged: npt.NDArray[np.bool_]  # whether a loss on the way, or the last, was no finite number
    seconds: float  # spent in training, waiting not counted
    accuracies: FloatArray | None = None  # the share of the rows that are right; of classes
    test_accuracies: FloatArray | None = None  # None where no cell has any

    def settings_of(self, index: tuple[int, ...]) -> Settings:
        """Return the settings of one cell, by its place along each axis."""
        grid = Grid(self.settings, tuple(SweepAxis(*each) for each in self.axes))
        return grid.settings_of(int(np.ravel_multi_index(index, grid.shape)))

    def best_cell(self, field: str, *, is_loss: bool) -> dict[str, Any]:
        """Return the values of the cell with the least loss, or the largest share, by axis.

        `field` names one of the arrays; where nothing is known there is none.
        """
        values = getattr(self, field)
        if not np.isfinite(values).any():
            return {}
        best = np.nanargmin(values) if is_loss else np.nanargmax(values)
        places = np.unravel_index(int(best), values.shape)
        return {name: its[place] for (name, its), place in zip(self.axes, places, strict=True)}

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each cell: the values of its axes, and what came of it."""
        import pandas as pd  # noqa: PLC0415 - half a second, for those who want it alone

        shape = self.final_losses.shape
        places = np.unravel_index(np.arange(math.prod(shape)), shape)
        pairs = zip(self.axes, places, strict=True)
        columns = {name: [values[at] for at in found] for (name, values), found in pairs}
        made = "final_losses", "final_test_losses", "accuracies", "test_accuracies", "diverged"
        arrays = {name: getattr(self, name) for name in made}
        known = {_one(name): each.ravel() for name, each in arrays.items() if each is not None}
        return pd.DataFrame({**columns, **known})


def _one(name: str) -> str:
    """Return the name of one of them: "final_loss", "accuracy"."""
    return name.replace("accuracies", "accuracy").replace("losses", "loss")
