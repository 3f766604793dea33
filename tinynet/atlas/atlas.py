"""Atlas: a large map, computed tile by tile; stored tiles are not computed again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from tinynet.atlas.plan import AtlasPlan, Tile
from tinynet.atlas.store import KINDS, Arrays, TileStore, arrays_of
from tinynet.sweeping.grid import Sweep
from tinynet.sweeping.turns import sweep

# A function that computes tiles of a plan, and yields each when it is done, in any order.
Compute = Callable[[AtlasPlan, Iterable[Tile]], Iterator[tuple[Tile, Arrays]]]


def compute_tile(plan: AtlasPlan, tile: Tile) -> Arrays:
    """Train the networks of a tile."""
    return arrays_of(sweep(plan.settings, plan.axes(tile)))


def compute_here(plan: AtlasPlan, tiles: Iterable[Tile]) -> Iterator[tuple[Tile, Arrays]]:
    """Compute the tiles one by one in this process."""
    return ((tile, compute_tile(plan, tile)) for tile in tiles)


class Atlas:
    """A large map in progress."""

    def __init__(self, plan: AtlasPlan, store: TileStore) -> None:
        self.plan = plan
        self._store = store
        self._arrays = {name: np.empty(plan.shape, kind) for name, kind in KINDS.items()}
        self.missing = [tile for tile in plan.tiles if not self._load(tile)]

    def work(self, compute: Compute = compute_here) -> Iterator[Tile]:
        """Compute the missing tiles; store and yield each tile."""
        for tile, arrays in compute(self.plan, tuple(self.missing)):
            self._store.keep(self.plan, tile, arrays)
            self._place(tile, arrays)
            self.missing.remove(tile)
            yield tile

    def to_sweep(self) -> Sweep:
        """Return the whole map, with 0 as its time; raise ValueError if a tile is missing."""
        if self.missing:
            raise ValueError(f"{len(self.missing)} tiles are still missing.")
        axes = (self.plan.view.y.name, self.plan.y), (self.plan.view.x.name, self.plan.x)
        return Sweep(settings=self.plan.settings, axes=axes, seconds=0.0, **self._arrays)

    def _load(self, tile: Tile) -> bool:
        arrays = self._store.read(self.plan, tile)
        if arrays is not None:
            self._place(tile, arrays)
        return arrays is not None

    def _place(self, tile: Tile, arrays: Arrays) -> None:
        for name, each in arrays.items():
            self._arrays[name][tile.where] = each
