"""Run -> the chart of its losses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import plotly.graph_objects as go

from tinynet.analysis.diagnosis import loss_text
from tinynet.charts.colours import BLUE, GREY, ORANGE
from tinynet.charts.frame import AXIS, LAYOUT, Layout, title
from tinynet.charts.losses import Losses
from tinynet.settings import differences
from tinynet.training.record import FloatArray
from tinynet.training.run import Run

LOWEST_DECADE = -2  # down to 0.01 a log axis has room for ticks at 2 and 5
LEAST_SEEN = 0.02  # share of a line; a line counts as hidden if less is in sight, such as one point
NEAR_THE_TOP = 0.95  # the share of the axis above which a name has no room
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
    def of(cls, run: Run, previous: Run | None = None, name: str = "") -> LossChart:
        """Lay out the loss of every state, with the previous run as a thin grey line."""
        if previous is None or previous.settings.loss != run.settings.loss:  # incomparable
            return cls.of_losses(Losses.of(run))
        name = name or _name_of_previous(previous, run)
        return cls.of_losses(Losses.of(run), previous.every_loss, name)

    @classmethod
    def of_losses(
        cls, its: Losses, previous: FloatArray | None = None, name: str = ""
    ) -> LossChart:
        """Lay out losses, with previous losses as a thin grey line."""
        before, seen = None, its.each
        if previous is not None:
            before = loss_line(previous, name, GREY, 1.5)
            seen = [*seen, previous[: its.last_epoch + 1]]
        axes = {scale: axis(seen) for scale, axis in LOSS_AXES.items()}
        if previous is not None:
            axes[Scale.LINEAR] = _for_both(its.each, seen[-1])
        axes[Scale.FIT] = _fit(its.each)
        words = _losses_in_words(its)
        scales = {
            scale: OnScale(
                _layout_on(its, scale, axis),
                names_previous=_is_in_sight(seen[-1], scale, axis),
                description=words + _baseline_in_words(its, scale, axis) + _test_in_words(its),
            )
            for scale, axis in axes.items()
        }
        lines = _lines(its)
        is_named = len(lines) + bool(before) > _NEED_NO_LEGEND
        return cls(before, lines, _layout(its) | {"showlegend": is_named}, scales)

    def figure(self, scale: Scale) -> Layout:
        """Return the figure on a scale, as in its JSON."""
        its = self.scales[scale]
        before = [self.previous | {"showlegend": its.names_previous}] if self.previous else []
        axis = {"yaxis": self.layout["yaxis"] | its.layout["yaxis"]}
        return {"data": [*before, *self.lines], "layout": self.layout | its.layout | axis}


def loss_chart(run: Run, previous: Run | None = None, scale: Scale = Scale.LINEAR) -> go.Figure:
    """Return the loss of every state, with the previous run as a thin grey line."""
    return go.Figure(**LossChart.of(run, previous).figure(scale))


def _layout(its: Losses) -> Layout:
    """Return the layout that all scales share."""
    axis_title = title(f"loss ({its.measure})")
    return {
        **LAYOUT,
        "height": HEIGHT,
        "margin": LAYOUT["margin"] | {"t": 28},
        "xaxis": AXIS | epoch_axis(its.last_epoch),
        "yaxis": AXIS | {"title": axis_title, "exponentformat": "e"},
        **({"shapes": [_baseline(its)]} if its.baseline else {}),  # 0 for a single row
        "meta": THIS_RUN,  # the line that the cursor follows
    }


def _layout_on(its: Losses, scale: Scale, axis: Layout) -> Layout:
    """Return the part of the layout that depends on the scale."""
    name = {"annotations": [_name_of_the_baseline(its, scale, axis)]} if its.baseline else {}
    return {"yaxis": axis, **name, "uirevision": scale}  # keeps a zoom until the scale changes


def describe_loss_chart(run: Run, scale: Scale = Scale.LINEAR) -> str:
    """Describe the part of the chart that is visible on a scale, for screen readers."""
    return LossChart.of(run).scales[scale].description


def _losses_in_words(its: Losses) -> str:
    losses = its.every
    lowest = int(np.nanargmin(losses)) if np.isfinite(losses).any() else 0
    return (
        f"Line chart of the loss over {its.epochs:,} epochs. It starts at "
        f"{loss_text(losses[0])}, is lowest at {loss_text(losses[lowest])} (epoch {lowest:,}) "
        f"and ends at {loss_text(losses[-1])}."
    )


def _baseline_in_words(its: Losses, scale: Scale, axis: Layout) -> str:
    if not its.baseline_name or not _is_in_sight(np.array([its.baseline], np.float32), scale, axis):
        return ""
    loss = loss_text(its.baseline)
    return f" Baseline: always answering {its.baseline_name} has a loss of {loss}."


def _test_in_words(its: Losses) -> str:
    if not len(its.every_test):
        return ""
    return f" The loss on the test rows ends at {loss_text(float(its.every_test[-1]))}."


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


def _lines(its: Losses) -> list[Layout]:
    """Return the lines of a run, and a dot at its last state."""
    losses = its.every
    dot = {
        "type": "scatter",
        "x": [its.epochs],
        "y": losses[-1:],
        "mode": "markers",
        "marker": {"color": BLUE, "size": 9},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    lines = [loss_line(losses, THIS_RUN, BLUE, 2.5), dot]
    if not len(its.every_test):
        return lines
    return [loss_line(its.every_test, "test rows", BLUE, 1.5, dash="dot"), *lines]


def _name_of_previous(previous: Run, run: Run) -> str:
    changes = differences(previous.settings, run.settings)
    return f"before: {changes[0]}" if len(changes) == 1 else "previous run"


def _baseline(its: Losses) -> Layout:
    """Draw the loss of the best constant prediction."""
    loss = its.baseline
    ends = {"xref": "paper", "x0": 0, "x1": 1, "y0": loss, "y1": loss}
    return {"type": "line", **ends, "line": {"color": ORANGE, "width": 1, "dash": "dot"}}


def _name_of_the_baseline(its: Losses, scale: Scale, axis: Layout) -> Layout:
    loss = its.baseline
    # Unlike a shape, an annotation needs the logarithm.
    y = float(np.log10(loss)) if scale is Scale.LOG else loss
    low, high = axis["range"]
    is_near_the_top = NEAR_THE_TOP < (y - low) / (high - low) <= 1
    return {
        "text": f"baseline (always {its.baseline_name}): {loss:.2f}",
        "xref": "paper",
        "x": 1,
        "xanchor": "right",
        "y": y,
        "yanchor": "top" if is_near_the_top or _ends_just_above(its, loss) else "bottom",
        "showarrow": False,
        "font": {"color": ORANGE, "size": 12},
    }


def _ends_just_above(its: Losses, loss: float) -> bool:
    """Tell whether a name above the line would hide the curve's end, but fits below it."""
    return loss < its.every[-1] < 2 * loss and loss > _top([its.every]) / 5


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
    """Tell whether enough of these losses are in sight; only `Scale.FIT` hides any."""
    if scale is not Scale.FIT:
        return True
    low, high = axis["range"]
    return bool(((losses >= low) & (losses <= high)).mean() > LEAST_SEEN)


def _top(seen: list[FloatArray]) -> float:
    losses = np.concatenate(seen)
    return float(np.max(losses, where=np.isfinite(losses), initial=LEAST_TOP))


LOSS_AXES = {Scale.LINEAR: _linear, Scale.LOG: _log}  # for any number of runs
