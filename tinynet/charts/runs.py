"""Runs -> their losses in one chart."""

from __future__ import annotations

from collections.abc import Mapping

from tinynet.analysis.diagnosis import loss_text
from tinynet.charts.colours import OF_RUNS
from tinynet.charts.frame import AXIS, LAYOUT, Layout, as_json, title
from tinynet.charts.loss import LOSS_AXES, Scale, epoch_axis, loss_line
from tinynet.training.run import Run

DASHES = ("solid", "dash", "dot")
RUN_LINES = [(colour, DASHES[place % len(DASHES)]) for place, colour in enumerate(OF_RUNS)]
HEIGHT = 300

Runs = Mapping[str, Run | None]  # by name; None holds the position of an untrained run


def runs_chart_as_json(runs: Runs, scale: Scale) -> str:
    """Return the chart as JSON; each line has the style of its position in `RUN_LINES`."""
    lines = [
        loss_line(run.every_loss, name, colour, 2, dash)
        for (name, run), (colour, dash) in zip(runs.items(), RUN_LINES, strict=False)
        if run
    ]
    trained = [run for run in runs.values() if run]
    seen = [run.every_loss for run in trained]
    layout: Layout = {
        **LAYOUT,
        "height": HEIGHT,
        "margin": LAYOUT["margin"] | {"t": 12},
        "xaxis": AXIS | epoch_axis(max(len(run.losses) for run in trained)),
        "yaxis": AXIS | {"title": title("loss")} | LOSS_AXES[scale](seen),
        "showlegend": False,
        "uirevision": scale,
    }
    return as_json({"data": lines, "layout": layout})


def describe_runs(runs: Runs) -> str:
    """Describe the chart for screen readers."""
    ends = [f"{name}: {loss_text(run.final_loss)}" for name, run in runs.items() if run]
    return f"Line chart of the losses of {len(ends)} runs. They end at: {'; '.join(ends)}."
