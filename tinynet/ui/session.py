"""The visit in Streamlit's session, and the page's address, which is written from the visit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from tinynet.links.address import (
    EPOCH,
    PRESENT,
    TAB,
    WANTS_FILE,
    Address,
    beside,
    foreign,
    read_address,
    shortened,
)
from tinynet.links.lessons import parameters, read_lessons
from tinynet.links.maps import MAP
from tinynet.links.pins import each_once
from tinynet.settings import ARTICLE, Settings
from tinynet.ui.components.asking import steps_told
from tinynet.ui.pace import draws_parts
from tinynet.ui.seams import walks_through_history
from tinynet.ui.sidebar.shelf import sheets
from tinynet.ui.visit import Visit
from tinynet.user_data import at_hand

VISIT = "visit"
MOVE, REST, BELOW = "move", "rest", "below"  # the fragments of the page
Transition = Callable[[Visit], Visit]


def current_visit() -> Visit:
    """Return what the visitor has set and looks at."""
    visit: Visit = st.session_state[VISIT]
    return visit


def open_visit() -> Visit:
    """Return the visit; read the address on the first run and after Back or Forward."""
    before: Visit | None = st.session_state.get(VISIT)
    if before is None or walks_through_history() or _has_walked(before):
        _read_visit_from_address(before)
    return note(lambda visit: replace(visit, steps=max(visit.steps, steps_told())))


def _has_walked(visit: Visit) -> bool:
    """Tell whether the browser reports a step through the history that Streamlit has lost."""
    is_new = steps_told() > visit.steps
    return is_new and _query() != _query_of(visit)


def note(transition: Transition) -> Visit:
    """Replace the visit by the next visit, but leave the address; return the next visit."""
    visit = st.session_state[VISIT] = transition(current_visit())
    return visit


def update(transition: Transition) -> None:
    """Replace the visit by the next visit; rest.py writes the address later."""
    if not walks_through_history():  # after Back, only the address counts
        note(transition)


def change(transition: Transition) -> None:
    """Replace the visit by the next visit, and write the address at once."""
    update(transition)
    write_address(current_visit())


def change_page(transition: Transition) -> None:
    """Change the visit and redraw the whole page; callbacks call this last."""
    change(transition)
    st.rerun()


def change_stage(transition: Transition) -> None:
    """Change the visit and redraw the stage and everything that follows it."""
    change(transition)
    st.rerun([MOVE, REST])


def follow(settings: Settings, wanted: Settings | None) -> None:
    """Go to the settings that a button offers, unless the settings have changed meanwhile."""
    if wanted and current_visit().settings == settings:
        change_page(lambda visit: visit.followed(wanted))


def open_with_stage() -> Visit:
    """Return the visit for a fragment; redraw the whole page if the stage shows other settings.

    Streamlit merges requests that arrive together, such as two fragments, or a fragment and Back,
    into a request of one fragment.
    """
    has_walked = walks_through_history()
    visit = open_visit()
    if draws_parts() and (has_walked or visit.shown != visit.settings):
        st.rerun()
    return visit


def write_address(visit: Visit) -> None:
    """Write the visit into the address; a link that waits for its file keeps its parameters."""
    wanted = _query_of(visit)
    if wanted != _query():
        st.query_params.from_dict(wanted)


def _query_of(visit: Visit) -> dict[str, Sequence[str]]:
    """Return the parameters of the visit's address, and the foreign parameters."""
    texts = shortened(visit.settings, visit.view)
    wanted: dict[str, Sequence[str]] = {name: [text] for name, text in texts.items()}
    wanted |= {**beside(visit.view), **parameters(visit.own_lessons)}
    if visit.waits_for:
        view = {name: wanted[name] for name in (TAB, EPOCH, PRESENT, MAP) if name in wanted}
        wanted = {**(visit.wanted or {}), **view}
    return {**foreign(_query()), **wanted}


def with_device_of_this_machine(address: Address) -> Address:
    """Return the address with devices that this machine has; a notice names missing devices."""
    settings, absence = _on_this_machine(address.settings)
    checked = [_on_this_machine(each.settings) for each in address.view.pins]
    pairs = zip(address.view.pins, checked, strict=True)
    pinned = each_once(replace(each, settings=moved) for each, (moved, _) in pairs)
    notices = [f"{absence} The run is trained on the CPU instead."] if absence else []
    if any(missing for _, missing in checked):
        notices.append("Pinned runs of a missing device are trained on the CPU instead.")
    view = replace(address.view, pins=pinned)
    return Address(settings, view, (*address.notices, *notices))


def _on_this_machine(settings: Settings) -> tuple[Settings, str]:
    """Return settings with a device that this machine has, and a sentence on a missing device."""
    if settings.device == ARTICLE.device:
        return settings, ""
    from tinynet.training.devices import DeviceUnavailable, find_device  # noqa: PLC0415 - torch is slow

    try:
        return replace(settings, device=find_device(settings.device).name), ""
    except DeviceUnavailable as absence:
        return replace(settings, device=ARTICLE.device), str(absence)


def _read_visit_from_address(before: Visit | None) -> None:
    query = _query()
    with at_hand(sheets()):
        address = with_device_of_this_machine(read_address(query))
    # The page already asks for a missing file, so no notice is needed.
    notices = tuple(each for each in address.notices if each != WANTS_FILE)
    told = [*notices]
    lessons = read_lessons(query, told)
    known = replace(before or Visit(), own_lessons=lessons) if lessons else before
    visit = Visit.opened(replace(address, notices=tuple(told)), known).waiting_for(query)
    visit = replace(visit, steps=before.steps + 1 if before else 0)
    st.session_state[VISIT] = visit
    write_address(visit)


def _query() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}
