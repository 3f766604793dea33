"""The rest of the page: everything drawn after the sliders and the stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from time import perf_counter

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tinynet.analysis.diagnosis import diagnose
from tinynet.links.address import TABS, WATCH
from tinynet.training.run import Run
from tinynet.ui.components.asking import listen, picked, state_at_rest
from tinynet.ui.pace import draws_parts, in_turn
from tinynet.ui.runs import kept_run, train_on
from tinynet.ui.session import (
    REST,
    change,
    change_stage,
    current_visit,
    note,
    open_with_stage,
    write_address,
)
from tinynet.ui.story.coach import draw_coach, is_trying
from tinynet.ui.story.guide import draw_next_step
from tinynet.ui.story.lessons import draw_lesson
from tinynet.ui.story.share import draw_share_button
from tinynet.ui.story.story import draw_notices, tell
from tinynet.ui.visit import Visit


def _drawing_of(tab: str) -> Callable[[Visit, Run | None], None]:
    """Return the `draw_tab` of a tab's module, such as tabs/look_inside.py for *Look inside*."""
    module = import_module(f"tinynet.ui.tabs.{tab.lower().replace(' ', '_')}")
    draw_tab: Callable[[Visit, Run | None], None] = module.draw_tab
    return draw_tab


# The first tab shows the stage; the content below the stage is a fragment of its own.
VIEWS = {tab: _drawing_of(tab) for tab in TABS if tab != WATCH}


@dataclass(frozen=True)
class Places:
    """The containers for those parts of the rest that are not below the stage."""

    share: DeltaGenerator
    card: DeltaGenerator
    story: DeltaGenerator
    coach: DeltaGenerator
    next_step: DeltaGenerator


@st.fragment(key=REST)
def draw_rest(places: Places) -> None:
    """Tell the story of the run, and draw the open tab."""
    # A request for the part below would interrupt a trial after its first turn.
    listen(_note_rest, _note_pick, tells=draws_parts() and not is_trying())
    visit = open_with_stage()
    write_address(visit)
    with in_turn(REST):
        run = train_on(visit.settings)
        with places.share:
            draw_share_button(visit)
        # Streamlit needs a write to outside containers on every run.
        with places.card, st.container():
            draw_lesson(visit)
        diagnosis = diagnose(run) if run and run.finished else None
        with places.coach, st.container():
            tried = draw_coach(visit, run, diagnosis)
        with places.story, st.container(gap="xxsmall"):
            draw_notices(visit)
            tell(run, visit, diagnosis, tried)
        with places.next_step:
            draw_next_step(visit, run)
        if draw_tab := VIEWS.get(visit.tab):
            draw_tab(visit, run)
        note(lambda visit: visit.resting(perf_counter()))


def _note_rest() -> None:
    state, run = state_at_rest(), kept_run(current_visit().settings)
    if state is not None and run:
        change(lambda visit: visit.at_state(state, len(run.losses)))


def _note_pick() -> None:
    if places := picked():
        change(lambda visit: visit.picked(places))
    else:
        change_stage(lambda visit: visit.with_row(None))
