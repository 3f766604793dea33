"""Widgets: one for each kind of knob, and headings.

A widget mirrors the visit. The page sets the widget's value before drawing it, but only if the
value differs, because a browser that receives a value discards what the visitor is entering. The
value is also the widget's default, so a browser that misses a message gets the value with the next
message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tinynet.settings import ChoiceKnob, Knob, NumberKnob, OptionalKnob, SubsetKnob
from tinynet.ui.components.asking import has_seen
from tinynet.ui.session import current_visit
from tinynet.ui.visit import Visit

HEADING_HEIGHT = 44  # pixels
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


def draw_switch(label: str, options: Sequence[str], key: str, start: int = 0) -> str:
    """Draw a choice with a hidden label, beside a heading."""
    choice: str = st.segmented_control(
        label,
        options,
        default=options[start],
        required=True,
        key=key,
        persist_state="session",
        label_visibility="collapsed",
    )
    return choice


def mirrored(key: str, value: Any, on_change: OnChange) -> dict[str, Any]:
    """Set a widget before it is drawn; return its key and its callback as keywords."""
    if st.session_state.get(key, mirrored) != value:  # `mirrored`: never a value
        st.session_state[key] = value

    before = _before_the_jump(key, value)

    def take() -> None:
        chosen, visit = st.session_state[key], current_visit()
        if chosen != before or has_seen(visit.jumps):
            on_change(chosen)

    return {"key": key, "on_change": take}


def _before_the_jump(key: str, value: Any) -> Any:
    """Note what a widget shows now; return what it showed before the last jump of the page.

    A request that left the browser before the jump still reports the earlier value.
    """
    shown: dict[str, tuple[int, Any, Any]] = st.session_state.setdefault("shown", {})
    jumps = current_visit().jumps
    drawn_at, before, last = shown.get(key, (jumps, None, None))
    before = before if drawn_at == jumps else last
    shown[key] = jumps, before, value
    return before


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
