"""Landscape -> a contour map, and a view in three dimensions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from tinynet.analysis.diagnosis import loss_text
from tinynet.analysis.landscape import Landscape
from tinynet.charts.colour_scale import WIDE, heights
from tinynet.charts.colours import BLUE, GREY, ORANGE, PALE
from tinynet.charts.frame import AXIS, COLOUR_BAR, LAYOUT, Layout, as_json, title

CONTOURS = 20  # evenly spaced on the scale
FEW_DECADES = 2  # leave room for ticks at 2 and 5
FEW_TICKS = 4  # more would overlap when seen along the axis
LIFT = 0.02  # of the path above the surface, as a share of the height
CAMERA: Layout = {"eye": {"x": 1.75, "y": 1.75, "z": 1.25}, "center": {"x": 0, "y": 0, "z": -0.2}}
PATH, LAST_STATE, STATE = "path", "last state", "state"

Exact = npt.NDArray[np.float64]
_AXES = {
    "path": ("along the path", "second direction"),
    "random": ("first random direction", "second random direction"),
}
_HOVER_OF_SURFACE = "loss %{customdata}<br>at %{x:.4g}, %{y:.4g}<extra></extra>"
_HOVER_OF_STATE = "state %{customdata[0]:,d}<br>loss %{customdata[1]}<extra></extra>"
_COLOUR_BAR = COLOUR_BAR | {"title": {"text": "loss"}}


def landscape_chart(landscape: Landscape, state: int | None = None) -> go.Figure:
    """Return a map of the loss with the path and a mark at a state; None is the last state.

    Each axis has its own scale. The mark is at the path's last state at or before `state`; the
    coordinates of all states are in the trace "path".
    """
    return go.Figure(_map(landscape, state))


def landscape_chart_as_json(landscape: Landscape, state: int | None = None) -> str:
    """Return the map as JSON, without plotly's validation."""
    return as_json(_map(landscape, state))


def landscape_chart_3d(landscape: Landscape, state: int | None = None) -> go.Figure:
    """Return the loss as a surface, with the path slightly above it.

    The surface is the loss on the plane; hovering over a state shows its exact loss, off the plane.
    """
    return go.Figure(_view(landscape, state))


def landscape_chart_3d_as_json(landscape: Landscape, state: int | None = None) -> str:
    """Return the surface as JSON, without plotly's validation."""
    return as_json(_view(landscape, state))


def describe_landscape(landscape: Landscape) -> str:
    """Describe the map for screen readers."""
    where = {"path": "along the run's path", "random": "in two random directions"}
    return " ".join(
        (
            f"Map of the loss over a plane through the weights, {where[landscape.kind]}.",
            _height_in_words(landscape),
            _path_in_words(landscape),
        )
    )


def _height_in_words(landscape: Landscape) -> str:
    finite = landscape.losses[np.isfinite(landscape.losses)]
    if not finite.size:
        return "The loss is not finite anywhere on it."
    words = f"The loss on it lies between {loss_text(finite.min())} and {loss_text(finite.max())}."
    empty = finite.size < landscape.losses.size
    return f"{words} It is empty where the loss is not finite." if empty else words


def _path_in_words(landscape: Landscape) -> str:
    first, last = landscape.path_losses[[0, -1]]
    if not landscape.moved:
        return f"The network never moved: it stayed at a loss of {loss_text(last)}."
    share = f"{landscape.explained_variance:.1%}".replace("%", " %")
    return (
        f"From state {landscape.states[0]:,} to state {landscape.states[-1]:,} the path leads from "
        f"a loss of {loss_text(first)} to {loss_text(last)}; the plane explains {share} of the "
        "path's variance."
    )


@dataclass(frozen=True)
class _Scale:
    """The height of each loss: the loss itself, or its logarithm if losses span decades."""

    low: float  # the lowest loss above 0
    high: float
    is_log: bool

    @classmethod
    def of(cls, landscape: Landscape) -> _Scale:
        losses = np.concatenate([landscape.losses.ravel(), landscape.ground])
        losses = losses[np.isfinite(losses)].astype(np.float64)
        above = losses[losses > 0]
        if not above.size:
            return cls(0.0, 1.0, is_log=False)
        is_log = bool(above.max() > WIDE * above.min())
        low = float((above if is_log else losses).min())
        return cls(low, float(above.max()), is_log=is_log)

    def heights(self, losses: npt.NDArray[Any]) -> Exact:
        """Return the heights of losses; NaN for losses that are not finite."""
        return heights(losses, self.low, is_log=self.is_log)

    @property
    def ends(self) -> tuple[float, float]:
        """The heights of the lowest and the highest loss."""
        low, high = (float(each) for each in self.heights(np.array([self.low, self.high])))
        return (low, high) if low < high else (low - 1, high + 1)

    @property
    def ticks(self) -> Layout:
        """The ticks of a logarithmic axis or bar; plotly finds linear ticks itself."""
        if not self.is_log:
            return {}
        low, high = self.ends
        steps = (1, 2, 5) if high - low < FEW_DECADES else (1,)
        stride = max(1, round((high - low) / 8))
        decades = range(int(np.floor(low)), int(np.ceil(high)) + 1, stride)
        ticks = [step * 10.0**decade for decade in decades for step in steps]
        return {"tickvals": np.log10(ticks).tolist(), "ticktext": [f"{tick:g}" for tick in ticks]}


def _map(landscape: Landscape, state: int | None) -> Layout:
    """Return the map as plotly JSON."""
    scale = _Scale.of(landscape)
    low, high = scale.ends
    ground = {
        "type": "contour",
        **_ground(landscape, scale),
        "zmin": low,
        "zmax": high,
        "autocontour": False,
        "contours": {"start": low, "end": high, "size": (high - low) / CONTOURS},
        "line": {"color": PALE, "width": 0.5},
    }
    first, second = _AXES[landscape.kind]
    layout = {
        **_layout(landscape),
        "margin": LAYOUT["margin"] | {"t": 12, "r": 80},
        "xaxis": AXIS | {"title": title(first), "range": landscape.x[[0, -1]].tolist()},
        "yaxis": AXIS | {"title": title(second), "range": landscape.y[[0, -1]].tolist()},
    }
    return {"data": [ground, *_path(landscape, state, "scatter")], "layout": layout}


def _view(landscape: Landscape, state: int | None) -> Layout:
    """Return the view as plotly JSON."""
    scale = _Scale.of(landscape)
    low, high = scale.ends
    ground = {"type": "surface", **_ground(landscape, scale), "cmin": low, "cmax": high}
    heights = scale.heights(landscape.ground) + LIFT * (high - low)
    few = AXIS | {"nticks": FEW_TICKS}
    x, y = (few | {"title": {"text": name}} for name in _AXES[landscape.kind])
    scene = {
        "xaxis": x,
        "yaxis": y,
        "zaxis": few | {"title": {"text": "loss"}} | scale.ticks,
        "aspectmode": "cube",
        "dragmode": "orbit",
        "camera": CAMERA,
    }
    layout = {
        **_layout(landscape),
        "height": 460,
        "margin": dict.fromkeys("ltb", 0) | {"r": 80},
        "scene": scene,
        "dragmode": "orbit",
    }
    return {"data": [ground, *_path(landscape, state, "scatter3d", heights)], "layout": layout}


def _ground(landscape: Landscape, scale: _Scale) -> Layout:
    """Return the surface, which the map and the view share: valleys are blue."""
    return {
        "x": landscape.x,
        "y": landscape.y,
        "z": scale.heights(landscape.losses),
        "customdata": landscape.losses,  # unformatted, so that the browser prints all digits
        "hovertemplate": _HOVER_OF_SURFACE,
        "colorscale": [[0, BLUE], [1, GREY]],
        "colorbar": _COLOUR_BAR | scale.ticks,
    }


def _path(
    landscape: Landscape, state: int | None, kind: str, heights: Exact | None = None
) -> list[Layout]:
    """Return the path, its last state, and the mark that the browser moves along it."""
    flat = kind == "scatter"
    shown = landscape.nearest_state(state)

    def trace(name: str, index: slice, **style: Any) -> Layout:
        place = {"x": landscape.path[index, 0], "y": landscape.path[index, 1]}
        hover = np.column_stack([landscape.states, landscape.path_losses.astype(np.float64)])
        return {
            "type": kind,
            "name": name,
            **place,
            **({} if heights is None else {"z": heights[index]}),
            "customdata": hover[index],
            "hovertemplate": _HOVER_OF_STATE,
            **style,
        }

    line = {"color": ORANGE, "width": 2 if flat else 5}
    dots = {"color": ORANGE, "size": 4 if flat else 2}
    last = {"color": ORANGE, "size": 9 if flat else 5}
    ring = {"color": "white", "size": 9 if flat else 5, "line": {"color": ORANGE, "width": 2}}
    return [
        trace(PATH, slice(None), mode="lines+markers", line=line, marker=dots),
        trace(LAST_STATE, slice(-1, None), mode="markers", marker=last),
        trace(STATE, slice(shown, shown + 1), mode="markers", marker=ring),
    ]


def _layout(landscape: Landscape) -> Layout:
    """Return the layout of map and view; it keeps zoom and camera for the same landscape."""
    revision = f"{landscape.kind} {landscape.settings!r}"
    return LAYOUT | {"hovermode": "closest", "showlegend": False, "uirevision": revision}
