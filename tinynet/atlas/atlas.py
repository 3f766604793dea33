"""A plan and its store -> the whole, tile by tile; what is there is not computed again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from tinynet.atlas.plan import Plan, Tile
from tinynet.atlas.store import KINDS, Arrays, Store, arrays_of
from tinynet.sweeping.grid import Sweep
from tinynet.sweeping.turns import sweep

# A way to compute some tiles of a plan, each given back when it is done, in any order.
Compute = Callable[[Plan, Iterable[Tile]], Iterator[tuple[Tile, Arrays]]]


def computed(plan: Plan, tile: Tile) -> Arrays:
    """Train the networks of a tile."""
    return arrays_of(sweep(plan.settings, plan.axes(tile)))


def computed_here(plan: Plan, tiles: Iterable[Tile]) -> Iterator[tuple[Tile, Arrays]]:
    """Compute one tile after the other, in this process."""
    return ((tile, computed(plan, tile)) for tile in tiles)


class Atlas:
    """A large map in progress."""

    def __init__(self, plan: Plan, store: Store) -> None:
        self.plan = plan
        self._store = store
        self._arrays = {name: np.empty(plan.shape, kind) for name, kind in KINDS.items()}
        self.missing = [tile for tile in plan.tiles if not self._find(tile)]

    def work(self, compute: Compute = computed_here) -> Iterator[Tile]:
        """Compute what is missing; each tile is kept before it is named."""
        for tile, arrays in compute(self.plan, tuple(self.missing)):
            self._store.keep(self.plan, tile, arrays)
            self._place(tile, arrays)
            self.missing.remove(tile)
            yield tile

    def to_sweep(self) -> Sweep:
        """Return the whole, once nothing is missing; what it took is not known."""
        if self.missing:
            raise ValueError(f"{len(self.missing)} tiles are still missing.")
        axes = (self.plan.view.y.name, self.plan.y), (self.plan.view.x.name, self.plan.x)
        return Sweep(settings=self.plan.settings, axes=axes, seconds=0.0, **self._arrays)

    def _find(self, tile: Tile) -> bool:
        arrays = self._store.read(self.plan, tile)
        if arrays is not None:
            self._place(tile, arrays)
        return arrays is not None

    def _place(self, tile: Tile, arrays: Arrays) -> None:
        for name, each in arrays.items():
            self._arrays[name][tile.where] = each
