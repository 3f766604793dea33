"""The lesson player: the menu of lessons, and the strip of the open lesson.

The strip stays while the visitor moves sliders, until the visitor closes it.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from tinynet.analysis.lessons import TestedLesson
from tinynet.links.lessons import Lesson
from tinynet.settings import Settings, differences
from tinynet.ui.session import change, change_page, current_visit
from tinynet.ui.text import inert
from tinynet.ui.visit import Visit

ICON = ":material/school:"
CHOSEN = "lesson chosen"
ICONS = {
    "pair": ":material/splitscreen_right:",
    "answer": ":material/lightbulb:",
    "close": ":material/close:",
}


def draw_lessons_menu(visit: Visit) -> None:
    """Draw the menu of lessons."""
    lessons, names = visit.lessons, [*visit.lessons]
    st.menu_button(
        "Lessons",
        names,
        type="tertiary",
        key=CHOSEN,
        icon=ICON,
        format_func=lambda name: f"{names.index(name) + 1}. {_title(lessons[name])}",
        on_click=_open,
    )


def draw_lesson(visit: Visit) -> None:
    """Draw the strip of the open lesson: its question, its two runs, and steps to other lessons."""
    if not (name := visit.lesson_shown):
        return
    with st.container(border=True, key="lesson"):
        _draw_question(visit.lessons[name])
        with st.container(horizontal=True, vertical_alignment="center", key="lesson steps"):
            names = [*visit.lessons]
            place = names.index(name)
            _draw_step(visit, place - 1, "Previous", ":material/chevron_left:")
            st.caption(f"{place + 1} of {len(names)}", width="content")
            _draw_step(visit, place + 1, "Next", ":material/chevron_right:")
            _draw_runs(name, visit)
            _draw_acts(visit, has_pair=visit.lessons[name].beside is not None)
        if visit.is_answered and visit.lessons[name].answer:
            _draw_answer(visit.lessons[name])


def _draw_acts(visit: Visit, *, has_pair: bool) -> None:
    """Draw the buttons that pair the runs, show the answer, and close the strip."""
    acts = [
        ("pair", "One run" if visit.is_paired else "Side by side", Visit.paired),
        ("answer", "Hide the answer" if visit.is_answered else "What happens?", Visit.answered),
        ("close", "Close", Visit.without_lesson),
    ]
    for key, label, act in acts if has_pair else acts[1:]:
        st.button(
            label, key=key, icon=ICONS[key], type="tertiary", on_click=change_page, args=(act,)
        )


def _draw_question(lesson: Lesson) -> None:
    look_at = f" *Look at:* {_said(lesson, lesson.look_at)}" if lesson.look_at else ""
    title = f"**{_said(lesson, lesson.title)}.** " if lesson.title else ""
    st.markdown(f"{title}{_said(lesson, lesson.question)}{look_at}")


def _draw_answer(lesson: Lesson) -> None:
    experiment = lesson.experiment if isinstance(lesson, TestedLesson) else ""
    with st.container(key="answered"):
        st.markdown(f"{_said(lesson, lesson.answer)} {experiment}")


def _said(lesson: Lesson, text: str) -> str:
    """Return a text of a lesson; what strangers wrote stays text."""
    return text if isinstance(lesson, TestedLesson) else inert(text)


def _draw_step(visit: Visit, place: int, label: str, icon: str) -> None:
    names = [*visit.lessons]
    name = names[place % len(names)]
    st.button(
        label,
        key=label,
        icon=icon,
        type="tertiary",
        disabled=not 0 <= place < len(names),
        on_click=_go_to,
        args=(name, visit.lessons[name].settings),
    )


def _draw_runs(name: str, visit: Visit) -> None:
    """Draw the way to the lesson's other run, or back to the lesson."""
    lesson, settings = visit.lessons[name], visit.settings
    if visit.has_left_lesson:
        st.caption("You have left the lesson's settings.", width="content")
        label, target = "Back to the lesson", lesson.settings
    elif lesson.beside is None:
        return
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


def _title(lesson: Lesson) -> str:
    """Return the title of a lesson in a menu, which reads it as text."""
    return lesson.title or lesson.question


def _go_to(name: str, settings: Settings) -> None:
    change_page(partial(Visit.with_lesson, name=name, settings=settings))


def _open() -> None:
    name, lessons = st.session_state[CHOSEN], current_visit().lessons
    if name in lessons:
        change(lambda visit: visit.with_lesson(name, lessons[name].settings))
