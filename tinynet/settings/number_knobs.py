"""Knobs with numbers: one number, an optional number, the widths of layers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral, Real
from typing import Any, Generic, TypeVar

from tinynet.settings.knob import LONGEST_NUMBER, Knob, SettingsError, number_text

Number = TypeVar("Number", bound=float)  # int included

MOST_LAYERS = 6
_DECIMAL = re.compile(r"(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class NumberKnob(Knob[Number]):
    """A number in a range."""

    stops: tuple[Number, ...]  # of the slider; `Settings` takes any value in range
    highest: Number | None = None  # the highest value, if the range exceeds the stops
    sign: str = ""  # the sign before the number, for people
    zero: str = ""  # the words for 0, if it is not shown as a number

    @property
    def minimum(self) -> Number:
        """The smallest value in range."""
        return self.stops[0]

    @property
    def maximum(self) -> Number:
        """The largest value in range."""
        return self.stops[-1] if self.highest is None else self.highest

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are allowed."""
        return isinstance(self.article, int)

    @property
    def allowed(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {number_text(self.minimum)} to {number_text(self.maximum)}"

    def check(self, value: Any) -> Number:
        kind: Any = Integral if self.whole else Real
        is_number = isinstance(value, kind) and not isinstance(value, bool)
        if not is_number or not self.minimum <= value <= self.maximum:  # refuses NaN too
            raise self.refuse(value)
        return type(self.article)(value + 0)  # -0.0 becomes 0.0

    def read(self, text: str) -> Number:
        if len(text) > LONGEST_NUMBER or not _DECIMAL.fullmatch(text):
            raise self.refuse(text)
        number = Decimal(text)  # exact; the float of 1e-400 is 0
        whole = self.whole and number == number.to_integral_value()
        return self.check(int(number) if whole else float(number))

    def text(self, value: Number) -> str:
        return number_text(value)

    def shown(self, value: Number) -> str:
        """Return the value as people read it, with its sign."""
        return self.zero if self.zero and not value else self.sign + number_text(value)

    def in_words(self, value: Number) -> str:
        number = f"{value:,}" if self.whole and value else self.shown(value)
        return f"{self.label.lower()} {number}"


@dataclass(frozen=True, kw_only=True)
class OptionalKnob(Knob[Number | None], Generic[Number]):
    """A number in a range, or None; the text of None is "none"."""

    number: NumberKnob[Number]
    noun: str  # the thing that has the number: "weights"
    some: str  # the words before the number, for people: "from seed"
    none: str  # the words for None

    @property
    def stops(self) -> tuple[Number | None, ...]:
        """The stops of the slider, None first."""
        return (None, *self.number.stops)

    @property
    def allowed(self) -> str:
        return f"{self.number.allowed}, or None"

    @property
    def allowed_as_text(self) -> str:
        return f"{self.number.allowed}, or none"

    def check(self, value: Any) -> Number | None:
        try:
            return None if value is None else self.number.check(value)
        except SettingsError:
            raise self.refuse(value) from None

    def read(self, text: str) -> Number | None:
        return None if text.lower() == "none" else self.number.read(text)

    def text(self, value: Number | None) -> str:
        return "none" if value is None else self.number.text(value)

    def shown(self, value: Number | None) -> str:
        """Return the value as people read it."""
        return self.none if value is None else self.number.shown(value)

    def in_words(self, value: Number | None) -> str:
        some = "" if value is None else f"{self.some} "
        return f"{self.noun} {some}{self.shown(value)}"


@dataclass(frozen=True, kw_only=True)
class LayersKnob(Knob[tuple[int, ...]]):
    """The widths of the hidden layers, first to last; the text of no layers is "0"."""

    width: NumberKnob[int]

    @property
    def allowed(self) -> str:
        layers = f"for each of up to {MOST_LAYERS} layers, as in 8-5-3"
        return f"{self.width.allowed}, {layers}, or 0 for none"

    def check(self, value: Any) -> tuple[int, ...]:
        if not isinstance(value, (tuple, list)):
            return (self.width.check(value),)
        if len(value) > MOST_LAYERS:
            message = f"{self.name} must hold the widths of 0 to {MOST_LAYERS} layers"
            raise SettingsError(f"{message}, not {len(value)}.", self.name)
        return tuple(self.width.check(width) for width in value)

    def read(self, text: str) -> tuple[int, ...]:
        if text.lower() in ("0", "none"):
            return ()
        widths = text.replace(",", "-").split("-", MOST_LAYERS)
        return self.check([self.width.read(each) for each in widths])

    def text(self, value: tuple[int, ...]) -> str:
        return "-".join(map(str, value)) or "0"

    def in_words(self, value: tuple[int, ...]) -> str:
        return f"{self.label.lower()} {' and '.join(map(str, value)) or 'none'}"
