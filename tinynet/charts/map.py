"""Sweep -> the map of its cells; approximate, because the networks were trained together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from tinynet.charts.colour_scale import OF_DIVERGED, ColourScale
from tinynet.charts.frame import AXIS, COLOUR_BAR, LAYOUT, Layout, as_json, title
from tinynet.links.maps import MEASURES, Axis, MapView, position, whole_axis
from tinynet.settings import Settings
from tinynet.sweeping.grid import Sweep
from tinynet.sweeping.nearness import Nearness

HEIGHT = 400
DIVERGED = "diverged"
_NAME_OF_DIVERGED: Layout = {
    "text": f"■ {DIVERGED}",
    "font": {"color": OF_DIVERGED, "size": 14},
    "showarrow": False,
    "xref": "paper",
    "x": 1,
    "xanchor": "right",
    "yref": "paper",
    "y": 1,
    "yanchor": "bottom",
}


def map_chart(
    sweep: Sweep, view: MapView, here: Settings, nearness: Nearness | None = None
) -> go.Figure:
    """Return the map with a cross at some settings; diverged cells have their own colour."""
    return go.Figure(_map(sweep, view, here, nearness))


def map_chart_as_json(
    sweep: Sweep, view: MapView, here: Settings, nearness: Nearness | None = None
) -> str:
    """Return the map as JSON, without plotly's validation."""
    return as_json(_map(sweep, view, here, nearness))


def map_frame_as_json(view: MapView, words: str) -> str:
    """Return the map without cells but with a text, until the first cells are trained."""
    middle = {"xref": "paper", "x": 0.5, "yref": "paper", "y": 0.5, "showarrow": False}
    return as_json(
        {"data": [], "layout": {**_layout(view), "annotations": [middle | {"text": words}]}}
    )


def describe_map(sweep: Sweep, view: MapView, nearness: Nearness | None = None) -> str:
    """Describe the map for screen readers."""
    measure, values = MEASURES[view.measure], _values(sweep, view)
    axes = " and ".join(
        f"{axis.knob.label.lower()} from {axis.low:.3g} to {axis.high:.3g}"
        for axis in (view.x, view.y)
    )
    known = values[np.isfinite(values)]
    digits = (nearness and nearness.digits) or 0
    ends = f"{known.min():.{digits or 2}g} to {known.max():.{digits or 2}g}" if known.size else ""
    reach = f" from {'about' if digits else 'roughly'} {ends}" if known.size else ""
    words = f"Map of the {measure.label.lower()}{reach}, over {axes}."
    share = 100 * float(sweep.diverged.mean())
    words = f"{words} {share:.0f} % of the cells diverged." if share else words
    return f"{words} {nearness.words}" if nearness else words


def _values(sweep: Sweep, view: MapView) -> npt.NDArray[np.float32]:
    values: npt.NDArray[np.float32] = getattr(sweep, MEASURES[view.measure].field)
    return values


def _map(sweep: Sweep, view: MapView, here: Settings, nearness: Nearness | None) -> Layout:
    """Return the map as plotly JSON."""
    layout = _layout(view)
    if sweep.diverged.any():
        layout["annotations"] = [_NAME_OF_DIVERGED]
    return {"data": [*_cells(sweep, view, nearness), _cross(view, here)], "layout": layout}


def _layout(view: MapView) -> Layout:
    return {
        **LAYOUT,
        "height": HEIGHT,
        "margin": LAYOUT["margin"] | {"l": 76, "t": 36, "r": 90},
        "xaxis": _axis(view.x),
        "yaxis": _axis(view.y),
        "hovermode": "closest",
        "dragmode": "pan",
        "showlegend": False,
        "uirevision": f"{view.x.name} {view.y.name}",
    }


def _cells(sweep: Sweep, view: MapView, nearness: Nearness | None) -> list[Layout]:
    values = _values(sweep, view)
    colours = ColourScale.of(values, MEASURES[view.measure])
    (_, y), (_, x) = sweep.axes
    where = {"type": "heatmap", "x": list(x), "y": list(y), "zmin": 0, "zmax": 1}
    cell = f"{view.x.knob.label} %{{x}}<br>{view.y.knob.label} %{{y}}<br>"
    name = MEASURES[view.measure].label.lower()
    cells = {
        **where,
        "z": colours.positions(values),
        "customdata": values,
        "colorscale": colours.stops,
        "colorbar": COLOUR_BAR | {"title": {"text": name}} | _ticks(colours),
        "hoverongaps": False,
        "hovertemplate": f"{cell}{name} {_hover_number(nearness)}<extra></extra>",
    }
    if not sweep.diverged.any():
        return [cells]
    diverged = {
        **where,
        "z": np.where(sweep.diverged, np.float32(1), np.float32(np.nan)),
        "colorscale": [[0, OF_DIVERGED], [1, OF_DIVERGED]],
        "showscale": False,
        "hoverongaps": False,
        "hovertemplate": f"{cell}{DIVERGED}<extra></extra>",
    }
    return [cells, diverged]


def _hover_number(nearness: Nearness | None) -> str:
    """Return the hover text of a cell's number, with only its exact digits."""
    if nearness and nearness.digits:
        return f"about %{{customdata:.{nearness.digits}g}}"
    measured = f"<br>({nearness.words})" if nearness else ""
    return f"roughly %{{customdata:.2g}}{measured}"


def _ticks(colours: ColourScale) -> Layout:
    """Return the ticks of the colour bar, at round numbers."""
    ticks = colours.round_numbers()
    return {
        "tickvals": colours.positions(np.array(ticks, np.float32)).tolist(),
        "ticktext": [f"{tick:g}" for tick in ticks],
    }


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
        "hoverinfo": "skip",  # the cell below it has a hover text
    }


def _axis(axis: Axis) -> Layout:
    """Return an axis that covers its cells; panning stops at the range of its knob."""
    shown, limits = _ends(axis), _ends(whole_axis(axis.name))
    return AXIS | {
        "title": title(axis.knob.label.lower()),
        "type": "log" if axis.is_logarithmic else "linear",
        "range": shown,
        "minallowed": limits[0],
        "maxallowed": limits[1],
        "showgrid": False,
        "exponentformat": "none",
        "tickangle": 0,
        "tickfont": {"size": 12},  # so that the decades fit side by side on a phone
    }


def _ends(axis: Axis) -> list[float]:
    """Return both ends of an axis in plotly's units: logarithms for a logarithmic axis."""
    ends = np.log10(axis.ends) if axis.is_logarithmic else np.array(axis.ends)
    return [float(each) for each in ends]
