"""Settings <-> the address of the page, which is the whole state of a visit.

The address holds what differs from the article; a permalink spells out every value, so that it
means the same even if a default should ever change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from tinynet.settings import (
    DEVICES_ALLOWED,
    EPOCHS,
    HIDDEN_UNITS,
    LEARNING_RATE,
    SEED,
    Settings,
    SettingsError,
    check_device,
    number_text,
)

VERSION = "1"
ARTICLE = Settings()
TABS = ("Train", "Code")  # the first is where the page opens
TAB = "tab"
NUMBERS = (HIDDEN_UNITS, LEARNING_RATE, EPOCHS, SEED)
DEVICE = "device"
_KNOWN = {*(knob.parameter for knob in NUMBERS), DEVICE, TAB, "v"}
_FOREIGN = re.compile(r"_|utm_|fbclid$|gclid$")  # what hosts and newsletters append
_HARMLESS = re.compile(
    r"[a-z0-9+-]{1,16}(\.[0-9]{1,8})?", re.IGNORECASE | re.ASCII
)  # no markup, no host


@dataclass(frozen=True)
class Address:
    """What an address asks for, and a sentence for each part of it that made no sense."""

    settings: Settings
    tab: str
    notices: tuple[str, ...]


def read_address(query: Mapping[str, Sequence[str]]) -> Address:
    """Return what the parameters ask for; the article's value stands in for nonsense."""
    notices: list[str] = []
    values: dict[str, float | str] = {}
    for knob in NUMBERS:
        try:
            values[knob.name] = knob.read(_only(query.get(knob.parameter, ("",))))
        except SettingsError:
            values[knob.name] = knob.article
            notices += _refusal(query, knob.parameter, knob.label, knob.allowed)
    try:
        values[DEVICE] = check_device(_only(query.get(DEVICE, ("",))))
    except SettingsError:
        notices += _refusal(query, DEVICE, "Device", DEVICES_ALLOWED)
    tab = _only(query.get(TAB, (TABS[0],)))
    if tab not in TABS:
        notices.append(f"The link asks for a tab that is not here; there are {' and '.join(TABS)}.")
        tab = TABS[0]
    notices += _strangers(query)
    return Address(Settings(**values), tab, tuple(notices))  # type: ignore[arg-type]


def foreign(query: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return the parameters that hosts and newsletters append: none of our business."""
    return {name: values for name, values in query.items() if _FOREIGN.match(name)}


def spelled_out(settings: Settings) -> dict[str, str]:
    """Return every parameter of the settings as text."""
    return {
        HIDDEN_UNITS.parameter: number_text(settings.hidden_units[0]),
        LEARNING_RATE.parameter: number_text(settings.learning_rate),
        EPOCHS.parameter: number_text(settings.epochs),
        DEVICE: settings.device,
        SEED.parameter: number_text(settings.seed),
    }


def shortened(settings: Settings, tab: str = TABS[0]) -> dict[str, str]:
    """Return the parameters that differ from the page as it opens."""
    article = spelled_out(ARTICLE)
    short = {name: text for name, text in spelled_out(settings).items() if text != article[name]}
    return short if tab == TABS[0] else {**short, TAB: tab}


def permalink(base: str, settings: Settings, tab: str = TABS[0]) -> str:
    """Return an address that will mean these settings, in this tab, for good."""
    parameters = {"v": VERSION, **spelled_out(settings), **shortened(ARTICLE, tab)}
    return f"{base}?{urlencode(parameters, safe=':')}"


def _only(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else ""


def _refusal(
    query: Mapping[str, Sequence[str]], parameter: str, label: str, allowed: str
) -> list[str]:
    if parameter not in query:
        return []
    article = spelled_out(ARTICLE)[parameter]
    said = _echo(query[parameter])
    return [
        f"{label}: the link says {said}; it must be {allowed}. The article's {article} is used."
    ]


def _echo(values: Sequence[str]) -> str:
    """Nothing from an address is shown unless it is plainly harmless."""
    if len(values) != 1:
        return "it more than once"
    if not values[0]:
        return "nothing"
    return f"“{values[0]}”" if _HARMLESS.fullmatch(values[0]) else "something unreadable"


def _strangers(query: Mapping[str, Sequence[str]]) -> list[str]:
    notices = []
    if query.get("v", (VERSION,)) not in ((VERSION,), [VERSION]):
        notices.append(
            "This link is of another version of TinyNet and may have meant other things."
        )
    if any(name not in _KNOWN and not _FOREIGN.match(name) for name in query):
        known = ", ".join(sorted(_KNOWN - {"v"}))
        notices.append(f"This link holds names that mean nothing here; known are {known}.")
    return notices
