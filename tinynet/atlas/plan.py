"""Settings, map and size -> tiles: parts of the map, each a sweep of a few seconds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from itertools import pairwise, product
from typing import Any

from tinynet.links.address import spelled_out
from tinynet.links.maps import MEASURES, MapView, ordered
from tinynet.settings import Settings, SettingsError, set_to

FEWEST_CELLS, MOST_CELLS = 2, 8_192  # per side of the map
SMALLEST_TILE, LARGEST_TILE = 32, 256  # cells per side
SECONDS = 5.0  # of one core, for a tile
# The rough numbers of unit outputs and of products with weights per second on one core.
UNITS, PRODUCTS = 1e9, 5e9
FORMAT = 1  # of the tile files; increase it when the same plan gives other numbers


@dataclass(frozen=True)
class Tile:
    """A rectangle of cells, counted from the first value of each axis."""

    top: int
    bottom: int  # the first row after the tile
    left: int
    right: int  # the first column after the tile

    @property
    def where(self) -> tuple[slice, slice]:
        """The slices that select this tile from the whole map's arrays."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def shape(self) -> tuple[int, int]:
        """The number of its rows and columns."""
        return self.bottom - self.top, self.right - self.left


@dataclass(frozen=True)
class AtlasPlan:
    """A map and its size in cells; SettingsError if they are invalid.

    An axis of whole numbers has at most one cell per number.
    """

    settings: Settings  # of all cells, except for the axes
    view: MapView
    width: int
    height: int

    def __post_init__(self) -> None:
        """Check the size, the axes and the measure."""
        for size in (self.width, self.height):
            if not FEWEST_CELLS <= size <= MOST_CELLS:
                asked = f"{FEWEST_CELLS} to {MOST_CELLS:,} cells, not {size:,}"
                raise SettingsError(f"Each side of the map must have {asked}.", "size")
        for axis in (self.view.x, self.view.y):
            if axis.name not in ordered(self.settings):
                raise SettingsError(f"{axis.name} has no effect with these settings.", axis.name)
        if not MEASURES[self.view.measure].fits(self.settings):
            message = f"These settings have no {MEASURES[self.view.measure].label.lower()}."
            raise SettingsError(message, "measure")

    @cached_property
    def x(self) -> tuple[Any, ...]:
        """The value of each column."""
        return tuple(self.view.x.cells(self.width))

    @cached_property
    def y(self) -> tuple[Any, ...]:
        """The value of each row, upward."""
        return tuple(self.view.y.cells(self.height))

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and columns."""
        return len(self.y), len(self.x)

    @cached_property
    def tiles(self) -> tuple[Tile, ...]:
        """All tiles, row by row."""
        rows, columns = (list(_cuts(length, self.side)) for length in self.shape)
        return tuple(Tile(*some, *others) for some, others in product(rows, columns))

    def axes(self, tile: Tile) -> dict[str, tuple[Any, ...]]:
        """Return the axes of a tile's sweep."""
        rows, columns = tile.where
        return {self.view.y.name: self.y[rows], self.view.x.name: self.x[columns]}

    @cached_property
    def side(self) -> int:
        """The cells per side of a tile: the largest power of two that takes only a few seconds."""
        side = LARGEST_TILE
        if self.settings.device != "cpu":
            return side
        while side > SMALLEST_TILE and side * side * self._seconds_of_a_cell() > SECONDS:
            side //= 2
        return side

    def _seconds_of_a_cell(self) -> float:
        """Estimate the time for the slowest cell."""
        ends = {axis.name: axis.nearest(axis.high) for axis in (self.view.x, self.view.y)}
        slow = set_to(self.settings, ends)
        layers = pairwise((slow.inputs, *slow.hidden_units, 1))
        products = sum((inputs + 1) * outputs for inputs, outputs in layers)
        of_a_row = sum(slow.hidden_units) / UNITS + products / PRODUCTS
        return slow.epochs * slow.training_rows * of_a_row

    @cached_property
    def fingerprint(self) -> str:
        """A name that changes whenever the numbers in the tiles would change."""
        parts = (
            *(FORMAT, version("torch"), spelled_out(self.settings), self.side),
            *((axis.name, axis.low, axis.high) for axis in (self.view.x, self.view.y)),
            *(self.width, self.height),
        )
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _cuts(length: int, side: int) -> Iterator[tuple[int, int]]:
    return ((start, min(start + side, length)) for start in range(0, length, side))
