"""What to try: the hint as a button, the way back, and the experiments."""

from __future__ import annotations

import streamlit as st

from tinynet.address import TAB
from tinynet.address import WATCH as WATCH_TAB
from tinynet.diagnosis import diagnose
from tinynet.lessons import LESSONS, Lesson
from tinynet.settings import Settings, differences
from tinynet.ui.controls import (
    ask_for,
    current_settings,
    is_asked_for_settings,
    is_presenting,
)
from tinynet.ui.redraw import CARD, GUIDE, part
from tinynet.ui.runs import shown_run

WAY, HERE = "the settings before each hint that was followed", "where the last one led"
LONGEST_WAY = 50
ICON = ":material/science:"
OPEN, CHOSEN = "the experiment that was opened", "the experiment chosen in the menu"


@st.fragment(key=GUIDE)
def draw_next_step() -> None:
    """Draw the hint as a button that does it, and *Undo*, which goes back."""
    settings = current_settings()
    with part(GUIDE), st.container(horizontal=True, key="next"):
        _draw_hint(settings)
        _draw_undo(settings)
    if is_asked_for_settings():
        st.rerun()


@st.fragment(key=CARD)
def draw_experiment() -> None:
    """Draw the card of the experiment that is on the screen, if it is one."""
    settings = current_settings()
    with part(CARD):
        if name := _name_of(settings):
            _draw_card(name, settings)
    if is_asked_for_settings():
        st.rerun()


def draw_experiments() -> None:
    """Draw the menu of the experiments."""
    st.menu_button(
        "Experiments",
        LESSONS,
        key=CHOSEN,
        icon=ICON,
        format_func=lambda name: LESSONS[name].title,
        on_click=_open,
    )


def _draw_hint(settings: Settings) -> None:
    run = shown_run()
    diagnosis = diagnose(run) if run else None
    wanted = diagnosis.next_settings if diagnosis else None
    st.button(
        "Try it",
        key="try",
        icon=":material/arrow_forward:",
        disabled=wanted is None,  # the sentence gives a reason alone; its place stays, unseen
        help=diagnosis.hint if diagnosis and wanted else None,
        on_click=_follow,
        args=(settings, wanted),
    )


def _draw_undo(settings: Settings) -> None:
    way: list[Settings] = st.session_state.get(WAY, [])
    if way and st.session_state.get(HERE) == settings:
        st.button("Undo", key="undo", icon=":material/undo:", on_click=_go_back)


def _follow(settings: Settings, wanted: Settings) -> None:
    way: list[Settings] = st.session_state.get(WAY, [])
    if st.session_state.get(HERE) != settings:
        way = []  # the visitor has gone on alone since
    st.session_state[WAY] = [*way, settings][-LONGEST_WAY:]
    st.session_state[HERE] = wanted
    ask_for(wanted)


def _go_back() -> None:
    *way, before = st.session_state[WAY]
    st.session_state[WAY], st.session_state[HERE] = way, before
    ask_for(before)


def _open() -> None:
    name = st.session_state[CHOSEN]
    if name in LESSONS:
        _show(name, LESSONS[name].settings)


def _show(name: str, settings: Settings) -> None:
    st.session_state[OPEN] = name
    st.session_state[TAB] = WATCH_TAB  # what it asks to look at is there
    ask_for(settings)


def _name_of(settings: Settings) -> str | None:
    """Return the experiment that these settings are of; a link to its settings opens it too."""
    name: str | None = st.session_state.get(OPEN)
    if name and settings in (LESSONS[name].settings, LESSONS[name].beside):
        return name
    return next((each for each in LESSONS if LESSONS[each].settings == settings), None)


def _draw_card(name: str, settings: Settings) -> None:
    """Draw the card; presented, it stands behind a button, for the stage has all the room."""
    presenting = is_presenting()
    with st.container(border=not presenting, key="experiment"):
        card = (
            st.popover(LESSONS[name].title, icon=ICON)
            if presenting
            else st.container(horizontal=True, vertical_alignment="center")
        )
        with card, st.container():
            _draw_question(LESSONS[name])
        with (
            card,
            st.container(horizontal=not presenting, width="stretch" if presenting else "content"),
        ):
            _draw_the_way_beside(name, settings)
            # One popover cannot stand in another.
            unfolding = st.expander if presenting else st.popover
            with unfolding("What happens?", icon=":material/lightbulb:"):
                st.markdown(LESSONS[name].answer)


def _draw_question(lesson: Lesson) -> None:
    st.markdown(f"**{lesson.title}.** {lesson.question}  \n*Look at:* {lesson.look_at}")


def _draw_the_way_beside(name: str, settings: Settings) -> None:
    lesson = LESSONS[name]
    is_beside = settings == lesson.beside
    there = lesson.settings if is_beside else lesson.beside
    st.button(
        f"{'Back to' if is_beside else 'Show'} {', '.join(differences(there, settings))}",
        key="compare",
        icon=":material/compare_arrows:",
        on_click=_show,
        args=(name, there),
    )
