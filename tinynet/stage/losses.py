"""The loss chart beside the network: one set of lines, and a layout for each scale."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinynet.charts import LossChart
from tinynet.training.run import Run


def losses_of(run: Run, previous: Run | None, plotly: str, name: str = "") -> dict[str, Any]:
    """Return the loss chart of a run and a previous run, which may have a name of its own.

    `plotly` is the address of plotly's script.
    """
    return on_all_scales(LossChart.of(run, previous, name), plotly)


def on_all_scales(chart: LossChart, plotly: str) -> dict[str, Any]:
    """Return a loss chart on all scales."""
    return {
        "script": plotly,
        "previous": chart.previous and _line(chart.previous),
        "lines": [_line(each) for each in chart.lines],
        "layout": chart.layout,
        "scales": {
            scale: {
                "layout": each.layout,
                "namesPrevious": each.names_previous,
                "description": each.description,
            }
            for scale, each in chart.scales.items()
        },
    }


def _line(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line without its x values and hover data, which the browser derives itself."""
    style = {key: value for key, value in line.items() if not isinstance(value, np.ndarray)}
    return style | {"y": line["y"]}
