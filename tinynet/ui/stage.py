"""The stage: the network moving through its training, in whichever tab is open."""

from __future__ import annotations

import streamlit as st

from tinynet.run import Run
from tinynet.ui.arithmetic import pick
from tinynet.ui.controls import SHOWN_STATE, is_as_opened, jumps, take_data
from tinynet.ui.redraw import redraw_inside, redraw_view
from tinynet.ui.runs import run_on_the_screen

STROKE = "the last stroke of the visitor's on the plane"
AT_REST = "the epoch that the player rests at, until its number is told"


def draw_stage(run: Run, *, opens_epochs: bool = False) -> None:
    """Draw the player at the state that is shown, or where the epoch begins that is opened up."""
    from tinynet.ui.player import PlayerView, draw_player  # noqa: PLC0415 - torch is slow

    state = st.session_state.get(SHOWN_STATE)
    stroke = st.session_state.get(STROKE)
    plays = not opens_epochs and is_as_opened(run.settings)
    view = PlayerView(state, jumps(), opens_epochs=opens_epochs, stroke=stroke, plays=plays)
    draw_player(run, view, _note_rest, _note_pick, _note_stroke)


def _note_rest() -> None:
    from tinynet.ui.player import state_at_rest  # noqa: PLC0415 - torch is slow

    state, run = state_at_rest(), run_on_the_screen()
    if state is None or run is None:
        return
    last = len(run.losses) - 1
    st.session_state[SHOWN_STATE] = None if state > last else state
    if run.finished:
        st.session_state[AT_REST] = min(state, last)
        redraw_view()  # one in progress is drawn again and again by itself


def _note_pick() -> None:
    from tinynet.ui.player import picked  # noqa: PLC0415 - torch is slow

    pick(**picked())
    redraw_inside()


def _note_stroke() -> None:
    from tinynet.ui.player import painted  # noqa: PLC0415 - torch is slow

    if stroke := painted():
        st.session_state[STROKE] = stroke
        take_data(stroke.painting)


def epoch_at_rest() -> int | None:
    """Return, once, where the epoch's number has to follow the player."""
    epoch: int | None = st.session_state.pop(AT_REST, None)
    return epoch
