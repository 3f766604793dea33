"""The plan of a sweep: which of its cells can be trained together, and in what order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from tinynet.settings import HIDDEN_UNITS, Settings, set_to
from tinynet.sweeping.grid import OFFERED, Grid, SweepAxis

# What may differ between networks that train together, other than by one tensor for each; all
# other knobs change what is computed, so a block of networks is of one value of each of them.
# Decides a network's first weights.
DRAWN = ("hidden_units", "initialisation", "seed", "weight_seed", "noise")
DATA = ("seed", "noise")  # decides its rows
# What each trains with.
OF_A_NETWORK = ("learning_rate", "last_layer_rate", "l1", "l2", "clip", "schedule")
ORDER = (*DRAWN, *OF_A_NETWORK, "epochs")

Cells = npt.NDArray[np.int64]  # the places of cells in a sweep, counted row by row


class SweepPlan(Grid):
    """The grid, with what its cells have, and their order."""

    def __init__(self, settings: Settings, axes: tuple[SweepAxis, ...]) -> None:
        super().__init__(settings, axes)
        self._place = {axis.name: place for place, axis in enumerate(axes)}

    def values(self, name: str, cells: Cells) -> list[Any]:
        """Return what these cells have of a knob, one value for each."""
        if name not in self._place:
            # What is no axis may follow from one: the decay from the optimizer.
            follows = OFFERED[name].follows
            settings = self.settings_of(int(cells.flat[0])) if follows else self.settings
            return [getattr(settings, name)] * cells.size
        values = self.axes[self._place[name]].values
        return [values[place] for place in self._along(name, cells).ravel().tolist()]

    def all_values(self, name: str) -> tuple[Any, ...]:
        """Return each value that some cell has of a knob."""
        place = self._place.get(name)
        return (getattr(self.settings, name),) if place is None else self.axes[place].values

    def widths(self, cells: Cells) -> set[tuple[int, ...]]:
        """Return the widths of the hidden layers that some of these cells have."""
        name = HIDDEN_UNITS.name
        found = set(self.values(name, cells))
        return {set_to(self.settings, {name: each}).hidden_units for each in found}

    def numbers(self, name: str, cells: Cells) -> npt.NDArray[np.float32]:
        """Return what these cells have of a knob that is a number."""
        return np.array(self.values(name, cells), np.float32).reshape(cells.shape)

    def alike(self, cells: Cells, names: Iterable[str]) -> Cells:
        """Return a number for each cell: the same for those that have the same of these knobs."""
        found = np.zeros_like(cells)
        for name in names:
            if name in self._place:
                found = found * self.shape[self._place[name]] + self._along(name, cells)
        return found

    def kinds(self) -> Iterator[Cells]:
        """Yield the cells that one computation can serve: (groups, networks, lengths).

        A group's networks are given the same rows. The cells of one network differ in nothing but
        the epochs that it is trained.
        """
        cells = np.arange(math.prod(self.shape), dtype=np.int64).reshape(self.shape)
        for lots in product(*map(self._lots, self.axes)):
            yield self._arranged(cells[np.ix_(*lots)])

    def _along(self, name: str, cells: Cells) -> Cells:
        return np.unravel_index(cells, self.shape)[self._place[name]]

    def _lots(self, axis: SweepAxis) -> list[list[int]]:
        """Return the places of an axis, in lots of those that can be computed together."""
        places = range(len(axis.values))
        if axis.name == HIDDEN_UNITS.name:
            return self._by_depth(axis)
        return [list(places)] if axis.name in ORDER else [[place] for place in places]

    def _by_depth(self, axis: SweepAxis) -> list[list[int]]:
        """Return the lots of as many layers, narrow before wide: neighbours train together."""
        widths = [set_to(self.settings, {axis.name: each}).hidden_units for each in axis.values]
        places = sorted(range(len(widths)), key=widths.__getitem__)
        depths = sorted({len(each) for each in widths})
        return [[place for place in places if len(widths[place]) == depth] for depth in depths]

    def _arranged(self, cells: Cells) -> Cells:
        settings = self.settings_of(int(cells.flat[0]))
        shared = self._decides_the_rows(settings)
        names = [axis.name for axis in self.axes]
        inner = [name for name in ORDER if name in names and name not in shared]
        outer = sorted((name for name in names if name not in inner), key=_rank)
        cells = cells.transpose([self._place[name] for name in (*outer, *inner)])
        groups = math.prod(cells.shape[: len(outer)])
        one_training = inner[-1:] == ["epochs"] and not self._has_schedules()
        lengths = cells.shape[-1] if one_training else 1
        cells = cells.reshape(groups, -1, lengths)
        return cells if shares(settings, cells.shape[1]) else cells.reshape(-1, 1, lengths)

    def _decides_the_rows(self, settings: Settings) -> tuple[str, ...]:
        """Return the knobs that decide which rows a network is given, and when."""
        return DRAWN if settings.batch_size else DATA  # the dice of the shuffles come last

    def _has_schedules(self) -> bool:
        return self.all_values("schedule") != ("constant",)


FEW = 8  # networks: with fewer, what each is given by itself is sooner computed
SHARED_LAYERS = 1


def shares(settings: Settings, networks: int) -> bool:
    """Whether networks that are given the same rows are computed in one product."""
    return len(settings.hidden_units) <= SHARED_LAYERS and networks >= FEW


def _rank(name: str) -> int:
    return ORDER.index(name) if name in ORDER else -1
