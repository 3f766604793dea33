"""The colour of each value on a map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tinynet.charts.colours import BLUE, DEEP, LIGHT, ORANGE
from tinynet.links.maps import Measure

MOST_SHOWN = 0.98  # the share of losses with their own colours; higher losses share the last colour
HIGHEST = 1e3  # times the median: losses about to diverge would stretch the scale
WIDEST = 1e6  # times the lowest loss with its own colour
WIDE = 10.0  # times the lowest; a wider scale is logarithmic
OF_DIVERGED = ORANGE

Stop = tuple[float, str]  # a position and its colour; others are interpolated
Exact = npt.NDArray[np.float64]
_BEST_IS_LOW: tuple[Stop, ...] = ((0, DEEP), (0.45, BLUE), (1, LIGHT))
_BEST_IS_HIGH: tuple[Stop, ...] = ((0, LIGHT), (0.55, BLUE), (1, DEEP))


def heights(values: npt.NDArray[Any], low: float, *, is_log: bool) -> Exact:
    """Return values, or their logarithms with lower values set to `low`; NaN if not finite."""
    exact = np.where(np.isfinite(values), values, np.nan).astype(np.float64)
    return np.log10(np.maximum(exact, low)) if is_log else exact


@dataclass(frozen=True)
class ColourScale:
    """A scale of positions, from 0 for the first colour to 1 for the last."""

    low: float
    high: float
    is_log: bool = False
    stops: tuple[Stop, ...] = _BEST_IS_LOW

    @classmethod
    def of(cls, values: npt.NDArray[np.float32], measure: Measure) -> ColourScale:
        """Return the scale for all values of a map."""
        return cls._of_losses(values) if measure.is_loss else cls(0.0, 1.0, stops=_BEST_IS_HIGH)

    @classmethod
    def _of_losses(cls, losses: npt.NDArray[np.float32]) -> ColourScale:
        known = losses[np.isfinite(losses)].astype(np.float64)
        if not known.size or not known.max() > 0:
            return cls(0.0, 1.0)
        high = float(np.quantile(known, MOST_SHOWN)) or float(known.max())
        high = min(high, HIGHEST * float(np.median(known)) or high)
        low = max(float(known.min()), high / WIDEST)
        if low >= high:
            return cls(low / 2, high)
        return cls(low, high, is_log=high > WIDE * low)

    def positions(self, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return the positions of values; NaN for values that are not finite."""
        with np.errstate(divide="ignore"):
            positions = (self._heights(values) - self._ends[0]) / (self._ends[1] - self._ends[0])
        clipped: npt.NDArray[np.float32] = np.clip(positions, 0, 1).astype(np.float32)
        return clipped

    def round_numbers(self) -> list[float]:
        """Return some round values of the scale, for its ticks."""
        if not self.is_log:
            step = 10.0 ** np.floor(np.log10(self.high - self.low))
            step = next(
                each * step for each in (0.2, 0.5, 1, 2) if each * step * 6 >= self.high - self.low
            )
            first, last = np.ceil(self.low / step), np.floor(self.high / step)
            return [float(f"{count * step:.10g}") for count in np.arange(first, last + 1)]
        low, high = self._ends
        steps = (1, 2, 5) if high - low < 2 else (1,)  # noqa: PLR2004 - decades
        found = [step * 10.0**decade for decade in range(-45, 39) for step in steps]
        return [each for each in found if self.low <= each <= self.high]

    def _heights(self, values: npt.NDArray[Any]) -> Exact:
        return heights(values, self.low, is_log=self.is_log)

    @property
    def _ends(self) -> tuple[float, float]:
        low, high = self._heights(np.array([self.low, self.high]))
        return float(low), float(high)
