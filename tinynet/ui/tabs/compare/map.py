"""The map: its axes and colour, its training in passes, and its clicks."""

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
from tinynet.ui.visit import Visit
from tinynet.ui.widgets import mirrored

X, Y, COLOUR = "map across", "map up", "map colour"
FAILED = "This map could not be trained on this machine. Choose other knobs, or move a slider."
ABOUT = """\
Each cell is a network trained with the sidebar's other settings: darker is better. The cross marks
the current settings. Click a cell to go to its settings; scroll or pinch to zoom, drag to move (on
the keyboard: +, -, arrows, 0 for the whole map, Enter for the middle). Colours are approximate.
Clicking a cell trains that network exactly.
"""
# The time for exact trainings: this share of the map's own time, but at least this many seconds.
SHARE_CHECKED, LEAST_CHECKED = 0.1, 1.0
EVERY_LAYER = "Here the number of hidden units applies to every hidden layer."


@dataclass(frozen=True)
class _Made:
    """The finest map so far, and its progress in words."""

    sweep: Sweep | None
    words: str
    goes_on: bool = False
    is_of_this_part: bool = False  # False while another part of the map is shown
    nearness: Nearness | None = None  # how exact its numbers are, once measured


def draw_map_of(visit: Visit) -> bool:
    """Draw the cells trained so far; return whether the map will become finer."""
    settings, view = visit.settings, _view_of(visit)
    _draw_choices(view, settings)
    made = _make(visit, view)
    if made.sweep is None:
        figure, words = map_frame_as_json(view, made.words), "An empty map."
    else:
        figure, words = (
            map_chart_as_json(made.sweep, view, settings, made.nearness),
            describe_map(made.sweep, view, made.nearness),
        )
    draw_map(figure, words, _place(visit, view), _go_to_picked, _note_view)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(made.words)
        _draw_pin_best(made, view, visit)
    how_near = f"{made.nearness.words}\n" if made.nearness else ""
    st.caption(ABOUT + how_near + (EVERY_LAYER if len(settings.hidden_units) > 1 else ""))
    return made.goes_on


def _view_of(visit: Visit) -> MapView:
    return visit.map.suited_to(visit.settings)


def _make(visit: Visit, view: MapView) -> _Made:
    """Train the map for one pass, or until it is finer."""
    made = _Made(_last_drawn(visit, view), "")
    for size in view.sizes():
        request = _request(visit.settings, view, size)
        done = work_on(request, perf_counter() + PASS)
        if done.goes_on:
            doing = f"{made.words} shown; refining to" if made.words else "Training"
            words = f"{doing} {_cells(request):,} networks ({100 * done.share:.0f} %)"
            return replace(made, words=words, goes_on=True)
        if not isinstance(done.so_far, Sweep):
            return _Made(made.sweep, FAILED)
        note(lambda visit, last=request: replace(visit, last_map=last))  # type: ignore[misc]
        made = _measured(request, done.so_far, view)
        if made.goes_on:
            return made
    return made


def _measured(request: SweepRequest, sweep: Sweep, view: MapView) -> _Made:
    """Train some of the map's networks exactly, to measure how exact the map is."""
    made = _Made(sweep, f"{_cells(request):,} networks", is_of_this_part=True)
    seconds = max(LEAST_CHECKED, SHARE_CHECKED * sweep.seconds)
    done = work_on(CheckRequest(request.settings, request.axes, seconds), perf_counter() + PASS)
    if done.goes_on:
        words = f"{made.words}; checking some of them ({100 * done.share:.0f} %)"
        return replace(made, words=words, goes_on=True)
    if isinstance(done.so_far, ExactEnds):
        return replace(made, nearness=Nearness.of(sweep, done.so_far, MEASURES[view.measure]))
    return made


def _request(settings: Settings, view: MapView, size: int) -> SweepRequest:
    axes = tuple((name, tuple(values)) for name, values in view.axes(size).items())
    return SweepRequest(view.base(settings), axes)


def _last_drawn(visit: Visit, view: MapView) -> Sweep | None:
    """Return the map drawn last, if it is another part of this map."""
    last = visit.last_map
    if last is None or last.settings != view.base(visit.settings):
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
    """Apply the choices: a knob that stays keeps its range; a knob on both axes swaps them."""
    visit = current_visit()
    view = _view_of(visit)
    x, y, colour = (st.session_state[key] for key in (X, Y, COLOUR))
    if not {x, y} <= set(ordered(visit.settings)) or colour not in MEASURES:
        return  # forged
    if x == y:
        x, y = view.y.name, view.x.name
    axes = {axis.name: axis for axis in (view.x, view.y)}
    across, up = (axes.get(name) or whole_axis(name) for name in (x, y))
    change(lambda visit: visit.with_map(MapView(across, up, colour), is_told=True))


def _place(visit: Visit, view: MapView) -> dict[str, Any]:
    """Return the map's axes for the browser, and a number that tells it when to move there."""
    axes = f"{view.x.name} {view.y.name}"
    narrowest = {"xaxis": view.x.narrowest, "yaxis": view.y.narrowest}
    return {"place": visit.map_place, "axes": axes, "narrowest": narrowest}


def _note_view() -> None:
    """Note the part of the map that the visitor has zoomed to."""
    visit = current_visit()
    view = _view_of(visit)
    if ends := viewed(_place(visit, view)["axes"]):
        x, y = (axis.moved_to(*ends[key]) for axis, key in ((view.x, "x"), (view.y, "y")))
        change(lambda visit: visit.with_map(MapView(x, y, view.measure)))


def _go_to_picked() -> None:
    """Set the sliders to the picked cell."""
    visit = current_visit()
    settings, view = visit.settings, _view_of(visit)
    if numbers := picked(_place(visit, view)["axes"]):
        pairs = ((view.x, numbers["x"]), (view.y, numbers["y"]))
        size = _finest(settings, view)
        cell = {axis.name: axis.nearest_cell(at, size) for axis, at in pairs}
        change_page(lambda visit: visit.went_to(set_to(settings, cell)))


def _finest(settings: Settings, view: MapView) -> int:
    """Return the finest size in the store, which is the visible size."""
    sizes = [size for size in view.sizes() if STORE.find(_request(settings, view, size))]
    return max(sizes, default=SIZES[-1])


def _draw_pin_best(made: _Made, view: MapView, visit: Visit) -> None:
    best: dict[str, Any] = {}
    if made.sweep and made.is_of_this_part:
        measure = MEASURES[view.measure]
        best = made.sweep.best_cell(measure.field, is_loss=measure.is_loss)
    wanted = Pin(set_to(visit.settings, best))
    st.button(
        "Pin the best cell",
        key="pin best",
        icon=":material/keep:",
        disabled=not best or not visit.can_pin(wanted),
        help="Keeps the run of the best cell for comparison.",
        on_click=change,
        args=(lambda visit: visit.pinned(wanted),),
    )
