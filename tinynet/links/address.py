"""Settings <-> the address of the page, which is the whole state of a visit.

The address holds what differs from the article; a permalink spells out every value, so that it
means the same even if a default should ever change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tinynet.links.maps import MAP, OPENING, MapView, read_map
from tinynet.links.pins import MOST_PINS, PIN, Pin, each_once, read_pin
from tinynet.settings import DATA, KNOBS, L2, LOSS, Knob, Settings, SettingsError, changed
from tinynet.user_data import Reference, file_meant

VERSION = "2"
# In links of the first, l2=0 left the optimizer its own decay; since then 0 is 0.
FIRST_VERSION = "1"
TAB, EPOCH, PRESENT = "tab", "epoch", "present"
WANTS_FILE = "The link means a file that is not here."
TABS = WATCH, LOOK_INSIDE, COMPARE, CODE = "Watch", "Look inside", "Compare", "Code"
_OF_OLD = {"Train": WATCH}  # what links of before call a tab
_PRESENTED = "1"  # the other way, the usual one, is not written
_KNOWN = {*(knob.parameter for knob in KNOBS), TAB, EPOCH, PRESENT, MAP, PIN, "v"}
_FOREIGN = re.compile(r"_|utm_|fbclid$|gclid$")  # what hosts and newsletters append
_HARMLESS = re.compile(  # no markup, no host
    r"[a-z0-9+-]{1,16}(\.[0-9]{1,8})?", re.IGNORECASE | re.ASCII
)

Query = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class View:
    """What of a run a visitor looks at, and what beside it."""

    tab: str = WATCH
    epoch: int | None = None  # opened up, in the tab that looks inside; None is the last
    map: MapView = OPENING
    pins: tuple[Pin, ...] = ()
    presented: bool = False  # the stage fills the window


@dataclass(frozen=True)
class Address:
    """What an address asks for, and a sentence for each part of it that made no sense."""

    settings: Settings
    view: View
    notices: tuple[str, ...]


def read_address(query: Query) -> Address:
    """Return what the parameters ask for; the article's value stands in for nonsense."""
    notices: list[str] = []
    values: dict[str, Any] = {}
    query = as_meant(query)
    for knob in KNOBS:
        try:
            values[knob.name] = knob.read(_only(query, knob.parameter))
        except SettingsError:
            notices += _refusal(query, knob)
    waits = file_of(query) is not None and DATA.name not in values
    settings = put_together(values, [] if waits else notices)  # what goes with the file may clash
    view, complaints = _read_view(query, settings)
    return Address(settings, view, (*notices, *complaints, *_strangers(query)))


def as_meant(query: Query) -> Query:
    """Return what an address says, without the 0 by which its version said nothing."""
    is_first = _only(query, "v") == FIRST_VERSION
    says_nothing = is_first and _only(query, L2.parameter) == L2.text(L2.minimum)
    return {name: each for name, each in query.items() if name != L2.parameter or not says_nothing}


def put_together(values: dict[str, Any], notices: list[str]) -> Settings:
    """Return the settings, without what does not go with the others; a notice says so."""
    try:
        settings = Settings(**values)
    except SettingsError as clash:
        notices.append(f"The link's settings do not go together: {clash}")
        values = {name: value for name, value in values.items() if name != clash.knob}
        return put_together(values, notices)
    if unsuited := settings.refusal_of_loss(values.get(LOSS.name, settings.loss)):
        notices.append(f"The link's settings do not go together: {unsuited}")
    return settings


def _read_view(query: Query, settings: Settings) -> tuple[View, list[str]]:
    """Return the view; what is not there is said, and the opening view stands in."""
    complaints = []
    tab = _only(query, TAB)
    tab = _OF_OLD.get(tab, tab)
    if tab not in TABS:
        if TAB in query:
            complaints.append(f"The link asks for a tab that is not here: {', '.join(TABS)} are.")
        tab = WATCH
    last = settings.epochs - 1
    epoch = _read_epoch(_only(query, EPOCH))
    if EPOCH in query and not 0 <= epoch <= last:
        complaints.append(f"The link asks for an epoch that is not here: 0 to {last} are.")
    map_view = _read_map(query, complaints)
    pins = _read_pins(query, complaints)
    if PRESENT in query and not is_presented(query):
        complaints.append(f"The link asks to present in a way that is not here: {_PRESENTED} is.")
    epoch_or_last = epoch if 0 <= epoch < last else None
    return View(tab, epoch_or_last, map_view, pins, is_presented(query)), complaints


def is_presented(query: Query) -> bool:
    """Tell whether the address asks to present."""
    return _only(query, PRESENT) == _PRESENTED


def _read_map(query: Query, complaints: list[str]) -> MapView:
    try:
        return read_map(_only(query, MAP)) if MAP in query else OPENING
    except SettingsError as refusal:
        complaints.append(f"The link asks for a map that is not here. {refusal}")
        return OPENING


def _read_pins(query: Query, complaints: list[str]) -> tuple[Pin, ...]:
    """Return the runs that were pinned, each once; those that make no sense are left out."""
    texts = query.get(PIN, ())
    pins: list[Pin] = []
    refusals: list[str] = []
    for text in texts[:MOST_PINS]:
        try:
            pins.append(read_pin(text))
        except SettingsError as refusal:
            refusals.append(f"A pinned run of the link is left out. {refusal}")
    complaints += dict.fromkeys(refusals)
    if len(texts) > MOST_PINS:
        complaints.append(f"The link pins more than {MOST_PINS} runs; the first are here.")
    return each_once(pins)


def _read_epoch(text: str) -> int:
    """Return the whole number that a text spells, or -1."""
    return int(text) if re.fullmatch(r"\d{1,5}", text, re.ASCII) else -1


def foreign(query: Query) -> dict[str, Sequence[str]]:
    """Return the parameters that hosts and newsletters append: none of our business."""
    return {name: values for name, values in query.items() if _FOREIGN.match(name)}


def spelled_out(settings: Settings) -> dict[str, str]:
    """Return every parameter of the settings as text."""
    return {knob.parameter: knob.text(getattr(settings, knob.name)) for knob in KNOBS}


def shortened(settings: Settings, view: View) -> dict[str, str]:
    """Return the parameters of the run and what is looked at, where not as the page opens."""
    short = {each.parameter: each.text(getattr(settings, each.name)) for each in changed(settings)}
    if view.tab != WATCH:
        short[TAB] = view.tab
    return short if view.epoch is None else {**short, EPOCH: str(view.epoch)}


def beside(view: View) -> dict[str, list[str]]:
    """Return the parameters of what stands beside the run, where not as the page opens."""
    texts = {
        PRESENT: [_PRESENTED] if view.presented else [],
        MAP: [view.map.text()] if view.map != OPENING else [],
        PIN: [pin.text() for pin in view.pins],
    }
    return {name: each for name, each in texts.items() if each}


def permalink(base: str, settings: Settings, view: View) -> str:
    """Return an address that will mean these settings, seen so, for good."""
    epoch = settings.epochs - 1 if view.epoch is None else view.epoch
    parameters = {"v": VERSION, **spelled_out(settings), TAB: view.tab, EPOCH: epoch}
    return with_query(base, {**parameters, **beside(view)})


def with_query(base: str, query: Mapping[str, Any]) -> str:
    """Return an address with these parameters."""
    return f"{base}?{urlencode(query, doseq=True, safe=':,*()')}"


def _only(query: Query, parameter: str) -> str:
    values = query.get(parameter, ())
    return values[0] if len(values) == 1 else ""


def _refusal(query: Query, knob: Knob[Any]) -> list[str]:
    if knob.parameter not in query:
        return []
    if knob is DATA and file_of(query):
        return [WANTS_FILE]  # without its name, which could look like a host's
    said, article = _echo(query[knob.parameter]), knob.text(knob.article)
    must = f"it must be {knob.allowed_as_text}"
    return [f"{knob.label}: the link says {said}; {must}. The article's {article} is used."]


def file_of(query: Query) -> Reference | None:
    """Return which file an address means, whether it is at hand or not."""
    return file_meant(_only(query, DATA.parameter))


def _echo(values: Sequence[str]) -> str:
    """Nothing from an address is shown unless it is plainly harmless."""
    if len(values) != 1:
        return "it more than once"
    if not values[0]:
        return "nothing"
    return f"“{values[0]}”" if _HARMLESS.fullmatch(values[0]) else "something unreadable"


def _strangers(query: Query) -> list[str]:
    notices = []
    if "v" in query and _only(query, "v") not in (FIRST_VERSION, VERSION):
        notices.append(
            "This link is of another version of TinyNet and may have meant other things."
        )
    if any(name not in _KNOWN and not _FOREIGN.match(name) for name in query):
        known = ", ".join(sorted(_KNOWN - {"v"}))
        notices.append(f"This link holds names that mean nothing here; known are {known}.")
    return notices
