"""Sweep: what many networks at once leave behind; frozen, its arrays read-only."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tinynet.run import FloatArray, frozen
from tinynet.settings import Settings
from tinynet.sweeping.grid import Axis, Grid

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Sweep:
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

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, np.ndarray):
                object.__setattr__(self, each.name, frozen(value))

    @property
    def nbytes(self) -> int:
        """The size of the arrays in bytes."""
        values = (getattr(self, each.name) for each in fields(self))
        return sum(each.nbytes for each in values if isinstance(each, np.ndarray))

    def settings_of(self, index: tuple[int, ...]) -> Settings:
        """Return the settings of one cell, by its place along each axis."""
        grid = Grid(self.settings, tuple(Axis(*each) for each in self.axes))
        return grid.settings_of(int(np.ravel_multi_index(index, grid.shape)))

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
