"""The session: where Streamlit keeps a visit, and the address that goes with it."""

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
from tinynet.links.maps import MAP
from tinynet.links.pins import each_once
from tinynet.settings import ARTICLE, Settings
from tinynet.ui.seams import draws_parts, walks_through_history
from tinynet.ui.sidebar.shelf import sheets
from tinynet.ui.visit import Visit
from tinynet.user_data import at_hand

VISIT = "visit"
MOVE, REST, BELOW = "move", "rest", "below"  # the parts of the page that are drawn by themselves
Transition = Callable[[Visit], Visit]


def current_visit() -> Visit:
    """Return what the visitor has set and looks at."""
    visit: Visit = st.session_state[VISIT]
    return visit


def open_visit() -> Visit:
    """Return the visit; on the first run, and after a step through the history, the address's."""
    if VISIT not in st.session_state or walks_through_history():
        _take_in_address(st.session_state.get(VISIT))
    return current_visit()


def turn(transition: Transition) -> None:
    """Turn the visit into the next; the address says so with the rest of the page."""
    if not walks_through_history():  # else the address is what counts
        note(transition)


def change(transition: Transition) -> None:
    """Turn the visit into the next, and have the address say so at once."""
    turn(transition)
    write_address(current_visit())


def change_page(transition: Transition) -> None:
    """Do the same, and draw the whole page anew; the last thing that a callback does."""
    change(transition)
    st.rerun()


def follow(settings: Settings, wanted: Settings | None) -> None:
    """Go where a button leads, unless it is of other settings than those that are set by now."""
    if wanted and current_visit().settings == settings:
        change_page(lambda visit: visit.followed(wanted))


def change_stage(transition: Transition) -> None:
    """Do the same, and draw the stage anew, and all that follows it."""
    change(transition)
    st.rerun([MOVE, REST])


def draw_stage_first() -> None:
    """Have the whole page drawn, if the stage shows other settings than these.

    Streamlit takes what the browser asks for in one breath, two parts say, or a part and a step
    through the history, for one part's.
    """
    has_walked = walks_through_history()
    visit = open_visit()
    if draws_parts() and (has_walked or visit.shown != visit.settings):
        st.rerun()


def note(transition: Transition) -> None:
    """Turn the visit into the next in a way that no address tells."""
    st.session_state[VISIT] = transition(current_visit())


def write_address(visit: Visit) -> None:
    """Have the address say what the visit is; a link that waits for its file stays as it is."""
    query = _query()
    told = shortened(visit.settings, visit.view)
    wanted: dict[str, Sequence[str]] = {name: [text] for name, text in told.items()}
    wanted |= beside(visit.view)
    if visit.waits_for:
        seen = {name: wanted[name] for name in (TAB, EPOCH, PRESENT, MAP) if name in wanted}
        wanted = {**(visit.wanted or {}), **seen}
    wanted = {**foreign(query), **wanted}
    if wanted != query:
        st.query_params.from_dict(wanted)


def with_device_of_this_machine(address: Address) -> Address:
    """Return an address whose devices are here; a notice says which are not."""
    settings, absence = _on_this_machine(address.settings)
    here = [_on_this_machine(each.settings) for each in address.view.pins]
    pairs = zip(address.view.pins, here, strict=True)
    pinned = each_once(replace(each, settings=moved) for each, (moved, _) in pairs)
    notices = [f"{absence} So this is the same run on the CPU."] if absence else []
    if any(missing for _, missing in here):
        notices.append("Pinned runs of a device that is not here are the same on the CPU.")
    view = replace(address.view, pins=pinned)
    return Address(settings, view, (*address.notices, *notices))


def _on_this_machine(settings: Settings) -> tuple[Settings, str]:
    """Return settings with a device that is here, and what was missing, in a sentence."""
    if settings.device == ARTICLE.device:
        return settings, ""
    from tinynet.training.devices import DeviceUnavailable, find_device  # noqa: PLC0415 - torch is slow

    try:
        return replace(settings, device=find_device(settings.device).name), ""
    except DeviceUnavailable as absence:
        return replace(settings, device=ARTICLE.device), str(absence)


def _take_in_address(before: Visit | None) -> None:
    query = _query()
    with at_hand(sheets()):
        address = with_device_of_this_machine(read_address(query))
    # A file that is not here is asked for, beside which no notice is needed.
    notices = tuple(each for each in address.notices if each != WANTS_FILE)
    visit = Visit.opened(replace(address, notices=notices), before).waiting_for(query)
    st.session_state[VISIT] = visit
    write_address(visit)


def _query() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}
