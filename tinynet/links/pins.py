"""A pin: a run that is kept beside the others, by its settings and a name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from tinynet.settings import DATA, KNOBS, Knob, Settings, SettingsError, changed
from tinynet.user_data import file_meant

PIN = "pin"  # in the address, once for each
MOST_PINS = 8
LONGEST_TOGETHER = 6_000  # characters of all pins: servers take addresses of some 8,000
LONGEST_NAME, LONGEST_MADE = 30, 40  # characters: that a visitor gives, and that is made
SEPARATOR = "~"  # between the words of a pin, none of which has it
PUNCTUATION = frozenset(" .,;+×%()=/-'")  # of a name


@dataclass(frozen=True)
class Pin:
    """A name, "" for one made of what differs; and the settings that were pinned."""

    settings: Settings
    name: str = ""

    def text(self) -> str:
        """Return it as one word for an address: the name, then each knob that is turned."""
        knobs = ((each.parameter, each.text(_value(self, each))) for each in changed(self.settings))
        return SEPARATOR.join((self.name, *(word for pair in knobs for word in pair)))


def have_room(pins: Sequence[Pin], wanted: Pin) -> bool:
    """Tell whether a link can hold one more; those of paintings are long."""
    together = sum(len(each.text()) for each in (*pins, wanted))
    return len(pins) < MOST_PINS and together <= LONGEST_TOGETHER


def read_pin(text: str) -> Pin:
    """Return the pin that a word of an address means; SettingsError if it means none.

    The error repeats nothing of the word.
    """
    name, *words = text.split(SEPARATOR, 2 * len(KNOBS) + 1)
    if len(words) % 2:
        raise SettingsError("A pinned run must be a name, and knobs with their values.", PIN)
    known = {knob.parameter: knob for knob in KNOBS}
    values = {}
    for parameter, value in zip(words[::2], words[1::2], strict=True):
        if parameter not in known:
            raise SettingsError("A pinned run names a knob that is not here.", PIN)
        values[known[parameter].name] = _read(known[parameter], value)
    try:
        return Pin(Settings(**values), as_name(name))
    except SettingsError:
        raise SettingsError("A pinned run's settings do not go together.", PIN) from None


def _read(knob: Knob[Any], text: str) -> Any:
    try:
        return knob.read(text)
    except SettingsError:
        if file_meant(text):
            raise SettingsError("It is of a file that is not here.", PIN) from None
        message = f"A pinned run's {knob.label.lower()} must be {knob.allowed_as_text}."
        raise SettingsError(message, PIN) from None


def as_name(text: str) -> str:
    """Return a text as a name can be: on one line, short, and drawing nothing."""
    kept = (each if _is_in_a_name(each) else " " for each in text)
    return " ".join("".join(kept).split())[:LONGEST_NAME].strip()


def _is_in_a_name(character: str) -> bool:
    """Whether it is a letter, a mark on one, a number, or plain punctuation."""
    return character in PUNCTUATION or unicodedata.category(character)[0] in "LMN"


def names_of(pins: Sequence[Pin]) -> list[str]:
    """Return a name for each pin, its own or what sets it apart from the others; no two alike."""
    varying = varying_knobs(pin.settings for pin in pins)
    names: list[str] = []
    for pin in pins:
        told = _told(pin, varying)
        only = _told(pin, changed(pin.settings)) or "the article"
        name = pin.name or _shortened(told if len(pins) > 1 else only)
        others = (f"{name} ({number})" for number in count(2))
        names.append(next(each for each in chain([name], others) if each not in names))
    return names


def _told(pin: Pin, knobs: Iterable[Knob[Any]]) -> str:
    """Return values by the short names that the address has too: what differs must not be cut.

    The data come first, for other data bring other values of many knobs along.
    """
    ordered = sorted(knobs, key=lambda knob: knob is not DATA)
    return ", ".join(f"{knob.parameter} {_brief(pin, knob)}" for knob in ordered)


def _brief(pin: Pin, knob: Knob[Any]) -> str:
    told = knob.brief(_value(pin, knob))
    return as_name(told) if knob is DATA else told  # a file may be called anything


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_MADE else f"{text[: LONGEST_MADE - 1].rstrip(' ,')}…"


def each_once(pins: Iterable[Pin]) -> tuple[Pin, ...]:
    """Return the pins without those of settings that are there already."""
    found: dict[Settings, Pin] = {}
    for pin in pins:
        found.setdefault(pin.settings, pin)
    return tuple(found.values())


def varying_knobs(settings: Iterable[Settings]) -> list[Knob[Any]]:
    """Return the knobs that are not the same in all settings."""
    every = list(settings)
    return [knob for knob in KNOBS if len({knob.given(each) for each in every}) > 1]


def _value(pin: Pin, knob: Knob[Any]) -> Any:
    return getattr(pin.settings, knob.name)
