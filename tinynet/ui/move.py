"""What a moved slider draws, at once and alone: the sliders and the stage.

All else of the page is asked for by the browser, once it has painted this (`rest`).
"""

from __future__ import annotations

from time import perf_counter

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tinynet.links.address import LOOK_INSIDE, WATCH
from tinynet.settings import DATA, KNOBS, meaningful
from tinynet.training.run import Run
from tinynet.ui.components.asking import ask_for
from tinynet.ui.pace import in_turn
from tinynet.ui.place import draw_progress
from tinynet.ui.runs import train_on
from tinynet.ui.seams import draws_parts
from tinynet.ui.session import MOVE, current_visit, note
from tinynet.ui.sidebar.sidebar import SLIDERS, draw_sliders
from tinynet.ui.stage import draw_stage
from tinynet.ui.visit import Visit


@st.fragment(key=MOVE)
def draw_move(sliders: DeltaGenerator, progress: DeltaGenerator, frame: object) -> None:
    """Draw the sliders, train what they are set to, and draw its stage, as far as it is.

    A long run is drawn again and again until its end. Where the page around these parts is of
    another frame, all of it is drawn.
    """
    visit = current_visit()
    if frame_of(visit) != frame:
        st.rerun()
    with in_turn(MOVE):
        asked = perf_counter()
        run = train_on(visit.settings)
        is_new, is_over = visit.shown != visit.settings, run is None or run.finished
        note(lambda visit: visit.showing(visit.settings, asked))
        if run:
            _draw_run(run, visit.tab)
        # The browser is to ask for the rest of a new run, or for more of one in progress.
        rest = draws_parts() and (is_new or is_over)
        if rest or not is_over:
            ask_for("ask", rest=rest, more=not is_over)
        with sliders:
            draw_sliders(visit)
        with progress, st.container():  # it is written to each time, as Streamlit wants it
            if run and not run.finished:
                draw_progress("Training", len(run.losses), run.settings.epochs)


def frame_of(visit: Visit) -> object:
    """Return what the page around the sliders and the stage depends on."""
    settings = visit.settings
    others = [getattr(settings, each.name) for each in KNOBS if each not in (*SLIDERS, DATA)]
    data = visit.data_picked, settings.data_set.label, settings.task, visit.wanted
    view = visit.tab, visit.is_presented
    return view, data, len(settings.hidden_units), meaningful(settings), others


def _draw_run(run: Run, tab: str) -> None:
    if run.finished:
        epochs = len(run.losses)  # of one that broke there are fewer than its settings have
        note(lambda visit: visit.within(epochs))
    if tab == WATCH or (tab == LOOK_INSIDE and run.finished):
        draw_stage(run)
