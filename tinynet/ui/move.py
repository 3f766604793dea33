"""A move of a slider: this fragment redraws the sliders and the stage, and nothing else.

The browser asks for the rest of the page (rest.py) once it has painted the stage.
"""

from __future__ import annotations

from time import perf_counter

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tinynet.links.address import LOOK_INSIDE, WATCH
from tinynet.settings import DATA, KNOBS, meaningful
from tinynet.training.run import Run
from tinynet.ui.components.asking import ask_after_move
from tinynet.ui.pace import draws_parts, in_turn
from tinynet.ui.place import draw_progress
from tinynet.ui.runs import train_on
from tinynet.ui.session import MOVE, current_visit, note
from tinynet.ui.sidebar.sidebar import SLIDERS, draw_sliders
from tinynet.ui.stage import draw_stage
from tinynet.ui.visit import Visit


@st.fragment(key=MOVE)
def draw_move(sliders: DeltaGenerator, progress: DeltaGenerator, frame: object) -> None:
    """Train the run for one pass, and draw it with the sliders; long runs take several passes.

    Redraw the whole page if its frame has changed.
    """
    visit = current_visit()
    if frame_of(visit) != frame:
        st.rerun()
    with in_turn(MOVE):
        now = perf_counter()
        run = train_on(visit.settings)
        is_new, is_over = visit.shown != visit.settings, run is None or run.finished
        beside = train_on(visit.beside) if is_over and visit.beside else None
        is_over = is_over and (beside is None or beside.finished)
        visit = note(lambda visit: visit.showing(now))
        if run:
            _draw_run(visit, run, beside)
        with sliders:
            draw_sliders(visit)
        trains = run is not None and not run.finished
        # Streamlit needs a write to outside containers on every run.
        with progress, st.container(key="progress" if trains else None):
            if run and trains:
                draw_progress("Training", len(run.losses), run.settings.epochs)
        ask_after_move(rest=draws_parts() and (is_new or is_over), more=not is_over)


def frame_of(visit: Visit) -> object:
    """Return everything that the page outside the sliders and the stage depends on."""
    settings = visit.settings
    others = [getattr(settings, each.name) for each in KNOBS if each not in (*SLIDERS, DATA)]
    data = visit.data_picked, settings.data_set.label, settings.task, visit.wanted
    view = visit.tab, visit.is_presented, visit.beside, visit.jumps
    return view, data, len(settings.hidden_units), meaningful(settings), others


def _draw_run(visit: Visit, run: Run, beside: Run | None) -> None:
    if run.finished:
        epochs = len(run.losses)  # a run that diverged has fewer epochs than its settings
        visit = note(lambda visit: visit.within(epochs))
    if visit.tab == WATCH or (visit.tab == LOOK_INSIDE and run.finished):
        draw_stage(visit, run, beside if beside and beside.finished else None)
