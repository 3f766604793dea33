"""The coach on the page: buttons for changes to a run that were tried and found to help.

The coach never delays anyone: the browser asks for a trial once the visitor rests on a run that
fell short, and the trial goes on only while no other script waits.
"""

from __future__ import annotations

from time import perf_counter

import streamlit as st

from tinynet.analysis.coach.changes import cost
from tinynet.analysis.coach.trial import MOST_OFFERED, STARTS, Luck, Suggestion, Trial, starts_of
from tinynet.analysis.diagnosis import Diagnosis, is_good
from tinynet.serving.requests import LuckRequest, TrialRequest
from tinynet.settings import Settings
from tinynet.training.run import Run
from tinynet.ui.components.asking import COACH, ask_for, heard
from tinynet.ui.pace import is_busy
from tinynet.ui.runs import STORE, Done, work_on
from tinynet.ui.session import change_page, change_stage, follow, update
from tinynet.ui.visit import Visit

AT_REST, AGAIN, BUSY = 600, 2_000, 6_000  # milliseconds without input until the browser asks
LONGEST_LUCK = 30.0  # seconds of one core for all initial weights
PASS = 2.0  # seconds of work at a time; less if a script waits
PICKED_START = "start"
HEIGHT = 15  # pixels; page.css lets the advice reach into the gaps around it
FIRST_STEPS = ("What happened?", "Why?")
DRAWS_A_LINE = "moons"
LONGEST_FIRST, LONGEST_OTHER = 48, 32  # characters of a change on a button of two lines


def draw_coach(visit: Visit, run: Run | None, diagnosis: Diagnosis | None) -> str:
    """Draw the moral of a good run, or helpful changes; and the ends with other initial weights.

    Draw nothing for a lesson, which has its own answer. Return what the changes tell of the cause.
    """
    # A height keeps the place of an empty container, so that nothing below jumps.
    place = st.container(key="coach", height=HEIGHT, border=False)
    is_in_lesson = visit.lesson_shown and not visit.has_left_lesson
    if run is None or diagnosis is None or is_in_lesson:
        return ""
    if visit.story_step is not None:
        with place:
            _draw_first_steps(visit.story_step)
        return ""
    with place, st.container(horizontal=True, vertical_alignment="center", key="advice"):
        done = [_draw_advice(run, diagnosis, visit)]
        if not visit.is_presented:
            _draw_luck_button(visit)
    if not visit.is_presented:
        done.append(_draw_luck(visit))
    if any(each.goes_on for each in done):
        gave_way = any(each.gave_way for each in done)
        ask_for(COACH, more=True, after=AGAIN if gave_way else BUSY if is_busy() else AT_REST)
    return next((each.so_far.cause for each in done if isinstance(each.so_far, Trial)), "")


def _draw_first_steps(step: int) -> None:
    """Draw the buttons to continue the first story, and to see a network that draws a line."""
    with st.container(horizontal=True, vertical_alignment="center", key="advice"):
        st.button(
            FIRST_STEPS[step],
            key="read on",
            type="primary",
            on_click=change_stage,
            args=(Visit.told_more,),
        )
        st.button(
            "Show one that draws a line",
            key="draws a line",
            on_click=change_page,
            args=(lambda visit: visit.with_data(DRAWS_A_LINE),),
        )


def is_trying() -> bool:
    """Tell whether this script only continues a trial, which changes nothing below the stage."""
    return heard(COACH, "more") is not None


def _work_on(request: TrialRequest | LuckRequest) -> Done:
    """Work on a request if the browser asks for it; otherwise only look it up."""
    if not is_trying():
        found = STORE.find(request)
        return Done(found, goes_on=found is None, share=float(found is not None))
    return work_on(request, perf_counter() + PASS, gives_way=True)


def _draw_advice(run: Run, diagnosis: Diagnosis, visit: Visit) -> Done:
    if is_good(run):
        if diagnosis.moral:
            st.markdown(diagnosis.moral)
        return Done(None)
    done = _work_on(TrialRequest(run.settings, run))
    if isinstance(done.so_far, Trial):
        _draw_trial(run.settings, done.so_far, is_presented=visit.is_presented)
    elif done.goes_on:
        st.markdown("Trying changes …")
    return done


def _draw_trial(settings: Settings, trial: Trial, *, is_presented: bool) -> None:
    if not trial.suggestions:
        st.markdown("No change that was tried helps.")
    for place, each in enumerate(trial.suggestions[: 1 if is_presented else MOST_OFFERED]):
        _draw_suggestion(settings, each, place, is_presented=is_presented)
    if not is_presented:
        with st.popover("What was tried", type="tertiary", key="tried"):
            st.markdown(_table(trial))


def _draw_suggestion(
    settings: Settings, suggestion: Suggestion, place: int, *, is_presented: bool
) -> None:
    is_wide = not place and not is_presented
    label = suggestion.label(LONGEST_FIRST if is_wide else LONGEST_OTHER)
    st.button(
        f"{label}, {suggestion.seen}" if is_wide else label.removesuffix(" correct"),
        key=f"suggestion_{place}",
        type="secondary" if place else "primary",
        help=suggestion.words,
        on_click=follow,
        args=(settings, suggestion.settings),
    )


def _table(trial: Trial) -> str:
    """Return a Markdown table of all changes that were tried, best first."""
    tried = [f"| {trial.changed(each)} | {each.words} |" for each in trial.tried]
    rows = ["| change | results, seed by seed |", "|---|---|", f"| nothing | {trial.base.words} |"]
    return "\n".join([*rows, *tried])


def _draw_luck_button(visit: Visit) -> None:
    takes_too_long = STARTS * cost(visit.settings) > LONGEST_LUCK
    hint = f"Trains these settings from {STARTS} different initial weights, on the same data."
    st.button(
        "Is it luck?",
        key="luck",
        type="tertiary",
        disabled=takes_too_long,
        help=f"Training {STARTS} such runs would take too long." if takes_too_long else hint,
        on_click=update,
        args=(Visit.with_luck,),
    )


def _draw_luck(visit: Visit) -> Done:
    if not (settings := visit.luck_shown):
        return Done(None)
    done = _work_on(LuckRequest(settings))
    if isinstance(done.so_far, Luck):
        _draw_ends(done.so_far, visit.settings)
    elif done.goes_on:
        st.markdown(f"Training {STARTS} starts: {round(STARTS * done.share)} done …")
    return done


def _draw_ends(luck: Luck, settings: Settings) -> None:
    st.pills(
        f"{luck.good} of {STARTS} starts learn it: the same data, different initial weights. Click "
        "a start to open it.",
        range(STARTS),
        default=starts_of(luck.settings).index(settings),
        format_func=luck.words,
        key=PICKED_START,
        on_change=_open_start,
        args=(luck.settings,),
    )


def _open_start(settings: Settings) -> None:
    start = st.session_state[PICKED_START]
    if start is not None:
        change_page(lambda visit: visit.followed(starts_of(settings)[start]))
