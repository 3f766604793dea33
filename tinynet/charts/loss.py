"""Run -> the chart of its losses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import plotly.graph_objects as go

from tinynet.analysis.diagnosis import loss_text
from tinynet.charts.colours import BLUE, GREY, ORANGE
from tinynet.charts.frame import AXIS, LAYOUT, Layout, title
from tinynet.registry.losses import LOSSES
from tinynet.settings import differences
from tinynet.training.run import FloatArray, Run

LOWEST_DECADE = -2  # down to 0.01 a log axis has room for ticks at 2 and 5
LEAST_SEEN = 0.02  # of a line in sight; with less, such as one point, the line counts as hidden
MOST_ABOVE = 4  # times the highest loss of the lower of two runs
LEAST_TOP = 0.3  # of the linear axis, so that a tiny improvement does not look large

HEIGHT = 346  # pixels
_NEED_NO_LEGEND = 2  # lines: this run and its dot
THIS_RUN = "this run"


class Scale(StrEnum):
    """The scale of the loss axis; the values are the labels on the page."""

    LINEAR = "Linear"
    LOG = "Log"
    FIT = "Fit"


@dataclass(frozen=True)
class OnScale:
    """The layout and the description of the chart on one scale."""

    layout: Layout
    names_previous: bool  # whether the previous run is in sight and needs a name
    description: str


@dataclass(frozen=True)
class LossChart:
    """The loss chart of a run: lines that all scales share, and a layout for each scale."""

    previous: Layout | None  # the line of the previous run, behind all others
    lines: list[Layout]
    layout: Layout
    scales: dict[Scale, OnScale]

    @classmethod
    def of(cls, run: Run, previous: Run | None = None) -> LossChart:
        """Lay out the loss of every state, with the previous run as a thin grey line."""
        before = None
        seen = own = [run.every_loss, *([run.every_test_loss] if run.has_test else [])]
        if previous and previous.settings.loss == run.settings.loss:  # else incomparable
            losses = previous.every_loss
            before = loss_line(losses, _name_of_previous(previous, run), GREY, 1.5)
            seen = [*own, losses[: _last_epoch(run) + 1]]
        axes = {scale: axis(seen) for scale, axis in LOSS_AXES.items()}
        if before:
            axes[Scale.LINEAR] = _for_both(own, seen[-1])
        axes[Scale.FIT] = _fit(own)
        words = _losses_in_words(run)
        scales = {
            scale: OnScale(
                _layout_on(run, scale, axis),
                names_previous=_is_in_sight(seen[-1], scale, axis),
                description=words + _baseline_in_words(run, scale, axis) + _test_in_words(run),
            )
            for scale, axis in axes.items()
        }
        lines = _lines(run, *own)
        is_named = len(lines) + bool(before) > _NEED_NO_LEGEND
        return cls(before, lines, _layout(run) | {"showlegend": is_named}, scales)


def loss_chart(run: Run, previous: Run | None = None, scale: Scale = Scale.LINEAR) -> go.Figure:
    """Return the loss of every state, with the previous run as a thin grey line."""
    chart = LossChart.of(run, previous)
    on_scale = chart.scales[scale]
    before = [chart.previous | {"showlegend": on_scale.names_previous}] if chart.previous else []
    axis = {"yaxis": chart.layout["yaxis"] | on_scale.layout["yaxis"]}
    return go.Figure([*before, *chart.lines], chart.layout | on_scale.layout | axis)


def _layout(run: Run) -> Layout:
    """Return the layout that all scales share."""
    axis_title = title(f"loss (mean {LOSSES[run.settings.loss].row_label})")
    return {
        **LAYOUT,
        "height": HEIGHT,
        "margin": LAYOUT["margin"] | {"t": 28},
        "xaxis": AXIS | epoch_axis(_last_epoch(run)),
        "yaxis": AXIS | {"title": axis_title, "exponentformat": "e"},
        **({"shapes": [_baseline(run)]} if run.baseline_loss else {}),  # 0 for a single row
        "meta": THIS_RUN,  # the line that the cursor follows
    }


def _layout_on(run: Run, scale: Scale, axis: Layout) -> Layout:
    """Return the part of the layout that depends on the scale."""
    name = {"annotations": [_name_of_the_baseline(run, scale)]} if run.baseline_loss else {}
    return {"yaxis": axis, **name, "uirevision": scale}  # keeps a zoom until the scale changes


def describe_loss_chart(run: Run, scale: Scale = Scale.LINEAR) -> str:
    """Describe the part of the chart that is visible on a scale, for screen readers."""
    return LossChart.of(run).scales[scale].description


def _losses_in_words(run: Run) -> str:
    losses = run.every_loss
    lowest = int(np.nanargmin(losses)) if np.isfinite(losses).any() else 0
    return (
        f"Line chart of the loss over {len(run.losses):,} epochs. It starts at "
        f"{loss_text(losses[0])}, is lowest at {loss_text(losses[lowest])} (epoch {lowest:,}) "
        f"and ends at {loss_text(losses[-1])}."
    )


def _baseline_in_words(run: Run, scale: Scale, axis: Layout) -> str:
    if not _is_in_sight(np.array([run.baseline_loss], np.float32), scale, axis):
        return ""
    loss = loss_text(run.baseline_loss)
    constant = LOSSES[run.settings.loss].baseline_name
    return f" Baseline: always answering {constant} has a loss of {loss}."


def _test_in_words(run: Run) -> str:
    if run.final_test_loss is None:
        return ""
    return f" The loss on the test rows ends at {loss_text(run.final_test_loss)}."


def loss_line(
    losses: FloatArray, name: str, colour: str, width: float, dash: str = "solid"
) -> Layout:
    """Return a line of losses, state by state; hovering shows all digits."""
    return {
        "type": "scatter",
        "x": np.arange(len(losses)),
        "y": losses,
        "customdata": losses,  # unformatted, so that the browser prints all digits, like Python
        "name": name,
        "mode": "lines",
        "line": {"color": colour, "width": width, "dash": dash},
        "hovertemplate": "%{customdata}",
    }


def _lines(run: Run, losses: FloatArray, test_losses: FloatArray | None = None) -> list[Layout]:
    """Return the lines of a run, and a dot at its last state."""
    dot = {
        "type": "scatter",
        "x": [len(run.losses)],
        "y": losses[-1:],
        "mode": "markers",
        "marker": {"color": BLUE, "size": 9},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    lines = [loss_line(losses, THIS_RUN, BLUE, 2.5), dot]
    if test_losses is None:
        return lines
    return [loss_line(test_losses, "test rows", BLUE, 1.5, dash="dot"), *lines]


def _name_of_previous(previous: Run, run: Run) -> str:
    changes = differences(previous.settings, run.settings)
    return f"before: {changes[0]}" if len(changes) == 1 else "previous run"


def _baseline(run: Run) -> Layout:
    """Draw the loss of the best constant prediction."""
    loss = run.baseline_loss
    ends = {"xref": "paper", "x0": 0, "x1": 1, "y0": loss, "y1": loss}
    return {"type": "line", **ends, "line": {"color": ORANGE, "width": 1, "dash": "dot"}}


def _name_of_the_baseline(run: Run, scale: Scale) -> Layout:
    loss = run.baseline_loss
    return {
        "text": f"baseline (always {LOSSES[run.settings.loss].baseline_name}): {loss:.2f}",
        "xref": "paper",
        "x": 1,
        "xanchor": "right",
        # Unlike a shape, an annotation needs the logarithm.
        "y": np.log10(loss) if scale is Scale.LOG else loss,
        "yanchor": "top" if _ends_just_above(run, loss) else "bottom",
        "showarrow": False,
        "font": {"color": ORANGE, "size": 12},
    }


def _ends_just_above(run: Run, loss: float) -> bool:
    """Tell whether a name above the line would hide the curve's end, but fits below it."""
    return loss < run.final_loss < 2 * loss and loss > _top([run.every_loss]) / 5


def _last_epoch(run: Run) -> int:
    """Return the end of the epoch axis; for a run in progress, its full length."""
    return len(run.losses) if run.finished else run.settings.epochs


def epoch_axis(epochs: int) -> Layout:
    """Return the axis of the states, from 0 to the last."""
    return {
        "title": title("epoch"),
        "range": [0, epochs],
        "dtick": -(-epochs // 5),
        "tickformat": ",d",
        "unifiedhovertitle": {"text": "epoch %{x}"},
        "spikethickness": 1,
        "spikecolor": GREY,
        "spikedash": "solid",
    }


def _linear(seen: list[FloatArray]) -> Layout:
    return {"range": [0, 1.02 * _top(seen)]}


def _for_both(own: list[FloatArray], previous: FloatArray) -> Layout:
    """Return a linear axis on which neither of two runs flattens the other, if one diverges."""
    low, high = sorted([_top(own), _top([previous])])
    return {"range": [0, 1.02 * min(high, MOST_ABOVE * low)]}


def _log(seen: list[FloatArray]) -> Layout:
    """Start at a whole decade, so that a small change does not fill the chart."""
    losses = np.concatenate(seen)
    lowest = np.min(losses, where=losses > 0, initial=0.1)  # excludes NaN
    bottom = int(np.floor(np.log10(lowest)))
    steps = (1, 2, 5) if bottom >= LOWEST_DECADE else (1,)
    top = 1.1 * _top(seen)
    decades = range(bottom, int(np.ceil(np.log10(top))) + 1)
    ticks = [step * 10.0**decade for decade in decades for step in steps]
    return {
        "type": "log",
        "range": [bottom, float(np.log10(top))],
        "tickvals": ticks,
        "ticktext": [f"{tick:g}" for tick in ticks],
    }


def _fit(own: list[FloatArray]) -> Layout:
    """Fit this run alone, since the previous run could flatten its curve."""
    losses = np.concatenate(own)
    losses = losses[np.isfinite(losses)]
    if not losses.size:
        return _linear(own)
    low, high = float(losses.min()), float(losses.max())
    margin = max(0.05 * (high - low), 1e-6)
    return {"range": [low - margin, high + margin]}


def _is_in_sight(losses: FloatArray, scale: Scale, axis: Layout) -> bool:
    """Tell whether enough of these losses is in sight; only `Scale.FIT` hides any."""
    if scale is not Scale.FIT:
        return True
    low, high = axis["range"]
    return bool(((losses >= low) & (losses <= high)).mean() > LEAST_SEEN)


def _top(seen: list[FloatArray]) -> float:
    losses = np.concatenate(seen)
    return float(np.max(losses, where=np.isfinite(losses), initial=LEAST_TOP))


LOSS_AXES = {Scale.LINEAR: _linear, Scale.LOG: _log}  # for any number of runs
