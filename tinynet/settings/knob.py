"""A knob: it checks a value, reads it from text, and writes it as text."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")

LONGEST_NUMBER = 24  # characters; the longest float in a knob's range has 21
_NOT_IN_A_FILE_NAME = re.compile(r"[^\w.,+-]", re.ASCII)


class SettingsError(ValueError):
    """An invalid setting; the message names the knob, the value and the allowed values."""

    def __init__(self, message: str, knob: str) -> None:
        super().__init__(message)
        self.knob = knob  # the field of `Settings`


@dataclass(frozen=True, kw_only=True)
class Knob(ABC, Generic[Value]):
    """One setting."""

    name: str  # the field of `Settings`
    parameter: str = ""  # the name in the page's address; by default the field
    label: str
    meaning: str
    article: Value
    # Functions of the settings: whether this knob has an effect, and whether its value has the
    # same effect as the article's value.
    applies: Callable[[Any], bool] = lambda _: True
    has_same_effect: Callable[[Any], bool] = lambda _: False
    # Derives the default value from the settings; None if it is always the article's value.
    follows: Callable[[Any], Value] | None = None
    always_named: bool = False  # whether names of runs include it, even with the article's value

    def __post_init__(self) -> None:
        """Set the default name in the address."""
        object.__setattr__(self, "parameter", self.parameter or self.name)

    @property
    @abstractmethod
    def allowed(self) -> str:
        """The allowed values in words: "a whole number from 1 to 64"."""

    @property
    def allowed_as_text(self) -> str:
        """The texts that `read` allows, in words."""
        return self.allowed

    @abstractmethod
    def check(self, value: Any) -> Value:
        """Return the value in this knob's type; SettingsError if it is not allowed."""

    def read(self, text: str) -> Value:
        """Return the value that a text encodes; SettingsError if it encodes none."""
        return self.check(text)

    def text(self, value: Value) -> str:
        """Return the value as a text that `read` understands."""
        return str(value)

    def brief(self, value: Value) -> str:
        """Return a short text that distinguishes the value from other values."""
        return self.text(value)

    def in_words(self, value: Value) -> str:
        """Return the name and the value for a list of differences: "epochs 1,000"."""
        return f"{self.label.lower()} {self.text(value)}"

    def usual(self, settings: Any) -> Value:
        """Return the default value with these settings."""
        return self.follows(settings) if self.follows else self.article

    def given(self, settings: Any) -> Value | None:
        """Return the value in settings; None if it is the default derived from them."""
        value: Value = getattr(settings, self.name)
        return None if self.follows and value == self.usual(settings) else value

    def in_a_file_name(self, value: Value) -> str:
        """Return the value as a part of a file name: "lr0.01"."""
        return for_a_file_name(f"{self.parameter}{self.text(value)}")

    def refuse(self, value: object) -> SettingsError:
        """Return an error that names the value and the allowed values."""
        return SettingsError(f"{self.name} must be {self.allowed}, not {_brief(value)}.", self.name)


def for_a_file_name(text: str) -> str:
    """Return a text without the characters that a file name should not have."""
    return _NOT_IN_A_FILE_NAME.sub("", text)


def number_text(number: float) -> str:
    """Return a number as a short decimal: 1, 0.01, 10000."""
    return repr(number).removesuffix(".0")


def listed(names: Any, conjunction: str) -> str:
    """Return names as a list in words: "a, b or c"."""
    *most, last = names
    return f"{', '.join(most)} {conjunction} {last}" if most else str(last)


def _brief(value: object) -> str:
    if isinstance(value, int) and abs(value) > 10**LONGEST_NUMBER:
        return f"{Decimal(value):.3g}"  # Python refuses to print the largest integers
    text = repr(value)
    return text if len(text) <= LONGEST_NUMBER else f"{text[:LONGEST_NUMBER]}…"
