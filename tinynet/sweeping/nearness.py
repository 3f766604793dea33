"""The differences between a map's numbers and some cells that were trained exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinynet.links.maps import Measure
from tinynet.sweeping.grid import Sweep
from tinynet.training.record import FloatArray, IntArray, Record

CELLS = (0, 4, 2, 6, 1, 5, 3, 7)  # a column for each row; the first few are well spread too
# The largest differences for showing numbers to two digits, and to one digit.
TWO_DIGITS, ONE_DIGIT = 0.01, 0.1
TWICE = 2.0  # from here on, a difference is a factor, not a percentage
BEYOND = 1e6  # larger factors are not spelled out


@dataclass(frozen=True, eq=False)
class ExactEnds(Record):
    """The results of cells that were trained one by one, with the fields of a `Sweep`."""

    cells: IntArray  # (cells,): their indices, row by row
    final_losses: FloatArray  # (cells,), like the next three; NaN as in a Sweep
    final_test_losses: FloatArray
    accuracies: FloatArray
    test_accuracies: FloatArray


def spread(rows: int, columns: int) -> list[int]:
    """Return the indices of up to eight cells, one in each eighth of both axes."""
    shares = [((at + 0.5) / len(CELLS), (up + 0.5) / len(CELLS)) for up, at in enumerate(CELLS)]
    places = (int(up * rows) * columns + int(at * columns) for at, up in shares)
    return list(dict.fromkeys(places))


@dataclass(frozen=True)
class Nearness:
    """The difference between a map's numbers and its exact cells."""

    cells: int = 0  # the number of exact cells
    ended_otherwise: int = 0  # the number that diverged only on the map, or only in exact training
    # The largest difference of the other cells: relative for losses, absolute for accuracies.
    largest: float = 0.0
    is_loss: bool = True

    @classmethod
    def of(cls, sweep: Sweep, exact: ExactEnds, measure: Measure) -> Nearness:
        """Compare the numbers of a map with the exact numbers."""
        on_the_map: FloatArray = getattr(sweep, measure.field).ravel()[exact.cells]
        ends: FloatArray = getattr(exact, measure.field)
        are_finite = np.isfinite(on_the_map), np.isfinite(ends)
        both = are_finite[0] & are_finite[1]
        apart = _times_more if measure.is_loss else _apart
        largest = apart(on_the_map[both].astype(float), ends[both].astype(float))
        return cls(len(ends), int((are_finite[0] != are_finite[1]).sum()), largest, measure.is_loss)

    @property
    def digits(self) -> int:
        """How many digits of a cell's number to show; 0 if the number may be far from exact."""
        if not self.cells or self.ended_otherwise:
            return 0
        return 2 if self.largest <= TWO_DIGITS else int(self.largest <= ONE_DIGIT)

    @property
    def words(self) -> str:
        """A sentence on the comparison."""
        if not self.cells:
            return "No cell of this map was trained exactly, because that takes too long."
        cells = f"{self.cells} cell{'s' * (self.cells > 1)} trained exactly"
        return f"{cells}: {self.found}."

    @property
    def found(self) -> str:
        """The result of the comparison, as a clause."""
        others = self.cells - self.ended_otherwise
        largest = f"the largest difference is {self._difference}"
        if not self.ended_otherwise:
            return largest
        of_others = f"; of the others, {largest}" if others else ""
        return f"{self.ended_otherwise} ended differently{of_others}"

    @property
    def _difference(self) -> str:
        if not self.is_loss:
            return f"{_up(100 * self.largest)} % of the rows"
        times = 1 + self.largest
        if times < TWICE:
            return f"{_up(100 * self.largest)} %"
        return f"a factor of {_up(times) if times <= BEYOND else 'more than a million'}"


def _times_more(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    low, high = np.minimum(one, other), np.maximum(one, other)
    with np.errstate(divide="ignore"):
        more = np.divide(high - low, low, out=np.zeros_like(low), where=high > low)
    return float(more.max(initial=0))


def _apart(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    return float(np.abs(one - other).max(initial=0))


def _up(number: float) -> str:
    """Return a number rounded up to two digits, so that the words never understate it."""
    if not number:
        return "0"
    step = 10.0 ** (math.floor(math.log10(number)) - 1)
    raised = math.ceil(number / step - 1e-9) * step
    return f"{raised:,.0f}" if raised >= 10 else f"{raised:.2g}"  # noqa: PLR2004 - two digits
