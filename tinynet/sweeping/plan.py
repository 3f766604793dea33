"""The plan of a sweep: which cells train together, and in what order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from tinynet.settings import HIDDEN_UNITS, Settings, set_to
from tinynet.sweeping.grid import OFFERED, Grid, SweepAxis

# Knobs that may vary within a block of networks: for the first weights, rows and updates. All other
# knobs change the computation, so they have one value in a block.
DRAWN = ("hidden_units", "initialisation", "seed", "weight_seed", "noise")
DATA = ("seed", "noise")
OF_A_NETWORK = ("learning_rate", "last_layer_rate", "l1", "l2", "clip", "schedule")
ORDER = (*DRAWN, *OF_A_NETWORK, "epochs")

Cells = npt.NDArray[np.int64]  # indices of cells in a sweep, row by row


class SweepPlan(Grid):
    """A grid, with the values and the order of its cells."""

    def __init__(self, settings: Settings, axes: tuple[SweepAxis, ...]) -> None:
        super().__init__(settings, axes)
        self._place = {axis.name: place for place, axis in enumerate(axes)}

    def values(self, name: str, cells: Cells) -> list[Any]:
        """Return the values of a knob in these cells."""
        if name not in self._place:
            # The default of a knob may depend on an axis, as the decay depends on the optimizer.
            follows = OFFERED[name].follows
            settings = self.settings_of(int(cells.flat[0])) if follows else self.settings
            return [getattr(settings, name)] * cells.size
        values = self.axes[self._place[name]].values
        return [values[place] for place in self._along(name, cells).ravel().tolist()]

    def all_values(self, name: str) -> tuple[Any, ...]:
        """Return all values of a knob in the sweep."""
        place = self._place.get(name)
        return (getattr(self.settings, name),) if place is None else self.axes[place].values

    def widths(self, cells: Cells) -> set[tuple[int, ...]]:
        """Return the different widths of the hidden layers in these cells."""
        name = HIDDEN_UNITS.name
        values = set(self.values(name, cells))
        return {set_to(self.settings, {name: each}).hidden_units for each in values}

    def numbers(self, name: str, cells: Cells) -> npt.NDArray[np.float32]:
        """Return the values of a numeric knob in these cells."""
        return np.array(self.values(name, cells), np.float32).reshape(cells.shape)

    def labels(self, cells: Cells, names: Iterable[str]) -> Cells:
        """Return a number for each cell, the same for cells with equal values of these knobs."""
        labels = np.zeros_like(cells)
        for name in names:
            if name in self._place:
                labels = labels * self.shape[self._place[name]] + self._along(name, cells)
        return labels

    def kinds(self) -> Iterator[Cells]:
        """Yield the cells that one computation can train, (groups, networks, lengths).

        The networks of a group see the same rows. The cells of a network differ only in epochs.
        """
        cells = np.arange(math.prod(self.shape), dtype=np.int64).reshape(self.shape)
        for places in product(*map(self._separate, self.axes)):
            yield self._arranged(cells[np.ix_(*places)])

    def _along(self, name: str, cells: Cells) -> Cells:
        return np.unravel_index(cells, self.shape)[self._place[name]]

    def _separate(self, axis: SweepAxis) -> list[list[int]]:
        """Return the indices of an axis, in lists of cells that can be computed together."""
        places = range(len(axis.values))
        if axis.name == HIDDEN_UNITS.name:
            return self._by_depth(axis)
        return [list(places)] if axis.name in ORDER else [[place] for place in places]

    def _by_depth(self, axis: SweepAxis) -> list[list[int]]:
        """Return the cells by number of layers, sorted so that similar widths train together."""
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
        """Return the knobs that decide the rows of a network and their order."""
        return DRAWN if settings.batch_size else DATA  # shuffles are drawn after the weights

    def _has_schedules(self) -> bool:
        return self.all_values("schedule") != ("constant",)


FEW = 8  # networks; with fewer, separate products are faster
SHARED_LAYERS = 1


def shares(settings: Settings, networks: int) -> bool:
    """Return whether networks with the same rows share one product."""
    return len(settings.hidden_units) <= SHARED_LAYERS and networks >= FEW


def _rank(name: str) -> int:
    return ORDER.index(name) if name in ORDER else -1
