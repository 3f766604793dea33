"""The stage: the network moving through its training, in the tabs that show it."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

import streamlit as st

from tinynet.links.address import WATCH
from tinynet.settings import LAYERS, differences
from tinynet.settings.knobs import INPUT_FEATURES
from tinynet.training.run import Run
from tinynet.ui.runs import previous_run
from tinynet.ui.session import update
from tinynet.ui.text import inert
from tinynet.ui.visit import Visit

if TYPE_CHECKING:
    from tinynet.stage.message import PlayerView


def draw_stage(visit: Visit, run: Run, beside: Run | None = None) -> None:
    """Draw the player at the state that the visit shows, and a second player for `beside`."""
    from tinynet.ui.components.player import (  # noqa: PLC0415 - torch is slow
        draw_player,
        draw_player_beside,
    )

    view = _view_of(visit, run)
    if beside is None:
        draw_player(run, view, _note_stroke, _note_shape)
        return
    view = replace(view, is_paired=True, paints=False, stroke=None, plays=False)
    left, right = st.columns(2, gap="small")
    with left.container(gap=None):
        _draw_name(run, beside)
        draw_player(run, replace(view, previous=beside), _note_stroke, _note_shape)
    with right.container(gap=None):
        _draw_name(beside, run)
        draw_player_beside(beside, replace(view, previous=run))


def _draw_name(run: Run, beside: Run) -> None:
    """Name a run by the settings in which it differs from the run beside it."""
    words = ", ".join(differences(run.settings, beside.settings))
    st.markdown(f"**{inert(words[:1].upper() + words[1:])}**")


def _view_of(visit: Visit, run: Run) -> PlayerView:
    from tinynet.stage.message import PlayerView  # noqa: PLC0415 - torch is slow

    is_watched = visit.tab == WATCH
    return PlayerView(
        visit.state,
        visit.jumps,
        visit.moves,
        opens_epochs=not is_watched,
        stroke=visit.stroke,
        plays=is_watched and visit.opening == run.settings and visit.went_on_from is None,
        goes_on_from=visit.went_on_from if is_watched else None,
        previous=previous_run(visit) if is_watched else None,
        row=visit.row_shown if is_watched and run.finished else None,
        call=perf_counter(),
    )


def _note_shape(told: object) -> None:
    from tinynet.stage.shape import reshaped  # noqa: PLC0415 - torch is slow

    def shape(visit: Visit) -> Visit:
        wanted = reshaped(visit.settings, told)
        visit = visit.changed(LAYERS, wanted.hidden_units)
        return visit.changed(INPUT_FEATURES, wanted.features)

    update(shape)


def _note_stroke() -> None:
    from tinynet.ui.components.player import painted  # noqa: PLC0415 - torch is slow

    if stroke := painted():
        update(lambda visit: visit.painted(stroke))
