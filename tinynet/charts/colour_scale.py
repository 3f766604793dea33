"""Which value of a map has which colour; for whatever draws one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tinynet.charts.colours import BLUE, DEEP, LIGHT, ORANGE
from tinynet.links.maps import Measure

MOST_SHOWN = 0.98  # of the losses: the few above, near those that diverged, have its last colour
HIGHEST = 1e3  # times the median: losses that are about to diverge are beyond all measure
WIDEST = 1e6  # times the lowest loss that has a colour of its own
WIDE = 10.0  # times the lowest: from there on equal factors have equal steps of the colour
OF_DIVERGED = ORANGE

Stop = tuple[float, str]  # a place on the scale, and its colour; between two stops it is mixed
Exact = npt.NDArray[np.float64]
_BEST_IS_LOW: tuple[Stop, ...] = ((0, DEEP), (0.45, BLUE), (1, LIGHT))
_BEST_IS_HIGH: tuple[Stop, ...] = ((0, LIGHT), (0.55, BLUE), (1, DEEP))


def heights(values: npt.NDArray[Any], low: float, *, is_log: bool) -> Exact:
    """Return how high values are drawn, by the logarithm from a lowest one; NaN for no number."""
    exact = np.where(np.isfinite(values), values, np.nan).astype(np.float64)
    return np.log10(np.maximum(exact, low)) if is_log else exact


@dataclass(frozen=True)
class ColourScale:
    """From 0, the first colour of the scale, to 1, the last."""

    low: float
    high: float
    is_log: bool = False
    stops: tuple[Stop, ...] = _BEST_IS_LOW

    @classmethod
    def of(cls, values: npt.NDArray[np.float32], measure: Measure) -> ColourScale:
        """Return the scale of all the values of a map."""
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

    def places(self, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return where values stand on the scale; what is no number has no place."""
        with np.errstate(divide="ignore"):
            places = (self._heights(values) - self._ends[0]) / (self._ends[1] - self._ends[0])
        clipped: npt.NDArray[np.float32] = np.clip(places, 0, 1).astype(np.float32)
        return clipped

    def round_numbers(self) -> list[float]:
        """Return some of its values that one can read."""
        if not self.is_log:
            step = 10.0 ** np.floor(np.log10(self.high - self.low))
            step = next(
                each * step for each in (0.2, 0.5, 1, 2) if each * step * 6 >= self.high - self.low
            )
            first, last = np.ceil(self.low / step), np.floor(self.high / step)
            return [float(f"{place * step:.10g}") for place in np.arange(first, last + 1)]
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
