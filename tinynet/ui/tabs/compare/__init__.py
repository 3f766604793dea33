"""The tab that compares: a map of settings, runs side by side, and the landscape of a run.

map        a thousand networks, each a cell in the colour of how it ended
pinned     the runs that the visitor has pinned, in one chart and one table
landscape  the loss around the way that the run on the screen took
"""

from __future__ import annotations

import streamlit as st

from tinynet.training.run import Run
from tinynet.ui.components.asking import ask_for
from tinynet.ui.pace import in_turn
from tinynet.ui.session import current_visit, draw_stage_first
from tinynet.ui.tabs.compare.landscape import draw_landscape
from tinynet.ui.tabs.compare.map import draw_map_of
from tinynet.ui.tabs.compare.pinned import draw_pinned, draw_table_of_pinned


def draw_compare_tab(_: Run | None) -> None:
    """Draw the map, the pinned runs and the landscape."""
    _draw_all()


@st.fragment
def _draw_all() -> None:
    """Draw them as far as they are, again and again."""
    draw_stage_first()
    with in_turn("compare"):
        if _draw():
            ask_for("more to compare", more=True)


def _draw() -> bool:
    """Draw all three; return whether there is more to come.

    Each stands in a container of its own: in Streamlit, what was an element cannot safely become a
    container while the visitor breaks scripts off.
    """
    settings = current_visit().settings
    left, right = st.columns([13, 9], gap="medium")
    table, landscape = st.container(), st.container()
    with left:
        map_goes_on = draw_map_of(settings)
    with right:
        pins_go_on = draw_pinned(settings)
    with table:
        draw_table_of_pinned()
    with landscape:
        landscape_goes_on = draw_landscape()
    return map_goes_on or pins_go_on or landscape_goes_on
