"""Sweep -> the map of its cells, in colours; a picture, for its numbers were computed together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from tinynet.charts.frame import AXIS, LAYOUT, Layout, as_json, title
from tinynet.colours import BLUE, DEEP, LIGHT, ORANGE
from tinynet.grid import Sweep
from tinynet.maps import MEASURES, Axis, MapView, position, whole_axis
from tinynet.settings import Settings

HEIGHT = 400
MOST_SHOWN = 0.98  # of the losses: the few above, near those that diverged, have its last colour
WIDEST = 1e6  # times the lowest loss that has a colour of its own
MOST_TICKS = 6  # of a bar
WIDE = 10.0  # times the lowest: from there on equal factors have equal steps of the colour
DIVERGED = "diverged"
HERE = "the settings of the page"
_BEST_IS_LOW = [[0, DEEP], [0.45, BLUE], [1, LIGHT]]
_BEST_IS_HIGH = [[0, LIGHT], [0.55, BLUE], [1, DEEP]]
_NAME_OF_DIVERGED: Layout = {
    "text": f"■ {DIVERGED}",
    "font": {"color": ORANGE, "size": 14},
    "showarrow": False,
    "xref": "paper",
    "x": 1,
    "xanchor": "right",
    "yref": "paper",
    "y": 1,
    "yanchor": "bottom",
}

Exact = npt.NDArray[np.float64]


def map_chart(sweep: Sweep, view: MapView, here: Settings) -> go.Figure:
    """Return the map with a cross at some settings; what diverged has a colour of its own."""
    return go.Figure(_map(sweep, view, here))


def map_chart_as_json(sweep: Sweep, view: MapView, here: Settings) -> str:
    """Return the same for the browser, without plotly's check."""
    return as_json(_map(sweep, view, here))


def map_frame_as_json(view: MapView) -> str:
    """Return the map without any cell: what stands until the first are trained."""
    return as_json({"data": [], "layout": _layout(view)})


def describe_map(sweep: Sweep, view: MapView) -> str:
    """Return the map in words, for those who cannot see it."""
    measure, values = MEASURES[view.measure], _values(sweep, view)
    axes = " and ".join(
        f"{axis.knob.label.lower()} from {axis.low:.3g} to {axis.high:.3g}"
        for axis in (view.x, view.y)
    )
    known = values[np.isfinite(values)]
    told = f" from {known.min():.3g} to {known.max():.3g}" if known.size else ""
    diverged = (
        f" {sweep.diverged.mean():.0%} of the cells diverged." if sweep.diverged.any() else ""
    )
    return f"Map of the {measure.label.lower()}{told}, over {axes}.{diverged}"


def _values(sweep: Sweep, view: MapView) -> npt.NDArray[np.float32]:
    values: npt.NDArray[np.float32] = getattr(sweep, MEASURES[view.measure].field)
    return values


@dataclass(frozen=True)
class _Colours:
    """Which value has which colour: from 0, the first of the scale, to 1, the last."""

    low: float
    high: float
    is_log: bool

    @classmethod
    def of_losses(cls, losses: npt.NDArray[np.float32]) -> _Colours:
        known = losses[np.isfinite(losses)].astype(np.float64)
        if not known.size or not known.max() > 0:
            return cls(0.0, 1.0, is_log=False)
        high = float(np.quantile(known, MOST_SHOWN)) or float(known.max())
        low = max(float(known.min()), high / WIDEST)
        if low >= high:
            return cls(low / 2, high, is_log=False)
        return cls(low, high, is_log=high > WIDE * low)

    def places(self, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return where values stand on the scale; what is no number has no place."""
        with np.errstate(divide="ignore"):
            places = (self._heights(values) - self._ends[0]) / (self._ends[1] - self._ends[0])
        clipped: npt.NDArray[np.float32] = np.clip(places, 0, 1).astype(np.float32)
        return clipped

    def ticks(self) -> Layout:
        """Return the ticks of the bar beside the map, in numbers that one can read."""
        ticks = self._round_numbers()
        return {
            "tickvals": self.places(np.array(ticks, np.float32)).tolist(),
            "ticktext": [f"{tick:g}" for tick in ticks],
        }

    def _heights(self, values: npt.NDArray[Any]) -> Exact:
        exact = np.where(np.isfinite(values), values, np.nan).astype(np.float64)
        return np.log10(np.maximum(exact, self.low)) if self.is_log else exact

    @property
    def _ends(self) -> tuple[float, float]:
        low, high = self._heights(np.array([self.low, self.high]))
        return float(low), float(high)

    def _round_numbers(self) -> list[float]:
        if not self.is_log:
            step = 10.0 ** np.floor(np.log10(self.high - self.low))
            step = next(
                each * step for each in (0.2, 0.5, 1, 2) if each * step * 6 >= self.high - self.low
            )
            first, last = np.ceil(self.low / step), np.floor(self.high / step)
            return [float(f"{place * step:.10g}") for place in np.arange(first, last + 1)]
        low, high = self._ends
        steps = (1, 2, 5) if high - low < 2 else (1,)  # noqa: PLR2004 - decades
        found = [step * 10.0**decade for decade in range(-45, 39) for step in steps]
        return [each for each in found if self.low <= each <= self.high]


def _map(sweep: Sweep, view: MapView, here: Settings) -> Layout:
    """Return the map as plotly has it in JSON."""
    layout = _layout(view)
    if sweep.diverged.any():
        layout["annotations"] = [_NAME_OF_DIVERGED]
    return {"data": [*_cells(sweep, view), _cross(view, here)], "layout": layout}


def _layout(view: MapView) -> Layout:
    return {
        **LAYOUT,
        "height": HEIGHT,
        "margin": LAYOUT["margin"] | {"t": 36, "r": 90},
        "xaxis": _axis(view.x),
        "yaxis": _axis(view.y),
        "hovermode": "closest",
        "dragmode": "pan",
        "showlegend": False,
        "uirevision": f"{view.x.name} {view.y.name}",
    }


def _cells(sweep: Sweep, view: MapView) -> list[Layout]:
    is_loss = MEASURES[view.measure].is_loss
    values = _values(sweep, view)
    colours = _Colours.of_losses(values) if is_loss else _Colours(0.0, 1.0, is_log=False)
    (_, y), (_, x) = sweep.axes
    where = {"type": "heatmap", "x": list(x), "y": list(y), "zmin": 0, "zmax": 1}
    told = f"{view.x.knob.label} %{{x}}<br>{view.y.knob.label} %{{y}}<br>"
    name = MEASURES[view.measure].label.lower()
    cells = {
        **where,
        "z": colours.places(values),
        "customdata": values,
        "colorscale": _BEST_IS_LOW if is_loss else _BEST_IS_HIGH,
        "colorbar": {
            "thickness": 12,
            "outlinewidth": 0,
            "title": {"text": name},
            **colours.ticks(),
        },
        "hoverongaps": False,
        "hovertemplate": f"{told}{name} %{{customdata:.3g}}<extra></extra>",
    }
    if not sweep.diverged.any():
        return [cells]
    diverged = {
        **where,
        "z": np.where(sweep.diverged, np.float32(1), np.float32(np.nan)),
        "colorscale": [[0, ORANGE], [1, ORANGE]],
        "showscale": False,
        "hoverongaps": False,
        "hovertemplate": f"{told}{DIVERGED}<extra></extra>",
    }
    return [cells, diverged]


def _cross(view: MapView, here: Settings) -> Layout:
    return {
        "type": "scatter",
        "x": [position(here, view.x.name)],
        "y": [position(here, view.y.name)],
        "mode": "markers",
        "marker": {
            "symbol": "cross",
            "size": 13,
            "color": "white",
            "line": {"color": "black", "width": 1.5},
        },
        "hovertemplate": f"{HERE}<extra></extra>",
    }


def _axis(axis: Axis) -> Layout:
    """Return an axis with all that its cells cover; it can be moved no further than its knob."""
    whole = whole_axis(axis.name)
    shown, most = _ends(axis), _ends(whole)
    return AXIS | {
        "title": title(axis.knob.label.lower()),
        "type": "log" if axis.is_logarithmic else "linear",
        "range": shown,
        "minallowed": most[0],
        "maxallowed": most[1],
        "showgrid": False,
        "exponentformat": "none",
    }


def _ends(axis: Axis) -> list[float]:
    """Return where an axis begins and ends, as plotly counts: a whole number's cell is wider."""
    ends = np.array([axis.low, axis.high])
    if not axis.is_logarithmic:
        half = 0.5 if axis.knob.whole else 0.0
        return [float(ends[0] - half), float(ends[1] + half)]
    return [float(each) for each in np.log10(ends)]
