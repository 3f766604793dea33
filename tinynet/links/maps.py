"""A map: a plane of two knobs, in which every cell is a network.

A knob whose values span decades has a logarithmic axis. A map is first drawn with few cells, then
with more; an axis of whole numbers has at most one cell per number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from tinynet.settings import (
    HIDDEN_UNITS,
    KNOBS,
    LAYERS,
    LEARNING_RATE,
    TEST_SHARE,
    WEIGHT_SEED,
    NumberKnob,
    Settings,
    SettingsError,
    meaningful,
    number_text,
    set_to,
)

SIZES = (16, 64, 256)  # cells of an axis, from coarse to fine
DECADES = 2  # an axis that spans more is logarithmic
NARROWEST = 1e-4  # relative width of an axis; the cells of a narrower axis would have equal rates
DIGITS, ROUNDING = 8, 1e-3  # of the ends of an axis; their rounding, as a share of its width
FEWEST = 2  # whole numbers on an axis
SEPARATOR, PARTS = "~", 7  # the separator and number of a map's parts in an address
_NUMBER = re.compile(r"\d{1,6}(\.\d{1,12})?(e-?\d{1,2})?", re.ASCII)

Axes = dict[str, list[Any]]  # the values of a cell's knobs, by the names of the fields


@dataclass(frozen=True)
class Axis:
    """A knob, and the range of its values on a map."""

    name: str  # the field of `Settings`
    low: float
    high: float

    @property
    def knob(self) -> NumberKnob[Any]:
        """The knob; for layers, the knob of their width."""
        return ORDERED[self.name]

    @property
    def is_logarithmic(self) -> bool:
        """Whether the axis is logarithmic."""
        return _spans_decades(self.knob)

    def cells(self, size: int) -> list[Any]:
        """Return the values in the middle of `size` equal parts, or all whole numbers."""
        if not self.knob.whole:
            middles = ((index + 0.5) / size for index in range(size))
            return [self._rounded(self._at(share), size) for share in middles]
        first, last = math.ceil(self.low), math.floor(self.high)
        if last - first < size:
            return list(range(first, last + 1))
        return sorted({round(self._at(index / (size - 1))) for index in range(size)})

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the drawn axis, on which the cell of a whole number is 1 wide."""
        return self.low - self._half, self.high + self._half

    def moved_to(self, low: float, high: float) -> Axis:
        """Return the axis that is drawn with these ends."""
        if self.knob.whole:
            low, high = low + self._half + ROUNDING, high - self._half - ROUNDING
        return Axis(self.name, low, high).within()

    @property
    def _half(self) -> float:
        return 0.5 if self.knob.whole and not self.is_logarithmic else 0.0

    def within(self) -> Axis:
        """Return the axis within the knob's range, and not narrower than allowed."""
        least, most = _ends(self.knob)
        low, high = sorted(min(max(end, least), most) for end in (self.low, self.high))
        if self.knob.whole:
            low, high = float(math.floor(low)), float(math.ceil(high))
        narrowest = FEWEST - 1 if self.knob.whole else NARROWEST * (high or most)
        if high - low < (1 - ROUNDING) * narrowest:
            low = math.floor(low) if self.knob.whole else (low + high - narrowest) / 2
            low = min(max(low, least), most - narrowest)
            high = low + narrowest
        return Axis(self.name, _short(low), _short(high))

    def nearest(self, value: float) -> Any:
        """Return the nearest allowed value; SettingsError if there is none."""
        return self.knob.check(round(value) if self.knob.whole else value)

    def nearest_cell(self, value: float, size: int) -> Any:
        """Return the value of the cell that is nearest to a value."""
        cells = self.cells(size)
        if self.is_logarithmic and value > 0:
            return min(cells, key=lambda cell: abs(math.log(cell / value)))
        return min(cells, key=lambda cell: abs(cell - value))

    @property
    def narrowest(self) -> float:
        """The smallest width of the drawn axis; in decades for a logarithmic axis."""
        if self.knob.whole:
            return math.log10(1 + 1 / self.high) if self.is_logarithmic else float(FEWEST)
        return math.log10(1 + NARROWEST) if self.is_logarithmic else NARROWEST * self.knob.maximum

    def _at(self, share: float) -> float:
        if self.is_logarithmic:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + share * (self.high - self.low)

    def _rounded(self, value: float, size: int) -> float:
        """Return a value with just enough digits to differ from the next cell's value."""
        step = (self.high - self.low) / size
        if self.is_logarithmic:
            step = value * (math.log(self.high / self.low) / size)
        return round(value, 2 - math.floor(math.log10(step)))


@dataclass(frozen=True)
class Measure:
    """The meaning of the colour: a field of a `Sweep`."""

    label: str
    field: str
    is_loss: bool = False  # lower is better, logarithmic; otherwise a share
    is_of_test_rows: bool = False

    def fits(self, settings: Settings, axes: Iterable[str] = ()) -> bool:
        """Return whether a map of these settings with these axes has this field."""
        has_test_rows = settings.test_rows > 0 or TEST_SHARE.name in axes
        is_known = self.is_loss or settings.task.has_classes
        return is_known and (has_test_rows or not self.is_of_test_rows)


MEASURES = {
    "loss": Measure("Final loss", "final_losses", is_loss=True),
    "test": Measure("Final test loss", "final_test_losses", is_loss=True, is_of_test_rows=True),
    "right": Measure("Correct rows", "accuracies"),
    "tests": Measure("Correct test rows", "test_accuracies", is_of_test_rows=True),
}


@dataclass(frozen=True)
class MapView:
    """The visible part of a map, and the meaning of its colour."""

    x: Axis
    y: Axis
    measure: str = "loss"

    def axes(self, size: int) -> Axes:
        """Return the values on both axes at a size: vertical, then horizontal."""
        return {axis.name: axis.cells(size) for axis in (self.y, self.x)}

    def sizes(self) -> list[int]:
        """Return the sizes at which the map is drawn, from coarse to fine."""
        counts = [[len(cells) for cells in self.axes(size).values()] for size in SIZES]
        return [size for place, size in enumerate(SIZES) if counts[place] not in counts[:place]]

    def suited_to(self, settings: Settings) -> MapView:
        """Return the map for these settings, with defaults for axes or measures that do not fit."""
        known = ordered(settings)
        is_known = self.x.name in known and self.y.name in known
        view = self if is_known else OPENING
        fits = self.measure in view.measures(settings)
        return replace(view, measure=self.measure if fits else OPENING.measure)

    def measures(self, settings: Settings) -> list[str]:
        """Return the measures that fit these settings."""
        names = (self.x.name, self.y.name)
        return [name for name, measure in MEASURES.items() if measure.fits(settings, names)]

    def base(self, settings: Settings) -> Settings:
        """Return the settings that all cells share, whatever the values of the axes' knobs.

        Each of these knobs gets a value with which all other knobs have an effect.
        """
        for axis in (self.x, self.y):
            settings = _somewhere_on(axis, settings)
        return set_to(settings, {"device": "cpu"})

    def text(self) -> str:
        """Return the encoding of the map for an address."""
        parts = [
            text
            for axis in (self.x, self.y)
            for text in (axis.knob.parameter, number_text(axis.low), number_text(axis.high))
        ]
        return SEPARATOR.join((*parts, self.measure))


def read_map(text: str) -> MapView:
    """Return the map that a parameter of the address encodes; SettingsError if it is invalid."""
    *ends, measure = text.split(SEPARATOR, PARTS)
    if len(ends) + 1 != PARTS or measure not in MEASURES:
        raise SettingsError("It must name two knobs with two numbers each, and a measure.", MAP)
    x, y = _read_axis(*ends[: PARTS // 2]), _read_axis(*ends[PARTS // 2 :])
    if x.name == y.name:
        raise SettingsError("It must name two different knobs.", MAP)
    return MapView(x, y, measure)


def ordered(settings: Settings) -> list[str]:
    """Return the names of the knobs that can be an axis with these settings."""
    return [knob.name for knob in meaningful(settings) if knob.name in ORDERED]


def whole_axis(name: str) -> Axis:
    """Return the axis with the whole range of a knob."""
    return Axis(name, *_ends(ORDERED[name]))


def position(settings: Settings, name: str) -> float:
    """Return the position of settings on an axis; NaN for None or layers of different widths."""
    value = getattr(settings, name)
    if value is None:
        return math.nan
    if not isinstance(value, tuple):
        return float(value)
    return float(value[0]) if len(set(value)) == 1 else math.nan


def _somewhere_on(axis: Axis, settings: Settings) -> Settings:
    others = [knob.name for knob in KNOBS if knob.name != axis.name]
    for value in (axis.knob.article, axis.knob.maximum, axis.knob.minimum):
        moved = set_to(settings, {axis.name: value})
        if all(getattr(moved, name) == getattr(settings, name) for name in others):
            return moved
    return settings


def _read_axis(parameter: str, *ends: str) -> Axis:
    name = next((name for name, knob in ORDERED.items() if knob.parameter == parameter), "")
    if not name or not all(map(_NUMBER.fullmatch, ends)):
        raise SettingsError("It must name a numeric knob and the two ends of its range.", MAP)
    low, high = map(float, ends)
    return Axis(name, low, high).within()


def _short(number: float) -> float:
    """Return a number with as many digits as the ends of an axis need."""
    return float(f"{number:.{DIGITS}g}")


def _spans_decades(knob: NumberKnob[Any]) -> bool:
    steps = {after - before for before, after in pairwise(knob.stops)}
    low, high = _first_above_zero(knob), knob.stops[-1]
    return len(steps) > 1 and high >= 10**DECADES * low


def _ends(knob: NumberKnob[Any]) -> tuple[float, float]:
    """Return the ends of the whole axis; a logarithmic axis excludes zero."""
    low = _first_above_zero(knob) if _spans_decades(knob) else knob.minimum
    return float(low), float(knob.stops[-1])


def _first_above_zero(knob: NumberKnob[Any]) -> float:
    return float(next(stop for stop in knob.stops if stop > 0))


MAP = "map"  # a parameter of the address
ORDERED: dict[str, NumberKnob[Any]] = {
    **{knob.name: knob for knob in KNOBS if isinstance(knob, NumberKnob)},
    LAYERS.name: HIDDEN_UNITS,
    WEIGHT_SEED.name: WEIGHT_SEED.number,
}
OPENING = MapView(whole_axis(LEARNING_RATE.name), whole_axis(LAYERS.name))
