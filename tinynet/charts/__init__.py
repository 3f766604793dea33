"""Charts: plotly figures of runs, maps and landscapes.

frame         the layout that all charts share
loss          Run -> the chart of its losses
losses        the losses of a training, for their chart
landscape     Landscape -> a contour map, and a view in three dimensions
runs          Runs -> their losses in one chart
map           Sweep -> the map of its cells
colours       the colours
colour_scale  the colour of each value on a map
plotly_seams  the details of plotly that it does not document
"""

from __future__ import annotations

from tinynet.charts.frame import PLOTLY_VERSION, as_json
from tinynet.charts.landscape import (
    describe_landscape,
    landscape_chart,
    landscape_chart_3d,
    landscape_chart_3d_as_json,
    landscape_chart_as_json,
)
from tinynet.charts.loss import LossChart, Scale, describe_loss_chart, loss_chart
from tinynet.charts.losses import Losses
from tinynet.charts.map import describe_map, map_chart, map_chart_as_json, map_frame_as_json
from tinynet.charts.plotly_seams import PLOTLY_ADDRESS, PLOTLY_FILES
from tinynet.charts.runs import RUN_LINES, describe_runs, runs_chart_as_json

__all__ = [
    "PLOTLY_ADDRESS",
    "PLOTLY_FILES",
    "PLOTLY_VERSION",
    "RUN_LINES",
    "LossChart",
    "Losses",
    "Scale",
    "as_json",
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
