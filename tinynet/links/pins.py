"""A pin: a run kept for comparison, as settings and a name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from tinynet.settings import DATA, KNOBS, Knob, Settings, SettingsError, changed
from tinynet.user_data import file_meant

PIN = "pin"  # a parameter of the address, once per pin
MOST_PINS = 8
LONGEST_TOGETHER = 6_000  # characters of all pins; servers accept addresses of about 8,000
LONGEST_NAME, LONGEST_DEFAULT_NAME = 30, 40  # characters
SEPARATOR = "~"  # between the parts of a pin, which never contain it
PUNCTUATION = frozenset(" .,;+×%()=/-'")  # allowed in a name


@dataclass(frozen=True)
class Pin:
    """Pinned settings and a name; "" stands for a name made from the differences."""

    settings: Settings
    name: str = ""

    def text(self) -> str:
        """Return the encoding of the pin for an address: the name, then each changed knob."""
        knobs = ((each.parameter, each.text(_value(self, each))) for each in changed(self.settings))
        return SEPARATOR.join((self.name, *(word for pair in knobs for word in pair)))


def have_room(pins: Sequence[Pin], wanted: Pin) -> bool:
    """Return whether a link has room for another pin; pins of paintings are long."""
    together = sum(len(each.text()) for each in (*pins, wanted))
    return len(pins) < MOST_PINS and together <= LONGEST_TOGETHER


def read_pin(text: str) -> Pin:
    """Return the pin that a parameter of the address encodes; SettingsError if it is invalid.

    The error quotes nothing from the address.
    """
    name, *words = text.split(SEPARATOR, 2 * len(KNOBS) + 1)
    if len(words) % 2:
        raise SettingsError("A pinned run must be a name and pairs of knobs and values.", PIN)
    known = {knob.parameter: knob for knob in KNOBS}
    values = {}
    for parameter, value in zip(words[::2], words[1::2], strict=True):
        if parameter not in known:
            raise SettingsError("A pinned run names an unknown knob.", PIN)
        values[known[parameter].name] = _read(known[parameter], value)
    try:
        return Pin(Settings(**values), as_name(name))
    except SettingsError:
        raise SettingsError("A pinned run has conflicting settings.", PIN) from None


def _read(knob: Knob[Any], text: str) -> Any:
    try:
        return knob.read(text)
    except SettingsError:
        if file_meant(text):
            raise SettingsError("It needs a file that is not here.", PIN) from None
        message = f"A pinned run's {knob.label.lower()} must be {knob.allowed_as_text}."
        raise SettingsError(message, PIN) from None


def as_name(text: str) -> str:
    """Return a text as a valid name: short, on one line, without special characters."""
    kept = (each if _is_in_a_name(each) else " " for each in text)
    return " ".join("".join(kept).split())[:LONGEST_NAME].strip()


def _is_in_a_name(character: str) -> bool:
    """Return whether a character is a letter, a mark, a number or plain punctuation."""
    return character in PUNCTUATION or unicodedata.category(character)[0] in "LMN"


def names_of(pins: Sequence[Pin]) -> list[str]:
    """Return a unique name for each pin: the pin's name, or its differences from the other pins."""
    varying = varying_knobs(pin.settings for pin in pins)
    names: list[str] = []
    for pin in pins:
        differences = _described(pin, varying)
        alone = _described(pin, changed(pin.settings)) or "the article"
        name = pin.name or _shortened(differences if len(pins) > 1 else alone)
        others = (f"{name} ({number})" for number in count(2))
        names.append(next(each for each in chain([name], others) if each not in names))
    return names


def _described(pin: Pin, knobs: Iterable[Knob[Any]]) -> str:
    """Return the values of knobs in words, with the short names of the address.

    The data come first, since they decide the values of many knobs.
    """
    ordered = sorted(knobs, key=lambda knob: knob is not DATA)
    return ", ".join(f"{knob.parameter} {_brief(pin, knob)}" for knob in ordered)


def _brief(pin: Pin, knob: Knob[Any]) -> str:
    text = knob.brief(_value(pin, knob))
    return as_name(text) if knob is DATA else text  # a file may have any name


def _shortened(text: str) -> str:
    return (
        text
        if len(text) <= LONGEST_DEFAULT_NAME
        else f"{text[: LONGEST_DEFAULT_NAME - 1].rstrip(' ,')}…"
    )


def each_once(pins: Iterable[Pin]) -> tuple[Pin, ...]:
    """Return the pins without repeated settings."""
    found: dict[Settings, Pin] = {}
    for pin in pins:
        found.setdefault(pin.settings, pin)
    return tuple(found.values())


def varying_knobs(settings: Iterable[Settings]) -> list[Knob[Any]]:
    """Return the knobs that differ between these settings."""
    every = list(settings)
    return [knob for knob in KNOBS if len({knob.given(each) for each in every}) > 1]


def _value(pin: Pin, knob: Knob[Any]) -> Any:
    return getattr(pin.settings, knob.name)
