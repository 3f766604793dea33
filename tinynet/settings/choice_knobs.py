"""Knobs with choices: one entry of a table, several entries, data, a switch, a device."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinynet.settings.knob import Knob, SettingsError, for_a_file_name, listed
from tinynet.user_data import DataError, UserData, read_user_data

_DEVICE_NAME = re.compile(r"(cpu|cuda|mps|xpu)(:\d{1,2})?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class ChoiceKnob(Knob[str]):
    """The name of one entry of a table."""

    table: Mapping[str, Any]
    # (settings, entry) -> whether they are compatible
    suits: Callable[[Any, Any], bool] = lambda _, __: True

    def in_words(self, value: str) -> str:
        """Return the label of the entry, as the page shows it: "optimizer SGD"."""
        return f"{self.label.lower()} {self.table[value].label}"

    def offered(self, settings: Any) -> list[str]:
        """Return the entries that are compatible with the other settings."""
        return [name for name, entry in self.table.items() if self.suits(settings, entry)]

    @property
    def allowed(self) -> str:
        return listed(self.table, "or")

    def check(self, value: Any) -> str:
        if isinstance(value, str) and value in self.table:
            return str(value)
        raise self.refuse(value)

    def read(self, text: str) -> Any:
        """Return the entry that a text names, whatever its case."""
        return self.check(next((name for name in self.table if name == text.lower()), text))


@dataclass(frozen=True, kw_only=True)
class DataKnob(ChoiceKnob):
    """The name of a data set, or user data."""

    def in_words(self, value: Any) -> str:
        label = value.data_set.label if isinstance(value, UserData) else self.table[value].label
        return f"{self.label.lower()} {label}"

    def check(self, value: Any) -> Any:
        if isinstance(value, UserData):
            return value
        if hasattr(value, "shape") or isinstance(value, Path) or "." in str(value):
            raise self._table_needed(value)
        return super().check(value)

    def _table_needed(self, value: object) -> SettingsError:
        """Return an error for a file or a frame, with the call that makes data from it."""
        given = repr(str(value)[:40]) if isinstance(value, str | Path) else type(value).__name__
        own = "for a file or a frame, write data=table(…, target=…)"
        return SettingsError(f"data must be {self.allowed}, not {given}; {own}.", self.name)

    def read(self, text: str) -> Any:
        if text.lower() in self.table:
            return text.lower()
        try:
            return read_user_data(text)
        except DataError:
            raise self.refuse(text) from None

    def text(self, value: Any) -> str:
        return value.text() if isinstance(value, UserData) else str(value)

    def kind(self, value: Any) -> str:
        """Return the name of a data set, or the kind of the user data."""
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
        values = value if isinstance(value, (tuple, list)) else ()
        names = [each for each in values if isinstance(each, str)]
        found = tuple(name for name in self.table if name in names)
        if not found or len(found) != len(values):  # a name is unknown or repeated
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
    """A switch for a step; "true" in the address means the opposite of the article's value."""

    words: Mapping[bool, str]
    file_name: str  # stands for the value other than the article's value

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
    """The name of a device that PyTorch supports, on this machine or not."""

    @property
    def allowed(self) -> str:
        return "cpu, cuda, mps or xpu, with an index if needed (cuda:1)"

    def check(self, value: Any) -> str:
        if isinstance(value, str) and _DEVICE_NAME.fullmatch(value):
            return value
        raise self.refuse(value)

    def in_a_file_name(self, value: str) -> str:
        return for_a_file_name(value)
