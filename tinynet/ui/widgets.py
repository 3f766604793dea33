"""A widget for each kind of knob: what the sidebar draws without knowing the knob by name.

A widget mirrors the visit: it is set before it is drawn, but only where it says something else, for
a browser that is told a value forgets what its visitor does meanwhile. Its default is that value,
too: a browser that is too busy for the first of two messages shows what the second one says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tinynet.settings import ChoiceKnob, Knob, NumberKnob, OptionalKnob, SubsetKnob
from tinynet.ui.visit import Visit

HEADING_HEIGHT = 44  # pixels
OnChange = Callable[[Any], None]  # it is given what the widget is set to


def draw_subheading(text: str) -> None:
    """Draw a heading of a part of a view.

    Not with st.subheader: in the browser it makes an anchor for each, wanted or not, in 3 ms.
    """
    st.html(f'<h3 class="heading">{escape(text)}</h3>', width="content")


def draw_heading_row(text: str) -> DeltaGenerator:
    """Draw such a heading, and return its row; rows side by side are equally high."""
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
    """Draw a choice beside a heading, the first option at first; its label is not seen."""
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


def mirrored(key: str, value: Any, on_change: OnChange) -> dict[str, Any]:
    """Have a widget that is yet to be drawn show a value; return its key, and whom it tells."""
    if st.session_state.get(key, mirrored) != value:  # which no widget shows
        st.session_state[key] = value
    return {"key": key, "on_change": lambda: on_change(st.session_state[key])}


def draw_slider(
    knob: NumberKnob[int], key: str, value: int, on_change: OnChange, label: str = ""
) -> None:
    """Draw a slider over every whole number of a range."""
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
    """Draw a slider that holds at the stops of a knob, and where the page last went to."""
    value = visit.kept[knob.name]
    if value is None:
        value = getattr(visit.settings, knob.name)
    # What the address asked for may lie between two stops; here it is one of them.
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
    """Draw what can be picked, by name, to pick one."""
    st.selectbox(
        knob.label,
        list(labels),
        index=list(labels).index(value),
        format_func=labels.__getitem__,
        help=knob.meaning,
        **mirrored(knob.parameter, value, on_change),
    )


def draw_knob(knob: Knob[Any], visit: Visit, on_change: OnChange) -> None:
    """Draw the widget of a knob's kind."""
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
