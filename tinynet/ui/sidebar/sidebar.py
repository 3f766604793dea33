"""The sidebar: the knobs of the network and its training."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

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
    ZERO_GRADIENTS,
    Knob,
    SubsetKnob,
    changed,
    meaningful,
)
from tinynet.stage.user_data import offered_data
from tinynet.ui.session import turn
from tinynet.ui.visit import Visit
from tinynet.ui.widgets import draw_choice, draw_knob, draw_slider, draw_stops, mirrored

# These alone are drawn with every move; a move of theirs leaves the rest of the sidebar as it is.
SLIDERS = (LAYERS, LEARNING_RATE, EPOCHS, SEED, ZERO_GRADIENTS)
IN_FRONT = (DATA, DEVICE, *SLIDERS)  # all others stand behind *More*
MORE = "more"


class Places(NamedTuple):
    """Where in the sidebar stands what is drawn later."""

    sliders: DeltaGenerator
    device: DeltaGenerator


def draw_sidebar(visit: Visit) -> Places:
    """Draw the sidebar but for its sliders and the device, which waits for torch."""
    with st.sidebar:
        draw_choice(DATA, offered_data(visit.brought), visit.data_picked, _pick_data)
        _draw_layer_buttons(len(visit.settings.hidden_units))
        sliders = st.container(key="sliders")
        st.button(
            "New first weights",
            key="new weights",
            icon=":material/casino:",
            on_click=_draw_new_weights,
            help="The same data, other first weights. *Seed* draws both anew.",
            width="stretch",
        )
        device = st.container()
        _draw_more(visit)
        st.button(
            "Back to the article",
            key="back",
            icon=":material/undo:",
            on_click=turn,
            args=(lambda visit: visit.went_to(ARTICLE),),
            help="Puts every setting back to what the article has.",
            width="stretch",
        )
    return Places(sliders, device)


def draw_sliders(visit: Visit) -> None:
    """Draw the sliders that one moves while one looks at the network."""
    widths = visit.settings.hidden_units
    for layer, width in enumerate(widths):
        number = f", layer {layer + 1}" if len(widths) > 1 else ""
        set_width = partial(_set_width, layer)
        draw_slider(HIDDEN_UNITS, _key_of(layer), width, set_width, HIDDEN_UNITS.label + number)
    for knob in (LEARNING_RATE, EPOCHS):
        draw_stops(knob, visit, partial(_turn, knob))
    draw_slider(SEED, SEED.parameter, visit.settings.seed, partial(_turn, SEED))
    is_forgotten = not visit.settings.zero_gradients
    st.toggle(
        "Forget `zero_grad()`",
        value=is_forgotten,
        help="Leaves that line out of the loop, as one forgets it in real life: the gradients of "
        "all updates so far pile up. With SGD that is momentum without a brake: on the article's "
        "batch the loss mostly falls faster; at the largest learning rate it often overshoots.",
        **mirrored(ZERO_GRADIENTS.parameter, is_forgotten, partial(_turn, ZERO_GRADIENTS)),
    )


def _key_of(layer: int) -> str:
    """Return the key of a layer's slider, the first of which is the knob's own."""
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
                on_click=turn,
                args=(transition,),
            )


def draw_device(visit: Visit) -> None:
    """Draw the choice of a device; where there is but one, its name."""
    from tinynet.training.devices import available_devices  # noqa: PLC0415 - torch is slow

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
        default=visit.settings.device,
        required=True,
        help="Where the tensors live: "
        + "; ".join(f"{device.name} is {device.words}" for device in devices)
        + ". Other devices round differently in the last digits.",
        **mirrored(DEVICE.parameter, visit.settings.device, partial(_turn, DEVICE)),
    )


def _draw_more(visit: Visit) -> None:
    """Draw all other knobs that have a meaning here, behind a label, and which of them are turned.

    A closed one is empty: a dozen widgets that nobody sees would slow every move of a slider.
    """
    settings = visit.settings
    more = st.expander("More", key=MORE, on_change="rerun")
    if more.open:
        with more:
            for knob in meaningful(settings):
                if knob not in IN_FRONT:
                    draw_knob(knob, visit, partial(_turn, knob))
    told = [
        knob.in_words(getattr(settings, knob.name))
        for knob in changed(settings)
        if knob not in IN_FRONT
    ]
    if told:
        st.caption(f"Set in *More*: {', '.join(told)}")


def _turn(knob: Knob[Any], shown: Any) -> None:
    """Take in what the widget of a knob was set to."""
    turn(lambda visit: visit.changed(knob, _value(knob, shown)))


def _value(knob: Knob[Any], shown: Any) -> Any:
    """Return the value of a knob whose widget shows something else."""
    if knob is ZERO_GRADIENTS:
        return not shown
    if isinstance(knob, SubsetKnob):
        return tuple(shown) or knob.article  # all were taken away
    return shown


def _set_width(layer: int, width: int) -> None:
    turn(lambda visit: visit.with_width(layer, width))


def _pick_data(kind: str) -> None:
    turn(lambda visit: visit.with_data(kind))


def _draw_new_weights() -> None:
    drawn = secrets.randbelow(SEED.maximum)  # one short of all seeds, to leave out today's
    turn(lambda visit: visit.with_other_weights(drawn))
