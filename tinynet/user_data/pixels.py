"""Columns that are the pixels of a square picture, row by row from its top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

FEWEST, MOST = 16, 1_000  # pixels; comparing many more would fill the memory
REACHED = 0.5  # the share of columns that have the darkest and the lightest value
ALIKE = 0.2  # how much more neighbours correlate than all pairs of pixels, on average
# Recommended settings by knob.
START_OF_PIXELS: Mapping[str, Any] = {
    "hidden_units": (24,),
    "learning_rate": 0.01,
    "epochs": 50,
    "l2": 0.001,
    "batch_size": 50,
    "optimizer": "adam",
    "test_share": 0.3,
}


@dataclass(frozen=True)
class Pixels:
    """The side of the picture in pixels, and the range of all pixels."""

    side: int
    low: float
    high: float

    @property
    def scaled(self) -> str:
        """The expression that scales all pixels alike, to 0 … 1."""
        return f"scaled(x, mean={self.low:g}, deviation={self.high - self.low:g})"


def pixels_among(frame: pd.DataFrame, names: Sequence[str]) -> Pixels | None:
    """Return what these columns are as pixels; None unless they are side by side in the frame."""
    chosen = frame[[*names]]
    places = frame.columns.get_indexer(chosen.columns)
    return pixels_of(chosen) if (np.diff(places) == 1).all() else None


def pixels_of(frame: pd.DataFrame) -> Pixels | None:
    """Return the picture that the columns form; None if they form none.

    Pixels are a square number of numeric columns without gaps, in one range, whose neighbours in
    the square resemble each other. So the answers to 25 questions are no picture.
    """
    side = isqrt(frame.shape[1])
    kinds = {each.kind for each in frame.dtypes}
    if not FEWEST <= side**2 == frame.shape[1] <= MOST or not kinds <= set("iuf"):
        return None
    values = frame.to_numpy(dtype=float)
    if not len(values) or not np.isfinite(values).all():
        return None
    low, high = float(values.min()), float(values.max())
    ends = (values.min(axis=0) == low) & (values.max(axis=0) == high)
    if low == high or ends.mean() < REACHED or not _are_neighbours_alike(values, side):
        return None
    return Pixels(side, low, high)


def _are_neighbours_alike(values: npt.NDArray[Any], side: int) -> bool:
    changes = values.std(axis=0) > 0
    known = np.full((side**2, side**2), np.nan)
    known[np.ix_(changes, changes)] = np.corrcoef(values[:, changes], rowvar=False)
    places = np.arange(side**2).reshape(side, side)
    across = known[places[:, :-1], places[:, 1:]]
    down = known[places[:-1], places[1:]]
    pairs = known[np.triu_indices(side**2, 1)]
    alike = np.concatenate([across.ravel(), down.ravel()])
    alike = alike[np.isfinite(alike)]
    return bool(len(alike) and alike.mean() - np.nanmean(pairs) > ALIKE)
