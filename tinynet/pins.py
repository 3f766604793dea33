"""A pin: a run that is kept beside the others, by its settings and a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tinynet.settings import ARTICLE, KNOBS, Knob, Settings, SettingsError, differences, turned

PIN = "pin"  # in the address, once for each
MOST_PINS = 8
LONGEST_NAME, LONGEST_MADE = 30, 40  # characters: that a visitor gives, and that is made
SEPARATOR = "~"  # between the words of a pin, none of which has it
_NOT_IN_A_NAME = re.compile(r"[^\w .,:;+×²%()=/-]")


@dataclass(frozen=True)
class Pin:
    """A name, "" for one made of what differs; and the settings that were pinned."""

    settings: Settings
    name: str = ""

    def text(self) -> str:
        """Return it as one word for an address: the name, then each knob that is turned."""
        knobs = ((each.parameter, each.text(_value(self, each))) for each in turned(self.settings))
        return SEPARATOR.join((self.name, *(word for pair in knobs for word in pair)))


def read_pin(text: str) -> Pin:
    """Return the pin that a word of an address means; SettingsError if it means none."""
    name, *words = text.split(SEPARATOR, 2 * len(KNOBS) + 1)
    if len(words) % 2:
        raise SettingsError("A pinned run must be a name, and knobs with their values.", PIN)
    known = {knob.parameter: knob for knob in KNOBS}
    values = {}
    for parameter, value in zip(words[::2], words[1::2], strict=True):
        if parameter not in known:
            raise SettingsError("A pinned run names a knob that is not here.", PIN)
        values[known[parameter].name] = known[parameter].read(value)
    return Pin(Settings(**values), as_name(name))


def as_name(text: str) -> str:
    """Return a text as a name can be: harmless, on one line, and short."""
    return " ".join(_NOT_IN_A_NAME.sub(" ", text).split())[:LONGEST_NAME].strip()


def names_of(pins: tuple[Pin, ...]) -> list[str]:
    """Return a name for each pin, its own or what sets it apart from the others; no two alike."""
    varying = varying_knobs(pins)
    names: list[str] = []
    for number, pin in enumerate(pins, start=1):
        told = ", ".join(knob.in_words(_value(pin, knob)) for knob in varying)
        only = ", ".join(differences(pin.settings, ARTICLE)) or "the article"
        name = pin.name or _shortened(told if len(pins) > 1 else only)
        names.append(f"{name} ({number})" if name in names else name)
    return names


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_MADE else f"{text[: LONGEST_MADE - 1].rstrip(' ,')}…"


def varying_knobs(pins: tuple[Pin, ...]) -> list[Knob[Any]]:
    """Return the knobs that are not the same in all pins."""
    return [knob for knob in KNOBS if len({_value(pin, knob) for pin in pins}) > 1]


def _value(pin: Pin, knob: Knob[Any]) -> Any:
    return getattr(pin.settings, knob.name)
