"""*Compare*: a map of settings, pinned runs side by side, and the landscape of a run.

map        thousands of networks, one cell each, coloured by their final result
pinned     the pinned runs in one chart and one table
landscape  the loss around the path of the current run
"""

from __future__ import annotations

import streamlit as st

from tinynet.training.run import Run
from tinynet.ui.components.asking import ask_for
from tinynet.ui.pace import in_turn
from tinynet.ui.session import open_with_stage
from tinynet.ui.tabs.compare.landscape import draw_landscape
from tinynet.ui.tabs.compare.map import draw_map_of
from tinynet.ui.tabs.compare.pinned import draw_pinned, draw_table_of_pinned
from tinynet.ui.visit import Visit


def draw_tab(_: Visit, __: Run | None) -> None:
    """Draw the map, the pinned runs and the landscape."""
    _draw_all()


@st.fragment
def _draw_all() -> None:
    """Draw all three as far as they are finished; the fragment reruns until they are complete."""
    visit = open_with_stage()
    with in_turn("compare"):
        if _draw(visit):
            ask_for("more to compare", more=True)


def _draw(visit: Visit) -> bool:
    """Draw the map, the pinned runs and the landscape; return whether any is unfinished.

    Each has a container of its own: if a script is interrupted, Streamlit cannot safely replace an
    element by a container.
    """
    left, right = st.columns([13, 9], gap="medium")
    table, landscape = st.container(), st.container()
    with left:
        map_goes_on = draw_map_of(visit)
    with right:
        pins_go_on = draw_pinned(visit)
    with table:
        draw_table_of_pinned(visit)
    with landscape:
        landscape_goes_on = draw_landscape(visit)
    return map_goes_on or pins_go_on or landscape_goes_on
