"""The map: which knobs it lies between, what its colour tells, and what becomes of a click."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import streamlit as st

from tinynet.charts import describe_map, map_chart_as_json, map_frame_as_json
from tinynet.links.maps import MEASURES, ORDERED, SIZES, MapView, ordered, whole_axis
from tinynet.links.pins import Pin
from tinynet.serving.requests import CheckRequest, SweepRequest
from tinynet.settings import Settings, set_to
from tinynet.sweeping.grid import Sweep
from tinynet.sweeping.nearness import ExactEnds, Nearness
from tinynet.ui.components.chart import draw_map, picked, viewed
from tinynet.ui.runs import PASS, STORE, work_on
from tinynet.ui.session import change, change_page, current_visit, note
from tinynet.ui.widgets import mirrored

X, Y, COLOUR = "map across", "map up", "map colour"
FAILED = "This map could not be made on this machine: choose other knobs, or move a slider."
ABOUT = """\
Every cell is a network, trained with the sidebar's other settings: the darker, the better it ended.
The cross is the page. Click a cell, and the sliders go there; scroll or pinch to zoom, drag to move
(on the keyboard + and -, arrows, 0 for all, Enter for the middle). Thousands train together, and
their sums round in another order than one network's own: the colours are a picture, while the run
that a click opens is exact.
"""
# How long some of its networks are trained alone: a share of what the map took, or seconds.
SHARE_CHECKED, LEAST_CHECKED = 0.1, 1.0
EVERY_LAYER = "A number of hidden units is that of every hidden layer here."


@dataclass(frozen=True)
class _Made:
    """A map as far as it is: the finest that is there, and in words what it has and will have."""

    sweep: Sweep | None
    words: str
    goes_on: bool = False
    is_of_this_part: bool = False  # of the map, and not what stands in for it yet
    nearness: Nearness | None = None  # of its numbers, once that is measured


def draw_map_of(settings: Settings) -> bool:
    """Draw the map as far as it is; return whether it will become finer."""
    view = current_visit().map.suited_to(settings)
    _draw_choices(view, settings)
    made = _make(settings, view)
    if made.sweep is None:
        figure, words = map_frame_as_json(view, made.words), "Map without any cell yet."
    else:
        figure, words = (
            map_chart_as_json(made.sweep, view, settings, made.nearness),
            describe_map(made.sweep, view, made.nearness),
        )
    draw_map(figure, words, _place(view), _go_to_picked, _note_view)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(made.words)
        _draw_pin_best(made, view, settings)
    how_near = f"{made.nearness.words}\n" if made.nearness else ""
    st.caption(ABOUT + how_near + (EVERY_LAYER if len(settings.hidden_units) > 1 else ""))
    return made.goes_on


def _make(settings: Settings, view: MapView) -> _Made:
    """Train on for a pass, or until the map is finer."""
    made = _Made(_last_drawn(settings, view), "")
    for size in view.sizes():
        request = _asked(settings, view, size)
        done = work_on(request, perf_counter() + PASS)
        if done.goes_on:
            coming = f"{_cells(request):,} networks: {100 * done.share:.0f} %"
            words = ", then ".join(each for each in (made.words, coming) if each)
            return replace(made, words=words, goes_on=True)
        if not isinstance(done.so_far, Sweep):
            return _Made(made.sweep, FAILED)
        note(lambda visit, last=request: replace(visit, last_map=last))  # type: ignore[misc]
        made = _measured(request, done.so_far, view)
        if made.goes_on:
            return made
    return made


def _measured(request: SweepRequest, sweep: Sweep, view: MapView) -> _Made:
    """Train some of its networks alone, to say how near the map's numbers are."""
    made = _Made(sweep, f"{_cells(request):,} networks", is_of_this_part=True)
    seconds = max(LEAST_CHECKED, SHARE_CHECKED * sweep.seconds)
    done = work_on(CheckRequest(request.settings, request.axes, seconds), perf_counter() + PASS)
    if done.goes_on:
        words = f"{made.words}, some of them alone: {100 * done.share:.0f} %"
        return replace(made, words=words, goes_on=True)
    if isinstance(done.so_far, ExactEnds):
        return replace(made, nearness=Nearness.of(sweep, done.so_far, MEASURES[view.measure]))
    return made


def _asked(settings: Settings, view: MapView, size: int) -> SweepRequest:
    axes = tuple((name, tuple(values)) for name, values in view.axes(size).items())
    return SweepRequest(view.base(settings), axes)


def _last_drawn(settings: Settings, view: MapView) -> Sweep | None:
    """Return what was drawn last, if it is of these settings: another part of the same map."""
    last = current_visit().last_map
    if last is None or last.settings != view.base(settings):
        return None
    found, names = STORE.find(last), [name for name, _ in last.axes]
    if not isinstance(found, Sweep) or names != [view.y.name, view.x.name]:
        return None
    return found


def _cells(request: SweepRequest) -> int:
    (_, y), (_, x) = request.axes
    return len(x) * len(y)


def _draw_choices(view: MapView, settings: Settings) -> None:
    names = ordered(settings)
    with st.container(horizontal=True):
        for key, label, axis in ((X, "Across", view.x), (Y, "Up", view.y)):
            st.selectbox(
                label,
                names,
                index=names.index(axis.name),
                format_func=lambda name: ORDERED[name].label,
                **mirrored(key, axis.name, lambda _: _choose()),
            )
        st.selectbox(
            "Colour",
            view.measures(settings),
            index=list(view.measures(settings)).index(view.measure),
            format_func=lambda name: MEASURES[name].label,
            **mirrored(COLOUR, view.measure, lambda _: _choose()),
        )


def _choose() -> None:
    """Take the choices in: an axis that stays keeps its part; two of one knob change places."""
    settings = current_visit().settings
    view = current_visit().map.suited_to(settings)
    x, y, colour = (st.session_state[key] for key in (X, Y, COLOUR))
    if not {x, y} <= set(ordered(settings)) or colour not in MEASURES:
        return  # forged
    if x == y:
        x, y = view.y.name, view.x.name
    known = {axis.name: axis for axis in (view.x, view.y)}
    across, up = (known.get(name) or whole_axis(name) for name in (x, y))
    change(lambda visit: visit.with_map(MapView(across, up, colour), is_told=True))


def _place(view: MapView) -> dict[str, Any]:
    """Return what the browser must know: how often the page has said what it shows, and of what."""
    axes = f"{view.x.name} {view.y.name}"
    narrowest = {"xaxis": view.x.narrowest, "yaxis": view.y.narrowest}
    return {"place": current_visit().map_place, "axes": axes, "narrowest": narrowest}


def _note_view() -> None:
    """Take in where the visitor has zoomed to."""
    visit = current_visit()
    view = visit.map.suited_to(visit.settings)
    if ends := viewed(_place(view)["axes"]):
        x, y = (axis.moved_to(*ends[key]) for axis, key in ((view.x, "x"), (view.y, "y")))
        change(lambda visit: visit.with_map(MapView(x, y, view.measure)))


def _go_to_picked() -> None:
    """Move the sliders to the cell that was picked."""
    settings = current_visit().settings
    view = current_visit().map.suited_to(settings)
    if numbers := picked(_place(view)["axes"]):
        pairs = ((view.x, numbers["x"]), (view.y, numbers["y"]))
        size = _finest(settings, view)
        cell = {axis.name: axis.nearest_cell(at, size) for axis, at in pairs}
        change_page(lambda visit: visit.went_to(set_to(settings, cell)))


def _finest(settings: Settings, view: MapView) -> int:
    """Return the finest size that is there: what the visitor sees."""
    there = [size for size in view.sizes() if STORE.find(_asked(settings, view, size))]
    return max(there, default=SIZES[-1])


def _draw_pin_best(made: _Made, view: MapView, settings: Settings) -> None:
    best: dict[str, Any] = {}
    if made.sweep and made.is_of_this_part:
        measure = MEASURES[view.measure]
        best = made.sweep.best_cell(measure.field, is_loss=measure.is_loss)
    wanted = Pin(set_to(settings, best))
    st.button(
        "Pin the best cell",
        key="pin best",
        icon=":material/keep:",
        disabled=not best or not current_visit().can_pin(wanted),
        help="Keeps the run of the cell that ended best here, to compare it with others.",
        on_click=change,
        args=(lambda visit: visit.pinned(wanted),),
    )
