"""Charts: plotly figures; no network, no page, only what to draw.

frame      what all charts have in common
loss       Run -> its losses, epoch by epoch
"""

from __future__ import annotations

from tinynet.charts.frame import PLOTLY_FILES
from tinynet.charts.loss import Scale, describe_loss_chart, loss_chart, loss_chart_as_json

__all__ = [
    "PLOTLY_FILES",
    "Scale",
    "describe_loss_chart",
    "loss_chart",
    "loss_chart_as_json",
]
