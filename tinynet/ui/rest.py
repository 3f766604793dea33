"""The rest of the page: what is drawn once the sliders and the stage are painted."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tinynet.links.address import CODE, COMPARE, LOOK_INSIDE
from tinynet.ui.components.asking import listen, picked, state_at_rest
from tinynet.ui.pace import in_turn
from tinynet.ui.runs import finished_run, train_on
from tinynet.ui.seams import draws_parts
from tinynet.ui.session import REST, change, current_visit, draw_stage_first, note, write_address
from tinynet.ui.story.coach import draw_coach
from tinynet.ui.story.guide import draw_lesson_card, draw_next_step
from tinynet.ui.story.share import draw_share_button
from tinynet.ui.story.story import draw_notices, draw_start, tell
from tinynet.ui.tabs.code import draw_code_tab
from tinynet.ui.tabs.compare import draw_compare_tab
from tinynet.ui.tabs.inside import draw_inside_tab

VIEWS = {LOOK_INSIDE: draw_inside_tab, COMPARE: draw_compare_tab, CODE: draw_code_tab}


@dataclass(frozen=True)
class Places:
    """Where on the page the parts of the rest stand that do not stand below the stage."""

    share: DeltaGenerator
    card: DeltaGenerator
    story: DeltaGenerator
    coach: DeltaGenerator
    next_step: DeltaGenerator


@st.fragment(key=REST)
def draw_rest(places: Places) -> None:
    """Tell the story of the run, and draw what belongs to it in the tab that is open."""
    listen(_note_rest, _note_pick, tells=draws_parts())
    draw_stage_first()
    visit = current_visit()
    write_address(visit)
    with in_turn(REST):
        run = train_on(visit.settings)
        with places.share:
            draw_share_button()
        with places.card, st.container():  # these are written to each time, as Streamlit wants it
            draw_lesson_card(visit)
        with places.story, st.container(gap="xxsmall"):
            draw_notices(visit)
            diagnosis = tell(run, is_presented=visit.is_presented)
            draw_start(visit)
        with places.next_step:
            draw_next_step(visit, run)
        if view := VIEWS.get(visit.tab):
            view(run)
        with places.coach, st.container(key="coach"):
            draw_coach(visit, run, diagnosis)
        note(lambda visit: visit.resting(perf_counter()))


def _note_rest() -> None:
    state, run = state_at_rest(), finished_run()
    if state is not None and run:
        change(lambda visit: visit.at_state(state, len(run.losses)))


def _note_pick() -> None:
    change(lambda visit: visit.picked(picked()))
