"""The landscape: the loss around the current run, and the path of the run through it."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import streamlit as st

from tinynet.analysis.landscape import Directions, Landscape
from tinynet.charts import describe_landscape, landscape_chart_3d_as_json, landscape_chart_as_json
from tinynet.serving.requests import SurveyRequest
from tinynet.ui.components.chart import draw_chart
from tinynet.ui.runs import PASS, kept_run, work_on
from tinynet.ui.visit import Visit
from tinynet.ui.widgets import draw_subheading, draw_switch

KINDS: dict[str, Directions] = {"Along its path": "path", "Random": "random"}
TURNS = " Drag to rotate, scroll to zoom."
LOOKS = {"Map": landscape_chart_as_json, "3-D": landscape_chart_3d_as_json}


def draw_landscape(visit: Visit) -> bool:
    """Draw the current run's landscape so far; return whether the landscape is unfinished."""
    run = kept_run(visit.settings)
    draw_subheading("The landscape of this run")
    with st.container(horizontal=True):
        kind = KINDS[draw_switch("Directions", list(KINDS), "directions")]
        look = LOOKS[draw_switch("Look", list(LOOKS), "look of the landscape")]
    left, right = st.columns([13, 9], gap="medium")
    if run is None:
        right.caption("Available when the run is finished.")
        return False
    done = work_on(SurveyRequest(run.settings, run, kind), perf_counter() + PASS)
    landscape = done.so_far
    if isinstance(landscape, Landscape):
        with left:
            _draw(landscape, look, visit.state)
        right.caption(_caption(landscape) + (TURNS if look is landscape_chart_3d_as_json else ""))
    else:
        right.caption("Measuring the loss …" if done.goes_on else "The loss could not be measured.")
    return done.goes_on


def _draw(
    landscape: Landscape, look: Callable[[Landscape, int | None], str], state: int | None
) -> None:
    draw_chart(
        look(landscape, state),
        key=f"landscape {'flat' if look is landscape_chart_as_json else 'high'}",
        description=describe_landscape(landscape),
        name="landscape",
    )


def _caption(landscape: Landscape) -> str:
    if not landscape.moved:
        return (
            "The weights never changed in this run, so there is no path. The directions are random."
        )
    share = f"{100 * landscape.explained_variance:.0f} %"
    return (
        f"The loss on a plane through the space of all {landscape.centre.size:,} weights and "
        "biases; bluer is lower. The orange path is the run, projected onto the plane: these two "
        f"directions explain {share} of the movement. The ring is the state in *Watch*."
    )
