"""A map: the plane of two knobs of which every cell is a network; what of it is shown.

A knob that reaches over decades has a logarithmic axis. A map is drawn coarse at first, then finer;
an axis of whole numbers ends with every one of them.
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
DECADES = 2  # an axis that reaches over more is logarithmic
NARROWEST = 1e-4  # of the numbers shown: the cells of a finer axis would round to the same rate
DIGITS, ROUNDING = 8, 1e-3  # of the ends of an axis; what they change of the narrowest
FEWEST = 2  # whole numbers
SEPARATOR, PARTS = "~", 7  # of a map in an address
_NUMBER = re.compile(r"\d{1,6}(\.\d{1,12})?(e-?\d{1,2})?", re.ASCII)

Axes = dict[str, list[Any]]  # the values of a cell's knobs, by the names of the fields


@dataclass(frozen=True)
class Axis:
    """A knob, and which of its numbers are shown: those from `low` to `high`."""

    name: str  # the field of `Settings`
    low: float
    high: float

    @property
    def knob(self) -> NumberKnob[Any]:
        """The knob; of layers, that of their width."""
        return ORDERED[self.name]

    @property
    def is_logarithmic(self) -> bool:
        """Whether equal steps along it are equal factors."""
        return _spans_decades(self.knob)

    def cells(self, size: int) -> list[Any]:
        """Return the numbers in the middle of so many equal parts, or all whole ones."""
        if not self.knob.whole:
            middles = ((index + 0.5) / size for index in range(size))
            return [self._rounded(self._at(share), size) for share in middles]
        first, last = math.ceil(self.low), math.floor(self.high)
        if last - first < size:
            return list(range(first, last + 1))
        return sorted({round(self._at(index / (size - 1))) for index in range(size)})

    @property
    def ends(self) -> tuple[float, float]:
        """Where the picture of it begins and ends: a whole number's cell is 1 wide."""
        return self.low - self._half, self.high + self._half

    def moved_to(self, low: float, high: float) -> Axis:
        """Return the same where its picture begins and ends there."""
        if self.knob.whole:
            low, high = low + self._half + ROUNDING, high - self._half - ROUNDING
        return Axis(self.name, low, high).within()

    @property
    def _half(self) -> float:
        return 0.5 if self.knob.whole and not self.is_logarithmic else 0.0

    def within(self) -> Axis:
        """Return the same where the knob can go, and no narrower than makes sense."""
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
        """Return a value that the knob can have, near this one; SettingsError if none is."""
        return self.knob.check(round(value) if self.knob.whole else value)

    def nearest_cell(self, value: float, size: int) -> Any:
        """Return the number of the cell that is nearest to a value."""
        cells = self.cells(size)
        if self.is_logarithmic and value > 0:
            return min(cells, key=lambda cell: abs(math.log(cell / value)))
        return min(cells, key=lambda cell: abs(cell - value))

    @property
    def narrowest(self) -> float:
        """How narrow its picture can be; of a logarithmic one in decades, of whole numbers too."""
        if self.knob.whole:
            return math.log10(1 + 1 / self.high) if self.is_logarithmic else float(FEWEST)
        return math.log10(1 + NARROWEST) if self.is_logarithmic else NARROWEST * self.knob.maximum

    def _at(self, share: float) -> float:
        if self.is_logarithmic:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + share * (self.high - self.low)

    def _rounded(self, value: float, size: int) -> float:
        """Return a number with no more digits than tell it from the next cell's."""
        step = (self.high - self.low) / size
        if self.is_logarithmic:
            step = value * (math.log(self.high / self.low) / size)
        return round(value, 2 - math.floor(math.log10(step)))


@dataclass(frozen=True)
class Measure:
    """What the colour tells: a field of a `Sweep`."""

    label: str
    field: str
    is_loss: bool = False  # the less the better, over decades; else a share
    is_of_test_rows: bool = False

    def fits(self, settings: Settings, axes: Iterable[str] = ()) -> bool:
        """Tell whether a map of these settings, over these axes, has such a thing."""
        has_test_rows = settings.test_rows > 0 or TEST_SHARE.name in axes
        has_classes = settings.task.answers is not None
        return (has_test_rows or not self.is_of_test_rows) and (has_classes or self.is_loss)


MEASURES = {
    "loss": Measure("Final loss", "final_losses", is_loss=True),
    "test": Measure("Final test loss", "final_test_losses", is_loss=True, is_of_test_rows=True),
    "right": Measure("Rows right", "accuracies"),
    "tests": Measure("Test rows right", "test_accuracies", is_of_test_rows=True),
}


@dataclass(frozen=True)
class MapView:
    """Which part of which map is shown, and what its colour tells."""

    x: Axis
    y: Axis
    measure: str = "loss"

    def axes(self, size: int) -> Axes:
        """Return the numbers of both axes at a size: of the upward one, then of the other."""
        return {axis.name: axis.cells(size) for axis in (self.y, self.x)}

    def sizes(self) -> list[int]:
        """Return the sizes that it is drawn at, each finer than the one before."""
        counts = [[len(cells) for cells in self.axes(size).values()] for size in SIZES]
        return [size for place, size in enumerate(SIZES) if counts[place] not in counts[:place]]

    def suited_to(self, settings: Settings) -> MapView:
        """Return it with what these settings have: the opening map stands in for the rest."""
        known = ordered(settings)
        is_known = self.x.name in known and self.y.name in known
        view = self if is_known else OPENING
        fits = self.measure in view.measures(settings)
        return replace(view, measure=self.measure if fits else OPENING.measure)

    def measures(self, settings: Settings) -> list[str]:
        """Return what its colour can tell of such settings."""
        names = (self.x.name, self.y.name)
        return [name for name, measure in MEASURES.items() if measure.fits(settings, names)]

    def base(self, settings: Settings) -> Settings:
        """Return what all its networks have: the same wherever the settings stand on its axes.

        On an axis that is a value beside which no other knob loses its meaning.
        """
        for axis in (self.x, self.y):
            settings = _somewhere_on(axis, settings)
        return replace(settings, device="cpu")

    def text(self) -> str:
        """Return it as one word for an address."""
        parts = [
            text
            for axis in (self.x, self.y)
            for text in (axis.knob.parameter, number_text(axis.low), number_text(axis.high))
        ]
        return SEPARATOR.join((*parts, self.measure))


def read_map(text: str) -> MapView:
    """Return the map that a word of an address means; SettingsError if it means none."""
    *ends, measure = text.split(SEPARATOR, PARTS)
    if len(ends) + 1 != PARTS or measure not in MEASURES:
        raise SettingsError("It must name two knobs, each with two numbers, and a colour.", MAP)
    x, y = _read_axis(*ends[: PARTS // 2]), _read_axis(*ends[PARTS // 2 :])
    if x.name == y.name:
        raise SettingsError("It must name two knobs that differ.", MAP)
    return MapView(x, y, measure)


def ordered(settings: Settings) -> list[str]:
    """Return the knobs, by field, that can be an axis beside these settings."""
    return [knob.name for knob in meaningful(settings) if knob.name in ORDERED]


def whole_axis(name: str) -> Axis:
    """Return the axis with all that its knob can be."""
    return Axis(name, *_ends(ORDERED[name]))


def position(settings: Settings, name: str) -> float:
    """Return where settings stand on an axis; NaN for layers without a width in common, or None."""
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
        raise SettingsError("It must name a knob that has an order, from a number to another.", MAP)
    low, high = map(float, ends)
    return Axis(name, low, high).within()


def _short(number: float) -> float:
    """Return a number with as many digits as a cell needs, and no more."""
    return float(f"{number:.{DIGITS}g}")


def _spans_decades(knob: NumberKnob[Any]) -> bool:
    steps = {after - before for before, after in pairwise(knob.stops)}
    low, high = _first_above_zero(knob), knob.stops[-1]
    return len(steps) > 1 and high >= 10**DECADES * low


def _ends(knob: NumberKnob[Any]) -> tuple[float, float]:
    """Return the first and the last number of a whole axis; a logarithm has no zero."""
    low = _first_above_zero(knob) if _spans_decades(knob) else knob.minimum
    return float(low), float(knob.stops[-1])


def _first_above_zero(knob: NumberKnob[Any]) -> float:
    return float(next(stop for stop in knob.stops if stop > 0))


MAP = "map"  # in the address
ORDERED: dict[str, NumberKnob[Any]] = {
    **{knob.name: knob for knob in KNOBS if isinstance(knob, NumberKnob)},
    LAYERS.name: HIDDEN_UNITS,
    WEIGHT_SEED.name: WEIGHT_SEED.number,
}
OPENING = MapView(whole_axis(LEARNING_RATE.name), whole_axis(LAYERS.name))
