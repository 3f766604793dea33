"""The tabs: which of the views of a run is open.

Streamlit's own tabs took the browser a third of all its work at each move of a slider; a choice of
one among four, drawn like tabs, takes next to nothing.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tinynet.links.address import TAB, TABS
from tinynet.ui.session import change
from tinynet.ui.visit import Visit
from tinynet.ui.widgets import mirrored


def draw_tabs(visit: Visit) -> DeltaGenerator:
    """Draw the names of the views, and a place for each; return that of the one that is open."""
    st.segmented_control(
        "View of the run",
        TABS,
        default=visit.tab,
        required=True,
        label_visibility="collapsed",
        **mirrored(TAB, visit.tab, _open),
    )
    # What stood in one that closes is not seen while the script still draws the other.
    places = {
        name: st.container(key=f"{'view' if name == visit.tab else 'closed view'} {name}")
        for name in TABS
    }
    return places[visit.tab]


def _open(tab: str) -> None:
    change(lambda visit: replace(visit, tab=tab))
