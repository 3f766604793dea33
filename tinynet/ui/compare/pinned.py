"""The pinned runs: their losses in one chart, what differs between them in a table."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import streamlit as st

from tinynet.charts import describe_runs, runs_chart_as_json
from tinynet.charts.loss import Scale
from tinynet.pins import LONGEST_NAME, MOST_PINS, Pin, as_name, names_of
from tinynet.run import Run
from tinynet.settings import Settings
from tinynet.ui.chart import draw_chart
from tinynet.ui.controls import ask_for, current_settings, keep_pins, pins
from tinynet.ui.runs import PASS, work_on
from tinynet.ui.widgets import draw_heading, draw_switch

NONE_YET = """\
Nothing is pinned yet. *Pin this run* keeps the run of the sidebar's settings here; move the sliders
and pin another, and both lie in one chart. A link shares them.
"""


def draw_pinned(settings: Settings) -> bool:
    """Draw the pinned runs as far as they are trained; return whether some are not."""
    pinned = pins()
    with draw_heading("Side by side"):
        _draw_pin_this(settings, pinned)
    if not pinned:
        st.caption(NONE_YET)
        return False
    runs = _trained(pinned)
    names = names_of(pinned)
    done = {name: run for name, run in zip(names, runs, strict=True) if run}
    scale = Scale(draw_switch("Scale of the axis", list(Scale)[:2], "scale of the pins"))
    if done:
        figure = runs_chart_as_json(done, scale)
        draw_chart(figure, key="pins chart", description=describe_runs(done), name="runs")
        _draw_table(done)
    for place, (each, name) in enumerate(zip(pinned, names, strict=True)):
        _draw_row(place, each, name)
    return len(done) < len(pinned)


def pin(wanted: Pin) -> None:
    """Keep one more run; one that is pinned already stays where it is."""
    pinned = pins()
    if len(pinned) < MOST_PINS and all(each.settings != wanted.settings for each in pinned):
        keep_pins((*pinned, wanted))


def _trained(pinned: tuple[Pin, ...]) -> list[Run | None]:
    """Train what is not yet trained, for a pass; return the finished runs."""
    until = perf_counter() + PASS
    entries = [work_on(each.settings, until) for each in pinned]
    return [each if isinstance(each, Run) else None for each in entries]


def _draw_pin_this(settings: Settings, pinned: tuple[Pin, ...]) -> None:
    is_pinned = any(each.settings == settings for each in pinned)
    is_full = len(pinned) == MOST_PINS
    full = f"{MOST_PINS} runs are pinned, as many as there can be. Remove one first."
    st.button(
        "Pin this run",
        key="pin",
        icon=":material/keep:",
        disabled=is_pinned or is_full,
        help=full if is_full else "Keeps the run of the sidebar's settings, to compare it.",
        on_click=_pin_this,
    )


def _pin_this() -> None:
    pin(Pin(current_settings()))


def _draw_table(runs: dict[str, Run]) -> None:
    from tinynet.tables import compared  # noqa: PLC0415 - pandas is slow

    number = st.column_config.NumberColumn
    columns = {
        "loss": number("Loss", format="%.4f"),
        "test loss": number("Test loss", format="%.4f"),
        "right": number("Right", format="percent"),
        "test right": number("Test right", format="percent"),
        "R²": number(format="%.3f"),
        "ms": number("ms", format="%.0f"),
        "parameters": number("Parameters"),
        "run": st.column_config.TextColumn("Run"),
    }
    st.dataframe(compared(list(runs), list(runs.values())), hide_index=True, column_config=columns)


def _draw_row(place: int, each: Pin, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(name, width="stretch")
        st.button(
            "Open",
            key=f"open pin {place}",
            type="tertiary",
            icon=":material/tune:",
            help="Puts the sliders there.",
            on_click=ask_for,
            args=(each.settings,),
        )
        with st.popover("Rename", type="tertiary"):
            st.text_input(
                "Name",
                each.name,
                max_chars=LONGEST_NAME,
                key=f"name of pin {place} {each.text()}",
                placeholder=name,
                on_change=_rename,
                args=(place, each),
            )
        st.button(
            "Remove",
            key=f"remove pin {place}",
            type="tertiary",
            icon=":material/close:",
            on_click=_remove,
            args=(each.settings,),
        )


def _rename(place: int, each: Pin) -> None:
    name = as_name(st.session_state[f"name of pin {place} {each.text()}"])
    keep_pins(
        tuple(
            replace(other, name=name) if other.settings == each.settings else other
            for other in pins()
        )
    )


def _remove(settings: Settings) -> None:
    keep_pins(tuple(each for each in pins() if each.settings != settings))
