"""The layout that all charts share, and a fast way to their JSON."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly
from plotly.io import to_json

from tinynet.charts.colours import FAINT
from tinynet.charts.plotly_seams import packed_array

PLOTLY_VERSION = str(plotly.__version__)

Layout = dict[str, Any]  # a part of a plotly figure, as in its JSON
AXIS: Layout = {"gridcolor": FAINT, "zeroline": False, "tickfont": {"size": 13}}
COLOUR_BAR: Layout = {"thickness": 12, "outlinewidth": 0}
LAYOUT: Layout = {
    "height": 330,
    "margin": {"l": 60, "r": 12, "t": 46, "b": 44},  # fixed, so that nothing moves
    "hovermode": "x unified",
    "dragmode": "zoom",
    "template": {},  # plotly's own would be most of the message
    "paper_bgcolor": "rgba(0, 0, 0, 0)",
    "plot_bgcolor": "rgba(0, 0, 0, 0)",
}


def title(text: str) -> Layout:
    """Return the title of an axis."""
    return {"text": text, "font": {"size": 14}, "standoff": 8}


def as_json(chart: Layout) -> str:
    """Return a chart as JSON without plotly's validation, in a tenth of the time."""
    traces = [
        {
            key: packed_array(value) if isinstance(value, np.ndarray) else value
            for key, value in each.items()
        }
        for each in chart["data"]
    ]
    text: str = to_json({**chart, "data": traces}, validate=False)
    return text
