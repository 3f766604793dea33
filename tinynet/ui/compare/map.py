"""The map: which knobs it lies between, what its colour tells, and what becomes of a click."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import Any

import streamlit as st

from tinynet.charts import describe_map, map_chart_as_json, map_frame_as_json
from tinynet.grid import Sweep
from tinynet.maps import MEASURES, ORDERED, MapView, ordered, whole_axis
from tinynet.pins import Pin
from tinynet.settings import Settings, SettingsError, set_to
from tinynet.ui.chart import draw_map, picked, viewed
from tinynet.ui.compare.pinned import pin
from tinynet.ui.controls import ask_for, current_settings, show_map, shown_map
from tinynet.ui.runs import PASS, STORE, work_on
from tinynet.ui.store import SweepOf

X, Y, COLOUR = "map across", "map up", "map colour"
PLACE = "how often the page, and not the visitor, has said what the map shows"
LAST = "the map that was drawn last"
ABOUT = """\
Every cell is a network, trained with the sidebar's other settings. Click one, and the sliders go
there; scroll or pinch to zoom, drag to move (on the keyboard + and -, arrows, 0 for all, Enter for
the middle). Thousands train together, and their sums round in another order than one network's own:
the colours are a picture, while the run that a click opens is exact.
"""


def draw_map_of(settings: Settings) -> bool:
    """Draw the map as far as it is; return whether it will become finer."""
    view = shown_map().suited_to(settings)
    _draw_choices(view, settings)
    shown, finer = _work_on(settings, view)
    if shown is None:
        figure, words = map_frame_as_json(view), "The map is not there yet."
    else:
        figure, words = map_chart_as_json(shown, view, settings), describe_map(shown, view)
    draw_map(figure, words, str(st.session_state.get(PLACE, 0)), _go_to_picked, _note_view)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_how_far(shown, finer))
        _draw_pin_best(shown, view)
    st.caption(ABOUT)
    return bool(finer)


def _work_on(settings: Settings, view: MapView) -> tuple[Sweep | None, str]:
    """Train on for a pass, or until the map is finer; return it, and in words what is to come."""
    shown = _last_drawn(settings, view)
    for size in view.sizes():
        request = _asked(settings, view, size)
        done = work_on(request, perf_counter() + PASS)
        if done.goes_on:
            return shown, f"{_cells(request):,} networks: {100 * done.share:.0f} %"
        if isinstance(done.so_far, Sweep):
            shown, st.session_state[LAST] = done.so_far, request
    return shown, ""


def _asked(settings: Settings, view: MapView, size: int) -> SweepOf:
    axes = tuple((name, tuple(values)) for name, values in view.axes(size).items())
    return SweepOf(_base(settings, view), axes)


def _base(settings: Settings, view: MapView) -> Settings:
    """Return what all networks of a map have: the same wherever the settings stand on its axes."""
    article = {axis.name: axis.knob.article for axis in (view.x, view.y)}
    return replace(set_to(settings, article), device="cpu")


def _last_drawn(settings: Settings, view: MapView) -> Sweep | None:
    """Return what was drawn last, if it is of these settings: another part of the same map."""
    last: SweepOf | None = st.session_state.get(LAST)
    if last is None or last.settings != _base(settings, view):
        return None
    found, names = STORE.find(last), [name for name, _ in last.axes]
    if not isinstance(found, Sweep) or names != [view.y.name, view.x.name]:
        return None
    return found


def _cells(request: SweepOf) -> int:
    (_, y), (_, x) = request.axes
    return len(x) * len(y)


def _how_far(shown: Sweep | None, finer: str) -> str:
    done = f"{shown.final_losses.size:,} networks" if shown else ""
    return ", then ".join(each for each in (done, finer) if each)


def _draw_choices(view: MapView, settings: Settings) -> None:
    names = ordered(settings)
    with st.container(horizontal=True):
        for key, label, axis in ((X, "Across", view.x), (Y, "Up", view.y)):
            st.session_state[key] = axis.name
            st.selectbox(
                label,
                names,
                key=key,
                format_func=lambda name: ORDERED[name].label,
                on_change=_choose,
            )
        st.session_state[COLOUR] = view.measure
        st.selectbox(
            "Colour",
            [name for name, measure in MEASURES.items() if measure.fits(settings)],
            key=COLOUR,
            format_func=lambda name: MEASURES[name].label,
            on_change=_choose,
        )


def _choose() -> None:
    """Take the choices in: an axis that stays keeps its part; two of one knob change places."""
    view = shown_map().suited_to(current_settings())
    x, y = st.session_state[X], st.session_state[Y]
    if x == y:
        x, y = view.y.name, view.x.name
    known = {axis.name: axis for axis in (view.x, view.y)}
    across, up = (known.get(name) or whole_axis(name) for name in (x, y))
    _show(MapView(across, up, st.session_state[COLOUR]))


def _show(view: MapView) -> None:
    st.session_state[PLACE] = st.session_state.get(PLACE, 0) + 1
    show_map(view)


def _note_view() -> None:
    """Take in where the visitor has zoomed to; what goes too far is brought back."""
    view, ends = shown_map().suited_to(current_settings()), viewed()
    if not ends:
        return
    x, y = (axis.moved_to(*ends[key]) for axis, key in ((view.x, "x"), (view.y, "y")))
    wanted = MapView(x, y, view.measure)
    is_too_narrow = any(
        axis.ends[1] - axis.ends[0] > 2 * (ends[key][1] - ends[key][0])
        for axis, key in ((x, "x"), (y, "y"))
    )
    (_show if is_too_narrow else show_map)(wanted)


def _go_to_picked() -> None:
    if settings := _settings_at(picked()):
        ask_for(settings)


def _settings_at(numbers: dict[str, float]) -> Settings | None:
    """Return the page's settings at a place of the map; None if there is no such place."""
    view = shown_map().suited_to(current_settings())
    try:
        values = {
            axis.name: axis.nearest(numbers[key]) for axis, key in ((view.x, "x"), (view.y, "y"))
        }
        return set_to(current_settings(), values)
    except (KeyError, SettingsError):
        return None


def _draw_pin_best(shown: Sweep | None, view: MapView) -> None:
    st.button(
        "Pin the best cell",
        key="pin best",
        icon=":material/keep:",
        disabled=shown is None or not _best(shown, view),
        help="Keeps the run of the cell that ended best, to compare it with others.",
        on_click=_pin_best,
        args=(view,),
    )


def _pin_best(view: MapView) -> None:
    settings = current_settings()
    sweep = _last_drawn(settings, view)
    if sweep and (values := _best(sweep, view)):
        pin(Pin(set_to(settings, values)))


def _best(sweep: Sweep, view: MapView) -> dict[str, Any]:
    measure = MEASURES[view.measure]
    return sweep.best_cell(measure.field, is_loss=measure.is_loss)
