"""Charts: plotly figures; no network, no page, only what to draw.

frame      what all charts have in common
loss       Run -> its losses, epoch by epoch
landscape  Landscape -> a map of it, and a view
runs       Runs -> their losses, one over the other
map        Sweep -> the map of its cells
"""

from __future__ import annotations

from tinynet.charts.frame import PLOTLY_FILES, PLOTLY_VERSION
from tinynet.charts.landscape import (
    describe_landscape,
    landscape_chart,
    landscape_chart_3d,
    landscape_chart_3d_as_json,
    landscape_chart_as_json,
)
from tinynet.charts.loss import LossChart, Scale, describe_loss_chart, loss_chart
from tinynet.charts.map import describe_map, map_chart, map_chart_as_json, map_frame_as_json
from tinynet.charts.runs import RUN_LINES, describe_runs, runs_chart_as_json

__all__ = [
    "PLOTLY_FILES",
    "PLOTLY_VERSION",
    "RUN_LINES",
    "LossChart",
    "Scale",
    "describe_landscape",
    "describe_loss_chart",
    "describe_map",
    "describe_runs",
    "landscape_chart",
    "landscape_chart_3d",
    "landscape_chart_3d_as_json",
    "landscape_chart_as_json",
    "loss_chart",
    "map_chart",
    "map_chart_as_json",
    "map_frame_as_json",
    "runs_chart_as_json",
]
