"""A chart: a plotly figure, drawn in place.

Streamlit replaces its own chart whenever the data change, so it would blink at every move of a
slider. Here `Plotly.react` changes the existing chart. Plotly's script comes from the installed
package, compressed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import streamlit as st

from tinynet.charts import PLOTLY_FILES, PLOTLY_VERSION
from tinynet.stage.assets import CHART_HTML, CHART_STYLE
from tinynet.ui.components.asking import heard
from tinynet.ui.components.scripts import address_of, served

MAP, AXES = "map", ("x", "y")
LARGEST = 1e9  # no axis has larger numbers; NaN compares as false, and is refused too
_mount = st.components.v2.component(
    "tinynet_chart", html=CHART_HTML, css=CHART_STYLE, js=served("streamlit/chart.js")
)


def draw_chart(figure: str, *, key: str, description: str, name: str) -> None:
    """Draw a plotly figure of fixed height, given as JSON.

    The description is for screen readers, the name for the saved file.
    """
    _draw(figure, key, {"description": description, "name": name, "isMap": False})


def draw_map(
    figure: str,
    description: str,
    place: dict[str, Any],
    on_pick: Callable[[], None],
    on_view: Callable[[], None],
) -> None:
    """Draw the map; `picked` and `viewed` return what the visitor picks and zooms to.

    `place` contains the map's `axes`, their narrowest ranges, and a number, called `place` too. The
    visitor's zoom is kept until that number changes.
    """
    facts = {"description": description, "name": MAP, "isMap": True, **place}
    _draw(figure, MAP, facts, on_pick_change=on_pick, on_view_change=on_view)


def picked(axes: str) -> dict[str, float]:
    """Return the numbers that were picked on the map of these axes; empty if forged."""
    values = _told("pick", axes)
    are_valid = _are_numbers(values.get(axis) for axis in AXES)
    return {axis: float(values[axis]) for axis in AXES} if are_valid else {}


def viewed(axes: str) -> dict[str, tuple[float, float]]:
    """Return the range of each axis that the map of these axes shows; empty if forged."""
    ranges = _told("view", axes)
    if not all(_are_ends(ranges.get(axis)) for axis in AXES):
        return {}
    return {axis: (float(ranges[axis][0]), float(ranges[axis][1])) for axis in AXES}


def _told(event: str, axes: str) -> dict[str, Any]:
    """Return an event of the browser; empty if it belongs to an earlier map."""
    message = heard(MAP, event)
    return message if isinstance(message, dict) and message.get("axes") == axes else {}


def _are_ends(given: object) -> bool:
    return isinstance(given, list) and len(given) == len(AXES) and _are_numbers(given)


def _are_numbers(given: Iterable[object]) -> bool:
    """Tell whether all are numbers that an axis can have."""
    return all(isinstance(each, int | float) and abs(each) <= LARGEST for each in given)


def _draw(figure: str, key: str, facts: dict[str, Any], **listeners: Any) -> None:
    head = json.dumps({"script": plotly_script(), **facts})[:-1]
    _mount(key=key, data=f'{head}, "figure": {figure}}}'.encode(), **listeners)


@cache
def plotly_script() -> str:
    """Return where this server serves plotly's script, relative to the page.

    The address changes with the version, because proxies may let browsers keep the file.
    """
    return f"{address_of(PLOTLY_FILES, f'plotly-{PLOTLY_VERSION}')}/plotly.min.js"
