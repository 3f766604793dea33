"""The next step: train on, undo, or open an experiment."""

from __future__ import annotations

import streamlit as st

from tinynet.analysis.lessons import LESSONS, Lesson
from tinynet.settings import Settings, differences
from tinynet.training.expressions import begins_as
from tinynet.training.run import Run
from tinynet.ui.session import change, change_page, follow
from tinynet.ui.visit import Visit

ICON = ":material/science:"
FROM_ITS_END = "Doubles the epochs and continues from the current weights."
FROM_THE_START = "Doubles the epochs and starts over, because the schedule depends on their number."
CHOSEN = "experiment chosen"


def draw_next_step(visit: Visit, run: Run | None) -> None:
    """Draw *Train on* and *Undo*."""
    with st.container(horizontal=True, key="next"):
        if not visit.is_presented:
            _draw_train_on(visit, run)
        if visit.can_undo:
            icon, act = ":material/undo:", (Visit.undone,)
            st.button("Undo", key="undo", icon=icon, on_click=change_page, args=act)


def draw_lesson_card(visit: Visit) -> None:
    """Draw the card of the experiment whose run is on the screen."""
    if name := visit.lesson_shown:
        _draw_card(name, visit)


def draw_experiments() -> None:
    """Draw the menu of experiments."""
    st.menu_button(
        "Lessons",
        LESSONS,
        type="tertiary",
        key=CHOSEN,
        icon=ICON,
        format_func=lambda name: LESSONS[name].title,
        on_click=_open,
    )


def _draw_train_on(visit: Visit, run: Run | None) -> None:
    """Draw the button that doubles the epochs; a disabled button is an invisible placeholder."""
    has_ended = run is not None and run.finished and not run.diverged
    has_ended = has_ended and visit.story_step is None
    wanted = visit.longer if has_ended else None
    goes_on = wanted and begins_as(wanted, visit.settings)
    st.button(
        "Train on",
        key="train_on",
        icon=":material/fast_forward:",
        disabled=wanted is None,
        help=FROM_ITS_END if goes_on else FROM_THE_START,
        on_click=follow,
        args=(visit.settings, wanted),
    )


def _open() -> None:
    name = st.session_state[CHOSEN]
    if name in LESSONS:
        change(lambda visit: visit.with_lesson(name, LESSONS[name].settings))


def _draw_card(name: str, visit: Visit) -> None:
    """Draw the card; while presenting, a button hides it to leave room for the stage."""
    presenting = visit.is_presented
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
            _draw_comparison_button(name, visit.settings)
            # Streamlit allows no popover within a popover.
            unfolding = st.expander if presenting else st.popover
            with unfolding("What happens?", icon=":material/lightbulb:"):
                st.markdown(LESSONS[name].answer)


def _draw_question(lesson: Lesson) -> None:
    st.markdown(f"**{lesson.title}.** {lesson.question}  \n*Look at:* {lesson.look_at}")


def _draw_comparison_button(name: str, settings: Settings) -> None:
    lesson = LESSONS[name]
    is_beside = settings == lesson.beside
    target = lesson.settings if is_beside else lesson.beside
    st.button(
        f"{'Back to' if is_beside else 'Show'} {', '.join(differences(target, settings))}",
        key="compare",
        icon=":material/compare_arrows:",
        on_click=change_page,
        args=(lambda visit: visit.with_lesson(name, target),),
    )
