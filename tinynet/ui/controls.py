"""Sliders <-> Settings <-> address: the sidebar."""

from __future__ import annotations

import secrets
from dataclasses import replace

import streamlit as st

from tinynet.address import (
    EPOCH,
    TAB,
    Address,
    View,
    foreign,
    read_address,
    shortened,
)
from tinynet.settings import (
    ARTICLE,
    DEVICE,
    EPOCHS,
    HIDDEN_UNITS,
    LEARNING_RATE,
    SEED,
    ZERO_GRADIENTS,
    Number,
    NumberKnob,
    Settings,
    number_text,
)
from tinynet.ui.history import keep_history, walks_through_history
from tinynet.ui.redraw import redraw

NUMBERS = (HIDDEN_UNITS, LEARNING_RATE, EPOCHS, SEED)
OPENED, NOTICES = "the address it was opened with", "notices"
SHOWN_STATE = "the state of the network that is shown"  # None is the last


def draw_sliders() -> None:
    """Draw the sidebar; on the first run, set to what the address asks."""
    if OPENED not in st.session_state or walks_through_history():
        _take_in_address()
    keep_history()
    with st.sidebar:
        _draw_slider(HIDDEN_UNITS)
        _draw_slider_with_stops(LEARNING_RATE)
        _draw_slider_with_stops(EPOCHS)
        _draw_device_control()
        _draw_slider(SEED)
        st.button(
            "New random start",
            key="new seed",
            icon=":material/casino:",
            on_click=_draw_new_seed,
            help="Another seed: other inputs, other first weights.",
            width="stretch",
        )
        _draw_forget_switch()
        st.button(
            "Back to the article",
            key="back",
            icon=":material/undo:",
            on_click=_go_back_to_the_article,
            help="Puts every setting back to what the article has.",
            width="stretch",
        )


def current_settings() -> Settings:
    """Return what the sidebar is set to."""
    knobs = {knob.name: st.session_state[knob.parameter] for knob in NUMBERS}
    device = st.session_state.get(DEVICE.parameter, ARTICLE.device)  # no choice, no control
    zero_gradients = not st.session_state[ZERO_GRADIENTS.parameter]
    opened: Settings = st.session_state[OPENED].settings  # has the knobs that are not drawn
    return replace(opened, **knobs, device=device, zero_gradients=zero_gradients)


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
    return View(tab, epoch)


def draw_notices() -> None:
    """Say what was wrong with the address, until a setting is changed."""
    if notices := st.session_state[NOTICES]:
        st.warning("\n\n".join(notices), icon=":material/link_off:")


def _take_in_address() -> None:
    """Rewrite the address to what the sliders understand, and start again from that.

    Bound sliders read the address themselves, more loosely than we do: `1_0` counts as 10.
    """
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    address = _with_device_of_this_machine(read_address(query))
    st.session_state[OPENED] = address
    st.session_state[SHOWN_STATE] = address.view.epoch
    st.session_state[NOTICES] = address.notices
    wanted = {name: [text] for name, text in shortened(address.settings, address.view).items()}
    if (canonical := {**foreign(query), **wanted}) != query:
        st.query_params.from_dict(canonical)
        st.rerun()


def _with_device_of_this_machine(address: Address) -> Address:
    wanted = address.settings.device
    if wanted == ARTICLE.device:
        return address
    from tinynet.devices import DeviceUnavailable, find_device  # noqa: PLC0415 - torch is slow

    try:
        return replace(address, settings=replace(address.settings, device=find_device(wanted).name))
    except DeviceUnavailable as absence:
        notice = f"{absence} So this is the same run on the CPU."
        settings = replace(address.settings, device=ARTICLE.device)
        return replace(address, settings=settings, notices=(*address.notices, notice))


def _draw_slider(knob: NumberKnob[int]) -> None:
    st.slider(
        knob.label,
        knob.minimum,
        knob.maximum,
        knob.article,
        key=knob.parameter,
        help=knob.meaning,
        on_change=_redraw_with_new_settings,
        bind="query-params",
    )


def _draw_slider_with_stops(knob: NumberKnob[Number]) -> None:
    # What the address asked for may lie between two stops; here it is one of them.
    from_address: Number = getattr(st.session_state[OPENED].settings, knob.name)
    st.select_slider(
        knob.label,
        sorted({*knob.stops, from_address}),
        value=knob.article,
        format_func=number_text,
        key=knob.parameter,
        help=knob.meaning,
        on_change=_redraw_with_new_settings,
        bind="query-params",
    )


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
        "all epochs so far pile up, like momentum without a brake. On this batch the loss mostly "
        "falls faster; at the largest learning rate it often overshoots.",
        on_change=_redraw_with_new_settings,
        bind="query-params",
    )


def _draw_new_seed() -> None:
    _forget_notices()
    drawn = secrets.randbelow(SEED.maximum)  # one short of all seeds, to leave out today's
    st.session_state[SEED.parameter] = drawn + (drawn >= st.session_state[SEED.parameter])


def _go_back_to_the_article() -> None:
    _forget_notices()
    opened: Address = st.session_state[OPENED]
    st.session_state[OPENED] = replace(opened, settings=ARTICLE)
    for knob in NUMBERS:
        st.session_state[knob.parameter] = knob.article
    st.session_state[ZERO_GRADIENTS.parameter] = not ARTICLE.zero_gradients
    if DEVICE.parameter in st.session_state:
        st.session_state[DEVICE.parameter] = ARTICLE.device


def _redraw_with_new_settings() -> None:
    _forget_notices()
    redraw()


def _forget_notices() -> None:
    st.session_state[NOTICES] = ()
