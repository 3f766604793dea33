"""The row of tabs.

Streamlit's own tabs took a third of the browser's work for each moved slider. A segmented control
that looks like tabs takes almost none.
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
    """Draw the names of the tabs, and a container for each; return the open container."""
    st.segmented_control(
        "View of the run",
        TABS,
        default=visit.tab,
        required=True,
        label_visibility="collapsed",
        **mirrored(TAB, visit.tab, _open),
    )
    with st.container(gap=None):
        places = {
            name: st.container(key=f"{'view' if name == visit.tab else 'closed view'} {name}")
            for name in TABS
        }
    return places[visit.tab]


def _open(tab: str) -> None:
    change(lambda visit: replace(visit, tab=tab))
