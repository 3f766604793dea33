"""The landscape: the loss around the run on the screen, and the way that it took through it."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import streamlit as st

from tinynet.analysis.landscape import Directions, Landscape
from tinynet.charts import (
    describe_landscape,
    landscape_chart_3d_as_json,
    landscape_chart_as_json,
)
from tinynet.serving.requests import SurveyRequest
from tinynet.ui.components.chart import draw_chart
from tinynet.ui.runs import PASS, finished_run, work_on
from tinynet.ui.session import current_visit
from tinynet.ui.widgets import draw_subheading, draw_switch

KINDS: dict[str, Directions] = {"Along its path": "path", "Random": "random"}
TURNS = " Drag to turn it, scroll to come nearer."
LOOKS = {"Map": landscape_chart_as_json, "3-D": landscape_chart_3d_as_json}


def draw_landscape() -> bool:
    """Draw the landscape of the run on the screen as far as it is; return whether it grows."""
    run = finished_run()
    draw_subheading("The landscape of this run")
    with st.container(horizontal=True):
        kind = KINDS[draw_switch("Directions", list(KINDS), "directions")]
        look = LOOKS[draw_switch("Look", list(LOOKS), "look of the landscape")]
    left, right = st.columns([13, 9], gap="medium")
    if run is None:
        right.caption("It is drawn when the run has come to its end.")
        return False
    done = work_on(SurveyRequest(run.settings, kind, run), perf_counter() + PASS)
    landscape = done.so_far
    if isinstance(landscape, Landscape):
        with left:
            _draw(landscape, look)
        right.caption(_told(landscape) + (TURNS if look is landscape_chart_3d_as_json else ""))
    else:
        right.caption("It is being measured." if done.goes_on else "It could not be measured.")
    return done.goes_on


def _draw(landscape: Landscape, look: Callable[[Landscape, int | None], str]) -> None:
    draw_chart(
        look(landscape, current_visit().state),
        key=f"landscape {'flat' if look is landscape_chart_as_json else 'high'}",
        description=describe_landscape(landscape),
        name="landscape",
    )


def _told(landscape: Landscape) -> str:
    if not landscape.moved:
        return (
            "This run never moved: every state has the weights that it began with, so there is no "
            "path. The directions are random."
        )
    told = f"{100 * landscape.explained_variance:.0f} %"
    return (
        f"The loss of the network with the weights at each place of a plane through all "
        f"{landscape.centre.size:,} weights and biases: the bluer, the less. The orange path is "
        f"the run's, as the plane sees it: its two directions tell {told} of how the weights "
        "moved. The ring is the state that the player in *Watch* shows."
    )
