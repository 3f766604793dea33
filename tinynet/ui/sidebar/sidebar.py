"""The sidebar: the knobs of the network and of its training."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tinynet.registry.features import INPUTS
from tinynet.settings import (
    ARTICLE,
    DATA,
    DEVICE,
    EPOCHS,
    HIDDEN_UNITS,
    LAYERS,
    LEARNING_RATE,
    MOST_LAYERS,
    SEED,
    TEST_SHARE,
    ZERO_GRADIENTS,
    Knob,
    Settings,
    SubsetKnob,
    changed,
    meaningful,
)
from tinynet.settings.knobs import ACTIVATION, BATCH_SIZE, NOISE, OPTIMIZER
from tinynet.stage.user_data import offered_data
from tinynet.ui.session import update
from tinynet.ui.visit import Visit
from tinynet.ui.widgets import draw_choice, draw_knob, draw_slider, draw_stops, mirrored

# Moving one of these sliders redraws only the sliders, not the rest of the sidebar.
SLIDERS = (LAYERS, LEARNING_RATE, EPOCHS, SEED, ZERO_GRADIENTS)
IN_FRONT = (DATA, DEVICE, *SLIDERS)  # all other knobs are in *More*, except for points of a plane:
FOR_POINTS = (ACTIVATION, OPTIMIZER, NOISE, TEST_SHARE, BATCH_SIZE)
MORE = "more"


class Places(NamedTuple):
    """The containers of the sidebar that are filled later."""

    sliders: DeltaGenerator
    device: DeltaGenerator


def draw_sidebar(visit: Visit) -> Places:
    """Draw the sidebar without its sliders and its device, which needs torch."""
    with st.sidebar:
        draw_choice(DATA, offered_data(), visit.data_picked, _pick_data)
        _draw_layer_buttons(len(visit.settings.hidden_units))
        sliders = st.container(key="sliders")
        st.button(
            "New initial weights",
            key="new weights",
            icon=":material/casino:",
            on_click=_draw_new_weights,
            help="Keeps the data and draws new initial weights. *Seed* draws both anew.",
            width="stretch",
        )
        device = st.container()
        front, shown = _in_front(visit.settings), meaningful(visit.settings)
        for knob in FOR_POINTS:
            if knob in front and knob in shown:
                draw_knob(knob, visit, partial(_set, knob))
        _draw_more(visit)
        st.button(
            "Back to the article",
            key="back",
            icon=":material/undo:",
            on_click=update,
            args=(lambda visit: visit.went_to(ARTICLE),),
            help="Resets every setting to the article's value.",
            width="stretch",
        )
    return Places(sliders, device)


def draw_sliders(visit: Visit) -> None:
    """Draw the sliders, and the switch for `zero_grad()`."""
    widths = visit.settings.hidden_units
    for layer, width in enumerate(widths):
        number = f", layer {layer + 1}" if len(widths) > 1 else ""
        set_width = partial(_set_width, layer)
        draw_slider(HIDDEN_UNITS, _key_of(layer), width, set_width, HIDDEN_UNITS.label + number)
    for knob in (LEARNING_RATE, EPOCHS):
        draw_stops(knob, visit, partial(_set, knob))
    draw_slider(SEED, SEED.parameter, visit.settings.seed, partial(_set, SEED))
    is_forgotten = not visit.settings.zero_gradients
    st.toggle(
        "Forget zero_grad()",
        value=is_forgotten,
        help="Skips `zero_grad()`, a common bug: gradients add up over all updates. With SGD this "
        "acts like momentum without friction: on the article's batch the loss mostly falls faster; "
        "at the largest learning rate it often overshoots.",
        **mirrored(ZERO_GRADIENTS.parameter, is_forgotten, partial(_set, ZERO_GRADIENTS)),
    )


def _key_of(layer: int) -> str:
    """Return the key of a layer's slider; the first layer has the key of the knob."""
    return f"{LAYERS.parameter} {layer + 1}" if layer else LAYERS.parameter


def _draw_layer_buttons(count: int) -> None:
    acts = (
        ("Add a layer", "add", Visit.with_layer, count < MOST_LAYERS),
        ("Remove a layer", "remove", Visit.without_layer, count > 0),
    )
    with st.container(horizontal=True):
        for label, icon, transition, is_possible in acts:
            st.button(
                label,
                key=label,
                icon=f":material/{icon}:",
                type="tertiary",
                disabled=not is_possible,
                on_click=update,
                args=(transition,),
            )


def draw_pictures(visit: Visit) -> None:
    """Draw the data sets as pictures to pick from."""
    from tinynet.ui.components.data_picker import draw_data_picker  # noqa: PLC0415 - torch is slow

    draw_data_picker(visit.data_picked, _pick_data)


def draw_device(visit: Visit) -> None:
    """Draw the choice of a device, or the name of the only device."""
    from tinynet.training.devices import available_devices  # noqa: PLC0415 - torch is slow

    devices = available_devices()
    if len(devices) == 1:
        st.caption(
            f"Runs on the {devices[0].name.upper()}",
            help=f"The only device of this server: {devices[0].words}.",
        )
        return
    st.segmented_control(
        "Device",
        [device.name for device in devices],
        default=visit.settings.device,
        required=True,
        help="The device that holds the tensors and trains: "
        + "; ".join(f"{device.name} is {device.words}" for device in devices)
        + ". The last digits depend on the device.",
        **mirrored(DEVICE.parameter, visit.settings.device, partial(_set, DEVICE)),
    )


def _in_front(settings: Settings) -> tuple[Knob[Any], ...]:
    """Return the knobs that are not in *More*."""
    has_points = settings.data_set.inputs <= len(INPUTS)
    return (*IN_FRONT, *FOR_POINTS) if has_points else IN_FRONT


def _draw_more(visit: Visit) -> None:
    """Draw *More*, with all other knobs that apply, and name the changed knobs below it.

    It is empty while closed: a dozen hidden widgets would slow every move of a slider.
    """
    settings, front = visit.settings, _in_front(visit.settings)
    more = st.expander("More", key=MORE, on_change="rerun")
    if more.open:
        with more:
            for knob in meaningful(settings):
                if knob not in front:
                    draw_knob(knob, visit, partial(_set, knob))
    knobs = [knob for knob in changed(settings) if knob not in front]
    if knobs:
        texts = (knob.in_words(getattr(settings, knob.name)) for knob in knobs)
        st.caption(f"Changed in *More*: {', '.join(texts)}")


def _set(knob: Knob[Any], shown: Any) -> None:
    """Set a knob to the new value of its widget."""
    update(lambda visit: visit.changed(knob, _value(knob, shown)))


def _value(knob: Knob[Any], shown: Any) -> Any:
    """Return the value of a knob, given the value of its widget."""
    if knob is ZERO_GRADIENTS:
        return not shown
    if isinstance(knob, SubsetKnob):
        return tuple(shown) or knob.article  # the visitor removed all entries
    return shown


def _set_width(layer: int, width: int) -> None:
    update(lambda visit: visit.with_width(layer, width))


def _pick_data(kind: str) -> None:
    update(lambda visit: visit.with_data(kind))


def _draw_new_weights() -> None:
    drawn = secrets.randbelow(SEED.maximum)  # one seed fewer, since the current seed is skipped
    update(lambda visit: visit.with_other_weights(drawn))
