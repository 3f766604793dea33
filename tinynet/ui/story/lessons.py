"""The lesson player: the menu of lessons, and the strip of the open lesson.

The strip stays while the visitor moves sliders, until the visitor closes it.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from tinynet.analysis.lessons import LESSONS
from tinynet.settings import Settings, differences
from tinynet.ui.session import change, change_page
from tinynet.ui.visit import Visit

ICON = ":material/school:"
CHOSEN = "lesson chosen"
NAMES = tuple(LESSONS)


def draw_lessons_menu() -> None:
    """Draw the menu of lessons."""
    st.menu_button(
        "Lessons",
        LESSONS,
        type="tertiary",
        key=CHOSEN,
        icon=ICON,
        format_func=lambda name: f"{NAMES.index(name) + 1}. {LESSONS[name].title}",
        on_click=_open,
    )


def draw_lesson(visit: Visit) -> None:
    """Draw the strip of the open lesson: its question, its two runs, and the way on."""
    if not (name := visit.lesson_shown):
        return
    with st.container(border=True, key="lesson"):
        _draw_words(name, visit)
        with st.container(horizontal=True, vertical_alignment="center", key="lesson steps"):
            _draw_step(name, -1, "Previous", ":material/chevron_left:")
            st.caption(f"{NAMES.index(name) + 1} of {len(NAMES)}", width="content")
            _draw_step(name, 1, "Next", ":material/chevron_right:")
            _draw_runs(name, visit)
            st.button(
                "One run" if visit.is_paired else "Side by side",
                key="pair",
                icon=":material/splitscreen_right:",
                type="tertiary",
                on_click=change_page,
                args=(Visit.paired,),
            )
            st.button(
                "Hide the answer" if visit.is_answered else "What happens?",
                key="answer",
                icon=":material/lightbulb:",
                type="tertiary",
                on_click=change_page,
                args=(Visit.answered,),
            )
            st.button(
                "Close",
                key="close",
                icon=":material/close:",
                type="tertiary",
                on_click=change_page,
                args=(Visit.without_lesson,),
            )


def _draw_words(name: str, visit: Visit) -> None:
    lesson = LESSONS[name]
    words = f"**{lesson.title}.** {lesson.question} *Look at:* {lesson.look_at}"
    st.markdown(words)
    if visit.is_answered:
        st.markdown(lesson.answer)


def _draw_step(name: str, step: int, label: str, icon: str) -> None:
    place = NAMES.index(name) + step
    is_there = 0 <= place < len(NAMES)
    st.button(
        label,
        key=label,
        icon=icon,
        type="tertiary",
        disabled=not is_there,
        on_click=_go_to,
        args=(NAMES[place % len(NAMES)],),
    )


def _draw_runs(name: str, visit: Visit) -> None:
    """Draw the way to the lesson's other run, or back to the lesson."""
    lesson, settings = LESSONS[name], visit.settings
    if visit.has_left_lesson:
        st.caption("You have left the lesson's settings.", width="content")
        label, target = "Back to the lesson", lesson.settings
    elif settings == lesson.beside:
        label, target = _change("Back to", lesson.settings, settings), lesson.settings
    else:
        label, target = _change("Show", lesson.beside, settings), lesson.beside
    st.button(
        label,
        key="compare",
        icon=":material/compare_arrows:",
        type="primary",
        on_click=_go_to,
        args=(name, target),
    )


def _change(verb: str, target: Settings, settings: Settings) -> str:
    return f"{verb} {', '.join(differences(target, settings))}"


def _go_to(name: str, settings: Settings | None = None) -> None:
    wanted = settings or LESSONS[name].settings
    change_page(partial(Visit.with_lesson, name=name, settings=wanted))


def _open() -> None:
    name = st.session_state[CHOSEN]
    if name in LESSONS:
        change(lambda visit: visit.with_lesson(name, LESSONS[name].settings))
