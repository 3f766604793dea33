"""The pinned runs: their losses in one chart, their differences in a table."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import streamlit as st

from tinynet.charts import RUN_LINES, Scale, describe_runs, runs_chart_as_json
from tinynet.links.pins import LONGEST_NAME, Pin, as_name, have_room, names_of
from tinynet.settings import Settings
from tinynet.training.run import Run
from tinynet.ui.components.chart import draw_chart
from tinynet.ui.runs import PASS, kept_run, measured_on, work_on
from tinynet.ui.session import Transition, change, change_page
from tinynet.ui.text import inert
from tinynet.ui.visit import Visit
from tinynet.ui.widgets import draw_heading_row, draw_switch

Runs = dict[str, Run | None]  # by name; None is an untrained run
FAILED = "could not be trained on this machine"
NOT_COMPARABLE = "Losses of different data or loss functions are not comparable."
NONE_YET = """\
Pin the current run to keep it here. Pinned runs share one chart, and a link includes them.
"""


def draw_pinned(visit: Visit) -> bool:
    """Draw the pinned runs as far as they are trained; return whether any is unfinished."""
    pinned = visit.pins
    with draw_heading_row("Side by side"):
        _draw_pin_this(visit)
    chart, rows = st.container(), st.container(key="pinned", gap="small")
    until = perf_counter() + PASS
    done = [work_on(each.settings, until) for each in pinned]
    runs = _runs(pinned)
    with chart:
        _draw_chart(runs)
    with rows:
        for place, (each, name) in enumerate(zip(pinned, runs, strict=True)):
            _draw_row(place, each, name, failed=done[place].so_far is None)
    return any(each.goes_on for each in done)


def _draw_chart(runs: Runs) -> None:
    if not runs:
        st.caption(NONE_YET)
    if any(runs.values()):
        scale = Scale(draw_switch("Scale of the axis", list(Scale)[:2], "scale of the pins"))
        figure = runs_chart_as_json(runs, scale)
        draw_chart(figure, key="pins chart", description=describe_runs(runs), name="runs")
    if len({measured_on(run.settings) for run in runs.values() if run}) > 1:
        st.caption(NOT_COMPARABLE)


def draw_table_of_pinned(visit: Visit) -> None:
    """Draw the differences between the pinned runs, and their final results."""
    trained = {name: run for name, run in _runs(visit.pins).items() if run}
    if not trained:
        return
    from tinynet.analysis.tables import compared  # noqa: PLC0415 - pandas is slow

    number = st.column_config.NumberColumn
    columns = {
        "run": st.column_config.TextColumn("Run"),
        "loss": number("Final loss", format="%.4g"),
        "test loss": number("Final test loss", format="%.4g"),
        "right": number("Correct", format="percent"),
        "test right": number("Test correct", format="percent"),
        "R²": number(format="%.3f"),
        "parameters": number("Parameters", format="localized"),
        "ms": number("Training time, ms", format="%.0f"),
    }
    table = compared(list(trained), list(trained.values()))
    st.dataframe(table, hide_index=True, column_config=columns)


def _runs(pinned: tuple[Pin, ...]) -> Runs:
    runs = (kept_run(each.settings) for each in pinned)
    return dict(zip(names_of(pinned), runs, strict=True))


def _draw_pin_this(visit: Visit) -> None:
    wanted = Pin(visit.settings)
    full = "A link can hold no more pinned runs. Remove one first."
    keeps = "Keeps the current run for comparison."
    st.button(
        "Pin this run",
        key="pin",
        icon=":material/keep:",
        disabled=not visit.can_pin(wanted),
        help=keeps if have_room(visit.pins, wanted) else full,
        on_click=change,
        args=(lambda visit: visit.pinned(wanted),),
    )


def _draw_row(place: int, each: Pin, name: str, *, failed: bool) -> None:
    """Draw a run's line style and its name, which opens a menu."""
    colour, dash = RUN_LINES[place]
    style = "dotted" if "dot" in dash else dash.replace("dash", "dashed")
    sample = f"border-top: 3px {style} {colour}; display: inline-block; width: 1.75rem"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<span style="{sample}"></span>', width="content")
        with st.popover(inert(name), type="tertiary", key=f"pinned {Pin(each.settings).text()}"):
            _draw_acts(each, name)
        if failed:
            st.caption(FAILED)


def _draw_acts(each: Pin, name: str) -> None:
    key = Pin(each.settings).text()
    st.text_input(
        "Name",
        each.name,
        max_chars=LONGEST_NAME,
        key=f"name of {key}",
        placeholder=name,
        on_change=_rename,
        args=(each.settings, f"name of {key}"),
    )
    acts: tuple[tuple[str, str, Callable[[Transition], None], Transition], ...] = (
        ("Open it", "tune", change_page, lambda visit: visit.went_to(each.settings)),
        ("Remove it", "close", change, lambda visit: visit.unpinned(each.settings)),
    )
    with st.container(horizontal=True):
        for label, icon, act, transition in acts:
            st.button(
                label,
                key=f"{label} {key}",
                icon=f":material/{icon}:",
                on_click=act,
                args=(transition,),
            )


def _rename(settings: Settings, key: str) -> None:
    name = as_name(st.session_state[key])
    change(lambda visit: visit.renamed(settings, name))
