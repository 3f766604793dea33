"""A widget for each kind of knob: what the sidebar draws without knowing the knob by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tinynet.settings import DATA, ChoiceKnob, Knob, NumberKnob, Settings, SeveralKnob

HEADING_HEIGHT = 44  # pixels
OnChange = Callable[[], None]
Bind = Literal["query-params"] | None


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


def draw_slider(
    knob: NumberKnob[int], key: str, on_change: OnChange, *, label: str = "", bind: Bind = None
) -> None:
    """Draw a slider over every whole number of a range."""
    st.slider(
        label or knob.label,
        knob.minimum,
        knob.maximum,
        knob.article,
        key=key,
        help=knob.meaning,
        on_change=on_change,
        bind=bind,
        persist_state=None if bind else "session",
    )


def draw_stops(
    knob: NumberKnob[Any], opened: Settings, on_change: OnChange, bind: Bind = None
) -> None:
    """Draw a slider that holds at the stops of a knob, and where the page was opened."""
    # What the address asked for may lie between two stops; here it is one of them.
    st.select_slider(
        knob.label,
        sorted({*knob.stops, getattr(opened, knob.name)}),
        value=knob.article,
        format_func=knob.shown,
        key=knob.parameter,
        help=knob.meaning,
        on_change=on_change,
        bind=bind,
        persist_state=None if bind else "session",
    )


def draw_data(labels: Mapping[str, str], on_change: OnChange) -> None:
    """Draw what there is to learn from, by name, to pick one."""
    st.selectbox(
        DATA.label,
        list(labels),
        index=list(labels).index(DATA.article),
        format_func=labels.__getitem__,
        key=DATA.parameter,
        help=DATA.meaning,
        on_change=on_change,
        persist_state="session",
    )


def draw_knob(knob: Knob[Any], settings: Settings, opened: Settings, on_change: OnChange) -> None:
    """Draw the widget of a knob's kind; what it is set to stays while the knob is hidden."""
    if isinstance(knob, ChoiceKnob):
        _draw_choice(knob, settings, on_change)
    elif isinstance(knob, SeveralKnob):
        _draw_several(knob, on_change)
    elif isinstance(knob, NumberKnob):
        draw_stops(knob, opened, on_change)


def _draw_choice(knob: ChoiceKnob, settings: Settings, on_change: OnChange) -> None:
    """Draw the entries of a table that suit the settings, to pick one."""
    offered = knob.offered(settings)
    if st.session_state.get(knob.parameter, knob.article) not in offered:
        st.session_state[knob.parameter] = getattr(settings, knob.name)
    st.selectbox(
        knob.label,
        offered,
        index=offered.index(knob.article) if knob.article in offered else 0,
        format_func=lambda name: knob.table[name].label,
        key=knob.parameter,
        help=knob.meaning,
        on_change=on_change,
        persist_state="session",
    )


def _draw_several(knob: SeveralKnob, on_change: OnChange) -> None:
    if not st.session_state.get(knob.parameter, knob.article):  # all were taken away
        st.session_state[knob.parameter] = list(knob.article)
    st.multiselect(
        knob.label,
        list(knob.table),
        default=list(knob.article),
        key=knob.parameter,
        help=knob.meaning,
        on_change=on_change,
        persist_state="session",
    )
