"""Runs -> the chart of their losses, one over the other."""

from __future__ import annotations

from collections.abc import Mapping

from tinynet.charts.frame import AXIS, LAYOUT, Layout, as_json, title
from tinynet.charts.loss import LOSS_AXES, Scale, epoch_axis, loss_line
from tinynet.colours import OF_RUNS
from tinynet.diagnosis import loss_text
from tinynet.run import Run

DASHES = ("solid", "dash", "dot", "dashdot")
HEIGHT = 300


def runs_chart_as_json(runs: Mapping[str, Run], scale: Scale) -> str:
    """Return the losses of runs, by name; where they have test rows, their losses are thinner."""
    lines = []
    for place, (name, run) in enumerate(runs.items()):
        colour, dash = OF_RUNS[place], DASHES[place % len(DASHES)]
        line = loss_line(run.every_loss, name, colour, 2, dash)
        lines.append(line | {"hovertemplate": "%{customdata}"})
    seen = [run.every_loss for run in runs.values()]
    layout: Layout = {
        **LAYOUT,
        "height": HEIGHT,
        "margin": LAYOUT["margin"] | {"t": 12},
        "xaxis": AXIS | epoch_axis(max(len(run.losses) for run in runs.values())),
        "yaxis": AXIS | {"title": title("loss")} | LOSS_AXES[scale](seen),
        "showlegend": False,
        "uirevision": scale,
    }
    return as_json({"data": lines, "layout": layout})


def describe_runs(runs: Mapping[str, Run]) -> str:
    """Return the chart in words, for those who cannot see it."""
    ends = (f"{name}: {loss_text(run.final_loss)}" for name, run in runs.items())
    return f"Line chart of the losses of {len(runs)} runs, which end at {'; '.join(ends)}."
