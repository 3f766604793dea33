"""Settings and View <-> the address of the page, which is the whole state of a visit.

The address contains the differences from the article. A permalink contains every value, so that it
keeps its meaning even if a default changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from tinynet.links.maps import MAP, OPENING, MapView, read_map
from tinynet.links.pins import MOST_PINS, PIN, Pin, each_once, read_pin
from tinynet.settings import DATA, KNOBS, L2, LOSS, Knob, Settings, SettingsError, changed
from tinynet.user_data import Reference, file_meant

VERSION = "2"
# In version 1, l2=0 meant the optimizer's default decay; since then it means 0.
FIRST_VERSION = "1"
TAB, EPOCH, PRESENT, LESSON = "tab", "epoch", "present", "lesson"
WANTS_FILE = "The link refers to a file that is not here."
TABS = WATCH, LOOK_INSIDE, COMPARE, CODE = "Watch", "Look inside", "Compare", "Code"
_FORMER_TABS = {"Train": WATCH}  # names in old links
_PRESENTED = "1"  # absent otherwise
_KNOWN = {*(knob.parameter for knob in KNOBS), TAB, EPOCH, PRESENT, LESSON, MAP, PIN, "v"}
_FOREIGN = re.compile(r"_|utm_|fbclid$|gclid$")  # appended by hosts and newsletters
_HARMLESS = re.compile(  # no markup, no host
    r"[a-z0-9+-]{1,16}(\.[0-9]{1,8})?", re.IGNORECASE | re.ASCII
)

Query = Mapping[str, Sequence[str]]
Made = TypeVar("Made")


@dataclass(frozen=True)
class View:
    """The part of the page that a visitor looks at."""

    tab: str = WATCH
    epoch: int | None = None  # in the tab "Look inside"; None means the last epoch
    map: MapView = OPENING
    pins: tuple[Pin, ...] = ()
    presented: bool = False  # the stage fills the window


@dataclass(frozen=True)
class Address:
    """The content of an address, with a sentence for each invalid part."""

    settings: Settings
    view: View
    notices: tuple[str, ...]


def read_address(query: Query) -> Address:
    """Return the content of the parameters; invalid values become the article's values."""
    notices: list[str] = []
    values: dict[str, Any] = {}
    query = as_meant(query)
    for knob in KNOBS:
        try:
            values[knob.name] = knob.read(_only(query, knob.parameter))
        except SettingsError:
            notices += _refusal(query, knob)
    waits = file_of(query) is not None and DATA.name not in values
    # Without the file, the other settings may conflict.
    settings = put_together(values, [] if waits else notices)
    view, complaints = _read_view(query, settings)
    return Address(settings, view, (*notices, *complaints, *_unknown(query)))


def as_meant(query: Query) -> Query:
    """Return the parameters in the present version: without l2=0 in a link of version 1."""
    is_first = _only(query, "v") == FIRST_VERSION
    is_default = is_first and _only(query, L2.parameter) == L2.text(L2.minimum)
    return {name: each for name, each in query.items() if name != L2.parameter or not is_default}


def put_together(values: dict[str, Any], notices: list[str]) -> Settings:
    """Return the settings, without conflicting values; add a notice for each."""
    try:
        settings = Settings(**values)
    except SettingsError as clash:
        notices.append(f"The link's settings conflict: {clash}")
        values = {name: value for name, value in values.items() if name != clash.knob}
        return put_together(values, notices)
    if unsuited := settings.refusal_of_loss(values.get(LOSS.name, settings.loss)):
        notices.append(f"The link's settings conflict: {unsuited}")
    return settings


def _read_view(query: Query, settings: Settings) -> tuple[View, list[str]]:
    """Return the view and a sentence for each invalid part, which gets its default."""
    complaints = []
    tab = _only(query, TAB)
    tab = _FORMER_TABS.get(tab, tab)
    if tab not in TABS:
        if TAB in query:
            complaints.append(f"The link names an unknown tab; the tabs are {', '.join(TABS)}.")
        tab = WATCH
    last = settings.epochs - 1
    epoch = _read_epoch(_only(query, EPOCH))
    if EPOCH in query and not 0 <= epoch <= last:
        complaints.append(
            f"The link names an epoch that does not exist; the epochs are 0 to {last}."
        )
    map_view = _read_map(query, complaints)
    pins = each_once(read_each(query.get(PIN, ()), MOST_PINS, "pinned run", read_pin, complaints))
    if PRESENT in query and not is_presented(query):
        complaints.append(f"The link has an invalid value of {PRESENT}; it must be {_PRESENTED}.")
    epoch_or_last = epoch if 0 <= epoch < last else None
    return View(tab, epoch_or_last, map_view, pins, is_presented(query)), complaints


def is_presented(query: Query) -> bool:
    """Return whether the address asks for the presentation."""
    return _only(query, PRESENT) == _PRESENTED


def _read_map(query: Query, complaints: list[str]) -> MapView:
    try:
        return read_map(_only(query, MAP)) if MAP in query else OPENING
    except SettingsError as refusal:
        complaints.append(f"The link has an invalid map. {refusal}")
        return OPENING


def read_each(
    texts: Sequence[str], most: int, what: str, read: Callable[[str], Made], notices: list[str]
) -> list[Made]:
    """Return what the first texts encode; add a notice for each kind of invalid text."""
    made, refusals = [], []
    for text in texts[:most]:
        try:
            made.append(read(text))
        except SettingsError as refusal:
            refusals.append(f"The link has an invalid {what}. {refusal}")
    notices += dict.fromkeys(refusals)
    if len(texts) > most:
        notices.append(f"The link has more than {most} {what}s; only the first {most} are shown.")
    return made


def _read_epoch(text: str) -> int:
    """Return the whole number in a text, or -1."""
    return int(text) if re.fullmatch(r"\d{1,5}", text, re.ASCII) else -1


def foreign(query: Query) -> dict[str, Sequence[str]]:
    """Return the parameters that hosts and newsletters append."""
    return {name: values for name, values in query.items() if _FOREIGN.match(name)}


def spelled_out(settings: Settings) -> dict[str, str]:
    """Return all settings as parameters."""
    return {knob.parameter: knob.text(getattr(settings, knob.name)) for knob in KNOBS}


def shortened(settings: Settings, view: View) -> dict[str, str]:
    """Return the settings, tab and epoch as parameters, except the page's defaults."""
    short = {each.parameter: each.text(getattr(settings, each.name)) for each in changed(settings)}
    if view.tab != WATCH:
        short[TAB] = view.tab
    return short if view.epoch is None else {**short, EPOCH: str(view.epoch)}


def beside(view: View) -> dict[str, list[str]]:
    """Return the rest of the view as parameters, except the page's defaults."""
    texts = {
        PRESENT: [_PRESENTED] if view.presented else [],
        MAP: [view.map.text()] if view.map != OPENING else [],
        PIN: [pin.text() for pin in view.pins],
    }
    return {name: each for name, each in texts.items() if each}


def permalink(base: str, settings: Settings, view: View) -> str:
    """Return an address that keeps its meaning even if defaults change."""
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
        return [WANTS_FILE]  # without the file's name, which could look like a web address
    quoted, article = _quoted(query[knob.parameter]), knob.text(knob.article)
    must = f"it must be {knob.allowed_as_text}"
    return [f"{knob.label}: the link says {quoted}; {must}. The article's {article} is used."]


def file_of(query: Query) -> Reference | None:
    """Return the reference to a file in an address, or None."""
    return file_meant(_only(query, DATA.parameter))


def _quoted(values: Sequence[str]) -> str:
    """Return the value of a parameter for a sentence, only if it is plainly harmless."""
    if len(values) != 1:
        return "it more than once"
    if not values[0]:
        return "nothing"
    return f"“{values[0]}”" if _HARMLESS.fullmatch(values[0]) else "something unreadable"


def _unknown(query: Query) -> list[str]:
    notices = []
    if "v" in query and _only(query, "v") not in (FIRST_VERSION, VERSION):
        notices.append(
            "This link is from another version of TinyNet and may have meant something else."
        )
    if any(name not in _KNOWN and not _FOREIGN.match(name) for name in query):
        known = ", ".join(sorted(_KNOWN - {"v"}))
        notices.append(f"Ignored unknown parameters in this link. The known ones are {known}.")
    return notices
