"""The kinds of knobs. Each checks a value, reads it from a text, and writes it as one."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral, Real
from typing import Any, Generic, TypeVar

from tinynet.user_data import DataError, UserData, read_user_data

Value = TypeVar("Value")
Number = TypeVar("Number", bound=float)  # int is one too

MOST_LAYERS = 6
_DECIMAL = re.compile(r"(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_LONGEST_NUMBER = 24  # characters; the longest float in a knob's range needs 21
_DEVICE_NAME = re.compile(r"(cpu|cuda|mps|xpu)(:\d{1,2})?", re.ASCII)
_NOT_IN_A_FILE_NAME = re.compile(r"[^\w.,+-]", re.ASCII)


class SettingsError(ValueError):
    """A setting that makes no sense; the message names the knob, the value and what is allowed."""

    def __init__(self, message: str, knob: str) -> None:
        super().__init__(message)
        self.knob = knob  # the field of `Settings`


@dataclass(frozen=True, kw_only=True)
class Knob(ABC, Generic[Value]):
    """One thing that a visitor can set."""

    name: str  # the field of `Settings`
    parameter: str = ""  # its name in the address of the page, where that is another
    label: str
    meaning: str
    article: Value
    # Of some settings: whether this knob has a meaning beside the others, and whether its value
    # there, though another, does the same as the article's.
    applies: Callable[[Any], bool] = lambda _: True
    does_the_same: Callable[[Any], bool] = lambda _: False
    # Of settings: what it is where nothing is said of it, if that is not always the article's.
    follows: Callable[[Any], Value] | None = None
    always_named: bool = False  # where a run is named, also if it is the article's

    def __post_init__(self) -> None:
        """Let its name in the address be that of the field, where no other is given."""
        object.__setattr__(self, "parameter", self.parameter or self.name)

    @property
    @abstractmethod
    def allowed(self) -> str:
        """What is allowed, in words: "a whole number from 1 to 64"."""

    @property
    def allowed_as_text(self) -> str:
        """What `read` allows, in words."""
        return self.allowed

    @abstractmethod
    def check(self, value: Any) -> Value:
        """Return the value as this knob's own type; SettingsError if it makes no sense."""

    def read(self, text: str) -> Value:
        """Return the value that a text spells; SettingsError if it spells none."""
        return self.check(text)

    def text(self, value: Value) -> str:
        """Return the value as the text that `read` reads."""
        return str(value)

    def brief(self, value: Value) -> str:
        """Return the value as short as it can be told, beside others of the same knob."""
        return self.text(value)

    def in_words(self, value: Value) -> str:
        """Return what a value means, for a list of differences: "epochs 1,000"."""
        return f"{self.label.lower()} {self.text(value)}"

    def usual(self, settings: Any) -> Value:
        """Return what it is beside these settings where nothing is said of it."""
        return self.follows(settings) if self.follows else self.article

    def given(self, settings: Any) -> Value | None:
        """Return its value in settings; None where that follows from the others by itself."""
        value: Value = getattr(settings, self.name)
        return None if self.follows and value == self.usual(settings) else value

    def in_a_file_name(self, value: Value) -> str:
        """Return the value as a part of a file name: "lr0.01"."""
        return _NOT_IN_A_FILE_NAME.sub("", f"{self.parameter}{self.text(value)}")

    def refuse(self, value: object) -> SettingsError:
        """Return the error that names the value and what is allowed."""
        return SettingsError(f"{self.name} must be {self.allowed}, not {_brief(value)}.", self.name)


@dataclass(frozen=True, kw_only=True)
class NumberKnob(Knob[Number]):
    """A number in a range."""

    stops: tuple[Number, ...]  # where the slider holds; `Settings` takes any value in range
    highest: Number | None = None  # where the range goes on beyond the stops
    sign: str = ""  # in front of the number, wherever people read it
    zero: str = ""  # what 0 means, where that is no number to people

    @property
    def minimum(self) -> Number:
        """The least value in range."""
        return self.stops[0]

    @property
    def maximum(self) -> Number:
        """The largest value in range."""
        return self.stops[-1] if self.highest is None else self.highest

    @property
    def whole(self) -> bool:
        """Whether only whole numbers make sense here."""
        return isinstance(self.article, int)

    @property
    def allowed(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {number_text(self.minimum)} to {number_text(self.maximum)}"

    def check(self, value: Any) -> Number:
        kind: Any = Integral if self.whole else Real
        is_number = isinstance(value, kind) and not isinstance(value, bool)
        if not is_number or not self.minimum <= value <= self.maximum:  # NaN is refused here too
            raise self.refuse(value)
        return type(self.article)(value + 0)  # -0.0 becomes 0.0

    def read(self, text: str) -> Number:
        if len(text) > _LONGEST_NUMBER or not _DECIMAL.fullmatch(text):
            raise self.refuse(text)
        number = Decimal(text)  # exact: as a float, 1e-400 would be the whole number 0
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
    noun: str  # what it is of: "weights"
    some: str  # before the number, wherever people read it: "from seed"
    none: str  # what None means

    @property
    def stops(self) -> tuple[Number | None, ...]:
        """Where the slider holds: None comes first."""
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
        return None if text == "none" else self.number.read(text)

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
    """The widths of the hidden layers, first to last; the text of none is "0"."""

    width: NumberKnob[int]

    @property
    def allowed(self) -> str:
        several = f"for each of up to {MOST_LAYERS} layers, as in 8-5-3"
        return f"{self.width.allowed}, {several}, or 0 for none"

    def check(self, value: Any) -> tuple[int, ...]:
        if not isinstance(value, (tuple, list)):
            return (self.width.check(value),)
        if len(value) > MOST_LAYERS:
            message = f"{self.name} must hold the widths of 0 to {MOST_LAYERS} layers"
            raise SettingsError(f"{message}, not {len(value)}.", self.name)
        return tuple(self.width.check(width) for width in value)

    def read(self, text: str) -> tuple[int, ...]:
        widths = text.split("-", MOST_LAYERS)
        return () if text == "0" else self.check([self.width.read(each) for each in widths])

    def text(self, value: tuple[int, ...]) -> str:
        return "-".join(map(str, value)) or "0"

    def in_words(self, value: tuple[int, ...]) -> str:
        return f"{self.label.lower()} {' and '.join(map(str, value)) or 'none'}"


@dataclass(frozen=True, kw_only=True)
class ChoiceKnob(Knob[str]):
    """The name of one entry of a table."""

    table: Mapping[str, Any]
    # (settings, entry): whether they go together
    suits: Callable[[Any, Any], bool] = lambda _, __: True

    def in_words(self, value: str) -> str:
        """Return the label of the entry, as the page shows it: "optimizer SGD"."""
        return f"{self.label.lower()} {self.table[value].label}"

    def offered(self, settings: Any) -> list[str]:
        """Return the entries that go with the other settings."""
        return [name for name, entry in self.table.items() if self.suits(settings, entry)]

    @property
    def allowed(self) -> str:
        return listed(self.table, "or")

    def check(self, value: Any) -> str:
        if isinstance(value, str) and value in self.table:
            return str(value)
        raise self.refuse(value)


@dataclass(frozen=True, kw_only=True)
class DataKnob(ChoiceKnob):
    """The name of an entry of the table, or data of one's own."""

    def in_words(self, value: Any) -> str:
        label = value.data_set.label if isinstance(value, UserData) else self.table[value].label
        return f"{self.label.lower()} {label}"

    def check(self, value: Any) -> Any:
        return value if isinstance(value, UserData) else super().check(value)

    def read(self, text: str) -> Any:
        if text in self.table:
            return text
        try:
            return read_user_data(text)
        except DataError:
            raise self.refuse(text) from None

    def text(self, value: Any) -> str:
        return value.text() if isinstance(value, UserData) else str(value)

    def kind(self, value: Any) -> str:
        """Return the name of an entry, or of what kind one's own data are."""
        return value.kind if isinstance(value, UserData) else str(value)

    def brief(self, value: Any) -> str:
        return value.brief if isinstance(value, UserData) else str(value)

    def in_a_file_name(self, value: Any) -> str:
        return super().in_a_file_name(self.kind(value))


@dataclass(frozen=True, kw_only=True)
class SubsetKnob(Knob[tuple[str, ...]]):
    """The names of one or more entries of a table, held in the table's order."""

    table: Mapping[str, Any]

    @property
    def allowed(self) -> str:
        return f"one or more of {listed(self.table, 'and')}, each once"

    def check(self, value: Any) -> tuple[str, ...]:
        several = value if isinstance(value, (tuple, list)) else ()
        names = [each for each in several if isinstance(each, str)]
        found = tuple(name for name in self.table if name in names)
        if not found or len(found) != len(several):  # one is unknown, or is there twice
            raise self.refuse(value)
        return found

    def read(self, text: str) -> tuple[str, ...]:
        return self.check(text.split(",", len(self.table)))

    def text(self, value: tuple[str, ...]) -> str:
        return ",".join(value)

    def in_words(self, value: tuple[str, ...]) -> str:
        return f"{self.label.lower()} {listed(value, 'and')}"


@dataclass(frozen=True, kw_only=True)
class SwitchKnob(Knob[bool]):
    """Something that is done or left out; "true" in the address is what the article does not do."""

    words: Mapping[bool, str]
    file_name: str  # where it is not the article's

    @property
    def allowed(self) -> str:
        return "True or False"

    @property
    def allowed_as_text(self) -> str:
        return "true or false"

    def check(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise self.refuse(value)

    def read(self, text: str) -> bool:
        if text in {"true", "false"}:
            return (text == "true") != self.article
        raise self.refuse(text)

    def text(self, value: bool) -> str:  # noqa: FBT001 - the value of this knob
        return str(value != self.article).lower()

    def in_words(self, value: bool) -> str:  # noqa: FBT001
        return self.words[value]

    def in_a_file_name(self, value: bool) -> str:  # noqa: FBT001
        return self.parameter if value == self.article else self.file_name


@dataclass(frozen=True, kw_only=True)
class DeviceKnob(Knob[str]):
    """The name of a device that PyTorch knows of, on this machine or not."""

    @property
    def allowed(self) -> str:
        return "cpu, cuda, mps or xpu, with an index if need be (cuda:1)"

    def check(self, value: Any) -> str:
        if isinstance(value, str) and _DEVICE_NAME.fullmatch(value):
            return value
        raise self.refuse(value)

    def in_a_file_name(self, value: str) -> str:
        return _NOT_IN_A_FILE_NAME.sub("", value)


def number_text(number: float) -> str:
    """Return a number as the shortest decimal: 1, 0.01, 10000."""
    return repr(number).removesuffix(".0")


def listed(names: Any, conjunction: str) -> str:
    """Return names as a list in words: "a, b or c"."""
    *most, last = names
    return f"{', '.join(most)} {conjunction} {last}" if most else str(last)


def _brief(value: object) -> str:
    if isinstance(value, int) and abs(value) > 10**_LONGEST_NUMBER:
        return f"{Decimal(value):.3g}"  # Python refuses to write out the very largest
    text = repr(value)
    return text if len(text) <= _LONGEST_NUMBER else f"{text[:_LONGEST_NUMBER]}…"
