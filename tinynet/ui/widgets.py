"""Widgets: one for each kind of knob, and headings.

A widget mirrors the visit. Its value is set before it is drawn, but only if it differs, because a
browser that receives a value discards what the visitor is entering. The value is also the widget's
default, so a browser that misses a message gets the value with the next message.

Each jump of the page makes new widgets: a request that left the browser before the jump reports
the values of the old ones, which nobody has chosen. Only what differs from what an old widget
showed was chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tinynet.settings import ChoiceKnob, Knob, NumberKnob, OptionalKnob, SubsetKnob
from tinynet.ui.session import current_visit
from tinynet.ui.visit import Visit

HEADING_HEIGHT = 44  # pixels
# Streamlit never forgets a key, so keys come back; no request is as old as that many jumps.
GENERATIONS = 20
OnChange = Callable[[Any], None]  # called with the widget's new value


def draw_subheading(text: str) -> None:
    """Draw a heading in a tab.

    The browser takes 3 ms for each st.subheader, because it always makes an anchor.
    """
    st.html(f'<h2 class="heading">{escape(text)}</h2>', width="content")


def draw_heading_row(text: str) -> DeltaGenerator:
    """Draw a heading in a row of fixed height, and return the row."""
    row = st.container(
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
        height=HEADING_HEIGHT,
        border=False,
        key=f"heading {text}",
    )
    with row:
        draw_subheading(text)
    return row


def draw_switch(label: str, options: Sequence[str], key: str) -> str:
    """Draw a choice with a hidden label, beside a heading; it starts at the first option."""
    choice: str = st.segmented_control(
        label,
        options,
        default=options[0],
        required=True,
        key=key,
        persist_state="session",
        label_visibility="collapsed",
    )
    return choice


def mirrored(name: str, value: Any, on_change: OnChange) -> dict[str, Any]:
    """Set a widget before it is drawn; return its key and its callback as keywords."""
    key = key_of(name, current_visit().jumps)

    def take(chosen: Any) -> None:
        is_old = key != key_of(name, current_visit().jumps)
        if not is_old or chosen != value:
            on_change(chosen)

    return lasting(key, value, take)


def lasting(key: str, value: Any, on_change: OnChange) -> dict[str, Any]:
    """Do the same for a widget that no jump renews, for example since it keeps a file."""
    if st.session_state.get(key, mirrored) != value:  # no widget has the value `mirrored`
        st.session_state[key] = value

    return {"key": key, "on_change": lambda: on_change(st.session_state[key])}


def key_of(name: str, jumps: int) -> str:
    """Return the key of a widget after a number of jumps; opening the page is the first."""
    generation = jumps % GENERATIONS
    return name if generation == 1 else f"{name} of generation {generation}"


def draw_slider(
    knob: NumberKnob[int], key: str, value: int, on_change: OnChange, label: str = ""
) -> None:
    """Draw a slider over all whole numbers of a range."""
    st.slider(
        label or knob.label,
        knob.minimum,
        knob.maximum,
        value,
        help=knob.meaning,
        **mirrored(key, value, on_change),
    )


def draw_stops(
    knob: NumberKnob[Any] | OptionalKnob[Any], visit: Visit, on_change: OnChange
) -> None:
    """Draw a slider over the stops of a knob."""
    value = visit.kept[knob.name]
    if value is None:
        value = getattr(visit.settings, knob.name)
    # A value from an address can lie between two stops, so it becomes a stop.
    stops = {*knob.stops, getattr(visit.stops, knob.name), value}
    st.select_slider(
        knob.label,
        sorted(stops, key=lambda stop: (stop is not None, stop)),
        value=value,
        format_func=knob.shown,
        help=knob.meaning,
        **mirrored(knob.parameter, value, on_change),
    )


def draw_choice(
    knob: Knob[Any], labels: Mapping[str, str], value: str, on_change: OnChange
) -> None:
    """Draw a menu of labels, by name."""
    st.selectbox(
        knob.label,
        list(labels),
        index=list(labels).index(value),
        format_func=labels.__getitem__,
        help=knob.meaning,
        **mirrored(knob.parameter, value, on_change),
    )


def draw_knob(knob: Knob[Any], visit: Visit, on_change: OnChange) -> None:
    """Draw the widget for a knob."""
    if isinstance(knob, ChoiceKnob):
        labels = {name: knob.table[name].label for name in knob.offered(visit.settings)}
        draw_choice(knob, labels, getattr(visit.settings, knob.name), on_change)
    elif isinstance(knob, SubsetKnob):
        _draw_subset(knob, visit, on_change)
    elif isinstance(knob, (NumberKnob, OptionalKnob)):
        draw_stops(knob, visit, on_change)


def _draw_subset(knob: SubsetKnob, visit: Visit, on_change: OnChange) -> None:
    value = list(getattr(visit.settings, knob.name))
    st.multiselect(
        knob.label,
        list(knob.table),
        default=value,
        help=knob.meaning,
        **mirrored(knob.parameter, value, on_change),
    )
