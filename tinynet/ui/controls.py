"""Sliders <-> Settings <-> address: the sidebar."""

from __future__ import annotations

import secrets
from dataclasses import replace
from itertools import chain, repeat
from typing import Any

import streamlit as st

from tinynet.address import (
    EPOCH,
    PRESENT,
    TAB,
    WANTS_FILE,
    WATCH,
    Address,
    View,
    beside,
    foreign,
    is_presented,
    put_together,
    read_address,
    shortened,
)
from tinynet.maps import MAP, MapView
from tinynet.own import OwnData, at_hand
from tinynet.pins import MOST_PINS, PIN, Pin, each_once
from tinynet.settings import (
    ARTICLE,
    DATA,
    DEVICE,
    EPOCHS,
    HIDDEN_UNITS,
    KNOBS,
    LAYERS,
    LEARNING_RATE,
    MOST_LAYERS,
    SEED,
    ZERO_GRADIENTS,
    Knob,
    Settings,
    meaningful,
    turned,
)
from tinynet.ui.history import keep_history, walks_through_history
from tinynet.ui.own import offered_data, pick_data, picked_data
from tinynet.ui.redraw import redraw, redraw_all
from tinynet.ui.shelf import sheets, stop_waiting, wait_for_file, waiting
from tinynet.ui.widgets import draw_data, draw_knob, draw_slider, draw_stops

# Streamlit itself keeps these in the address; the others are too much for it: several layers, say.
BOUND = (LEARNING_RATE, EPOCHS, DEVICE, SEED, ZERO_GRADIENTS)
IN_FRONT = (DATA, LAYERS, *BOUND)  # all others stand behind *More*
OPENED, NOTICES = "the address it was opened with", "notices"
TO_SAY = "the notices of a link whose file has just come"
LAYER_COUNT, DRAWN = "how many hidden layers", "the knobs that the sidebar shows"
SHOWN_STATE = "the state of the network that is shown"  # None is the last
MAP_SHOWN, MAP_PLACE = "the map that is shown", "how often the page has said which"
PINS = "the runs that are pinned"
PRESENTING = "the page is presented"
JUMPS = "how often the page has gone to other settings by itself"
MORE = "more"
ASKED = "the settings that a button asks for"


def draw_sidebar() -> None:
    """Draw the sidebar; on the first run, set to what the address asks."""
    is_asked_by_address = _is_asked_by_address()
    if is_asked_by_address:
        _take_in_address()
    if asked := st.session_state.pop(ASKED, None):
        _go_to(asked)
    keep_history()
    opened: Settings = st.session_state[OPENED].settings
    settings = opened if is_asked_by_address else current_settings()
    st.session_state[DRAWN] = meaningful(settings)
    with st.sidebar:
        draw_data(offered_data(), _draw_anew)
        _draw_layers(len(settings.hidden_units))
        draw_stops(LEARNING_RATE, opened, _redraw_with_new_settings, "query-params")
        draw_stops(EPOCHS, opened, _redraw_with_new_settings, "query-params")
        _draw_device_control()
        draw_slider(SEED, SEED.parameter, _redraw_with_new_settings, bind="query-params")
        st.button(
            "New random start",
            key="new seed",
            icon=":material/casino:",
            on_click=_draw_new_seed,
            help="Another seed: other inputs, other first weights.",
            width="stretch",
        )
        _draw_forget_switch()
        _draw_more(settings, opened)
        st.button(
            "Back to the article",
            key="back",
            icon=":material/undo:",
            on_click=_go_back_to_the_article,
            help="Puts every setting back to what the article has.",
            width="stretch",
        )


def _is_asked_by_address() -> bool:
    return OPENED not in st.session_state or walks_through_history()


def ask_for(settings: Settings) -> None:
    """Have the next run of the page set the sidebar; for a button that stands elsewhere."""
    st.session_state[ASKED] = settings


def go_on_from(address: Address) -> None:
    """Have the page keep what a link, whose file has come, has beside its settings."""
    keep_pins(each_once((*address.view.pins, *pins()))[:MOST_PINS])
    st.session_state[TO_SAY] = address.notices


def take_data(data: OwnData) -> None:
    """Have the network learn from data that the visitor has just made; ends a callback."""
    before = current_settings()
    pick_data(data)
    settings = current_settings()
    _forget_notices()
    _note_in_address(settings)
    # All that the sidebar shows of it is of what kind it is, and what can be set beside it.
    is_alike = DATA.kind(before.data) == data.kind and before.task == settings.task
    if is_alike and meaningful(settings) == st.session_state[DRAWN]:
        redraw()
    redraw_all()  # also where the page is not drawn to its end yet


def jumps() -> int:
    """Return how often the page, and not a slider, has gone to other settings."""
    count: int = st.session_state.get(JUMPS, 0)
    return count


def is_as_opened(settings: Settings) -> bool:
    """Tell whether the page was opened on these settings, to be watched, at no epoch of its own."""
    opened: Address = st.session_state[OPENED]
    view = opened.view
    return opened.settings == settings and view.tab == WATCH and view.epoch is None


def is_asked_for_settings() -> bool:
    """Tell whether the sidebar is yet to be set to what a button has asked for."""
    return ASKED in st.session_state


def current_settings() -> Settings:
    """Return what the sidebar is set to."""
    values = {knob.name: _value(knob) for knob in KNOBS}
    return put_together(values, notices=[])  # a loss that does not suit the data goes


def _value(knob: Knob[Any]) -> Any:
    if knob is LAYERS:
        count: int = st.session_state[LAYER_COUNT]
        return tuple(st.session_state.get(key, knob.width.article) for key in _keys()[:count])
    if knob is DATA:
        return picked_data()
    if knob.parameter not in st.session_state:  # not drawn yet, or for want of another device
        return getattr(st.session_state[OPENED].settings, knob.name)
    value = st.session_state[knob.parameter]
    return not value if knob is ZERO_GRADIENTS else value


def _keys() -> list[str]:
    """Return where the session keeps the width of each layer that there may be."""
    return [
        LAYERS.parameter,
        *(f"{LAYERS.parameter} {number}" for number in range(2, MOST_LAYERS + 1)),
    ]


def keep_state_within(epochs: int) -> None:
    """Take the state that is shown along into a shorter run; who is at the end stays there."""
    state = st.session_state.setdefault(SHOWN_STATE, current_view().epoch)
    if state is None or state >= epochs:
        st.session_state[SHOWN_STATE] = None
        if (
            st.session_state.get(EPOCH, epochs - 1) != epochs - 1
        ):  # else it would be set for nothing,
            st.session_state[EPOCH] = epochs - 1  # over what the visitor may just be choosing


def current_view() -> View:
    """Return what the visitor looks at; it is asked for before the tabs are drawn."""
    opened: View = st.session_state[OPENED].view
    tab: str = st.session_state.get(TAB, opened.tab)
    epoch: int | None = st.session_state.get(SHOWN_STATE, opened.epoch)
    return View(tab, epoch, shown_map(), pins(), is_presenting())


def shown_map() -> MapView:
    """Return which map the visitor looks at."""
    view: MapView = st.session_state[MAP_SHOWN]
    return view


def note_map(view: MapView) -> None:
    """Note which map the visitor has gone to, also in the address."""
    st.session_state[MAP_SHOWN] = view
    _note_beside()


def show_map(view: MapView) -> None:
    """Have the page show a map, wherever the visitor has zoomed to, and the address say so."""
    _say_what_is_shown(view)
    _note_beside()


def _say_what_is_shown(view: MapView) -> None:
    """Have the page show a map, wherever the visitor has zoomed to."""
    st.session_state[MAP_SHOWN] = view
    st.session_state[MAP_PLACE] = map_place() + 1


def map_place() -> int:
    """Return how often the page, and not the visitor, has said what the map shows."""
    place: int = st.session_state.get(MAP_PLACE, 0)
    return place


def pins() -> tuple[Pin, ...]:
    """Return the runs that the visitor has pinned."""
    pinned: tuple[Pin, ...] = st.session_state[PINS]
    return pinned


def keep_pins(pinned: tuple[Pin, ...]) -> None:
    """Have the page keep these, and the address say so."""
    st.session_state[PINS] = pinned
    _note_beside()


def is_presenting() -> bool:
    """Tell whether the page is presented; it is asked for before the address is taken in, too."""
    if _is_asked_by_address():
        return is_presented(_query())
    presenting: bool = st.session_state[PRESENTING]
    return presenting


def present(*, presenting: bool) -> None:
    """Have the page be presented, or no longer, and the address say so."""
    st.session_state[PRESENTING] = presenting
    _note_beside()


def _note_beside() -> None:
    """Write what stands beside the run into the address."""
    presented: bool = st.session_state[PRESENTING]
    wanted = beside(View(map=shown_map(), pins=pins(), presented=presented))
    for name in (PRESENT, MAP) if waiting() else (PRESENT, MAP, PIN):
        if name in wanted:
            st.query_params[name] = wanted[name]
        elif name in st.query_params:
            del st.query_params[name]


def draw_notices() -> None:
    """Say what was wrong with the address, until a setting is changed."""
    if notices := st.session_state[NOTICES]:
        st.warning("\n\n".join(notices), icon=":material/link_off:")


def _take_in_address() -> None:
    """Rewrite the address to what the sliders understand, and start again from that.

    Bound sliders read the address themselves, more loosely than we do: `1_0` counts as 10.
    """
    query = _query()
    with at_hand(sheets()):
        address = with_device_of_this_machine(read_address(query))
    st.session_state[OPENED] = address
    st.session_state[SHOWN_STATE] = address.view.epoch
    st.session_state[PINS] = address.view.pins
    st.session_state[PRESENTING] = address.view.presented
    _say_what_is_shown(address.view.map)
    # A file that is not here is asked for, beside which no notice is needed.
    st.session_state[NOTICES] = [each for each in address.notices if each != WANTS_FILE]
    _set(address.settings)
    wait_for_file(query, address.settings)
    wanted = {name: [text] for name, text in shortened(address.settings, address.view).items()}
    wanted |= beside(address.view)
    if waiting():
        wanted |= _only_with_the_file(query)
    if (canonical := {**foreign(query), **wanted}) != query:
        st.query_params.from_dict(canonical)
        st.rerun()


def _only_with_the_file(query: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return what makes sense only with the file that is waited for: it stays in the address."""
    names = {PIN, *(knob.parameter for knob in KNOBS if knob not in BOUND)}
    return {name: query[name] for name in query if name in names}


def _query() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _set(settings: Settings) -> None:
    """Set the widgets that are not bound to the address."""
    widths = settings.hidden_units
    st.session_state[LAYER_COUNT] = len(widths)
    others = repeat(HIDDEN_UNITS.article)  # of layers that may be added
    st.session_state.update(zip(_keys(), chain(widths, others), strict=False))
    pick_data(settings.data)
    for knob in KNOBS:
        if knob not in (DATA, LAYERS, *BOUND):
            value = getattr(settings, knob.name)
            st.session_state[knob.parameter] = list(value) if isinstance(value, tuple) else value


def _note_in_address(settings: Settings) -> None:
    """Write the knobs into the address that Streamlit does not; a link that waits stays there."""
    if waiting():
        return
    stop_waiting()  # so other data were picked
    wanted = shortened(settings, View())
    for knob in KNOBS:
        text = wanted.get(knob.parameter)
        if knob in BOUND or text == st.query_params.get(knob.parameter):
            continue
        if text is None:
            del st.query_params[knob.parameter]
        else:
            st.query_params[knob.parameter] = text


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
    from tinynet.devices import DeviceUnavailable, find_device  # noqa: PLC0415 - torch is slow

    try:
        return replace(settings, device=find_device(settings.device).name), ""
    except DeviceUnavailable as absence:
        return replace(settings, device=ARTICLE.device), str(absence)


def _draw_layers(count: int) -> None:
    for number, key in enumerate(_keys()[:count], start=1):
        label = HIDDEN_UNITS.label if count == 1 else f"{HIDDEN_UNITS.label}, layer {number}"
        draw_slider(HIDDEN_UNITS, key, _redraw_with_new_settings, label=label)
    with st.container(horizontal=True):
        for step, label, icon in ((1, "Add a layer", "add"), (-1, "Remove a layer", "remove")):
            st.button(
                label,
                key=label,
                icon=f":material/{icon}:",
                type="tertiary",
                disabled=not 0 <= count + step <= MOST_LAYERS,
                on_click=_change_layers,
                args=(step,),
            )


def _draw_more(settings: Settings, opened: Settings) -> None:
    """Draw all other knobs that have a meaning here, behind a label, and which of them are turned.

    A closed one is empty: a dozen widgets that nobody sees would slow every move of a slider.
    """
    more = st.expander("More", key=MORE, on_change="rerun")
    if more.open:
        with more:
            for knob in meaningful(settings):
                if knob not in IN_FRONT:
                    draw_knob(knob, settings, opened, _draw_anew)
    told = [
        knob.in_words(getattr(settings, knob.name))
        for knob in turned(settings)
        if knob not in IN_FRONT
    ]
    if told:
        st.caption(f"Set in *More*: {', '.join(told)}")


def _draw_device_control() -> None:
    from tinynet.devices import available_devices  # noqa: PLC0415 - torch is slow

    devices = available_devices()
    if len(devices) == 1:
        st.caption(
            f"Device: {devices[0].name}, the only one here",
            help=f"Where the tensors live and the training runs: {devices[0].words}.",
        )
        return
    st.segmented_control(
        "Device",
        [device.name for device in devices],
        default=ARTICLE.device,
        required=True,
        key=DEVICE.parameter,
        help="Where the tensors live: "
        + "; ".join(f"{device.name} is {device.words}" for device in devices)
        + ". Other devices round differently in the last digits.",
        on_change=_redraw_with_new_settings,
        bind="query-params",
    )


def _draw_forget_switch() -> None:
    st.toggle(
        "Forget `zero_grad()`",
        key=ZERO_GRADIENTS.parameter,
        help="Leaves that line out of the loop, as one forgets it in real life: the gradients of "
        "all epochs so far pile up, like momentum without a brake. On the article's batch the loss "
        "mostly falls faster; at the largest learning rate it often overshoots.",
        on_change=_redraw_with_new_settings,
        bind="query-params",
    )


def _draw_new_seed() -> None:
    _forget_notices()
    drawn = secrets.randbelow(SEED.maximum)  # one short of all seeds, to leave out today's
    st.session_state[SEED.parameter] = drawn + (drawn >= st.session_state[SEED.parameter])


def _change_layers(step: int) -> None:
    st.session_state[LAYER_COUNT] += step
    _draw_anew()


def _go_back_to_the_article() -> None:
    _go_to(ARTICLE)


def _go_to(settings: Settings) -> None:
    """Set every knob, before the sidebar is drawn; a slider gets one more stop if need be."""
    st.session_state[NOTICES] = st.session_state.pop(TO_SAY, ())
    st.session_state[OPENED] = replace(st.session_state[OPENED], settings=settings)
    st.session_state[SHOWN_STATE] = None  # what the page then says is of its end
    st.session_state[JUMPS] = jumps() + 1
    for knob in (LEARNING_RATE, EPOCHS, SEED):
        st.session_state[knob.parameter] = getattr(settings, knob.name)
    st.session_state[ZERO_GRADIENTS.parameter] = not settings.zero_gradients
    if DEVICE.parameter in st.session_state:
        st.session_state[DEVICE.parameter] = settings.device
    _set(settings)
    _note_in_address(settings)


def _redraw_with_new_settings() -> None:
    """Redraw what depends on the settings, and the sidebar only if other knobs mean something."""
    if walks_through_history():  # nobody has chosen: the browser has not heard of its last step yet
        return
    settings = current_settings()
    _forget_notices()
    _note_in_address(settings)
    if meaningful(settings) == st.session_state[DRAWN]:
        redraw()


def _draw_anew() -> None:
    """Draw the whole page with what is set now."""
    if walks_through_history():  # so the address is what counts
        return
    _forget_notices()
    _note_in_address(current_settings())


def _forget_notices() -> None:
    st.session_state[NOTICES] = ()
