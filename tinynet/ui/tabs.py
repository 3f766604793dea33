"""The tabs: which of the views of a run is open.

Streamlit's own tabs took the browser a third of all its work at each move of a slider; a choice of
one among four, drawn like tabs, takes next to nothing.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tinynet.address import TAB, TABS
from tinynet.ui.session import change
from tinynet.ui.visit import Visit
from tinynet.ui.widgets import mirror


def draw_tabs(visit: Visit) -> DeltaGenerator:
    """Draw the names of the views, and a place for each; return that of the one that is open."""
    mirror(TAB, visit.tab)
    st.segmented_control(
        "View of the run",
        TABS,
        default=visit.tab,
        required=True,
        key=TAB,
        on_change=_open,
        label_visibility="collapsed",
    )
    places = {name: _draw_place(name, is_open=name == visit.tab) for name in TABS}
    return places[visit.tab]


def _open() -> None:
    change(lambda visit: replace(visit, tab=st.session_state[TAB]))


def _draw_place(name: str, *, is_open: bool) -> DeltaGenerator:
    # What stood in one that closes is not seen while the script still draws the other.
    return st.container(key=f"{'view' if is_open else 'closed view'} {name}")
