"""The tabs: which of the views of a run is open.

Streamlit's own tabs took the browser a third of all its work at each move of a slider; a choice of
one among four, drawn like tabs, takes next to nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tinynet.address import TAB, TABS, WATCH
from tinynet.ui.redraw import VIEW


class Tab(NamedTuple):
    """Where a view stands, and whether it is the one that is seen; the others stay empty."""

    place: DeltaGenerator
    is_open: bool


def draw_tabs() -> list[Tab]:
    """Draw the names of the views, and a place for each below them."""
    opened = st.segmented_control(
        "View of the run",
        TABS,
        default=WATCH,
        required=True,
        key=TAB,
        bind="query-params",
        label_visibility="collapsed",
    )
    st.session_state[VIEW] = opened
    return [_draw_place(name, is_open=name == opened) for name in TABS]


def _draw_place(name: str, *, is_open: bool) -> Tab:
    # What stood in one that closes is not seen while the script still draws the other.
    return Tab(st.container(key=f"{'view' if is_open else 'closed view'} {name}"), is_open)
