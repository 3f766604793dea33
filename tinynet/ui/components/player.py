"""The player: the network moving through its training, in the browser, without the server.

It receives a run's film once, as bytes (at most 2 MB). Play, pause, step and scrub need no server;
the server learns only where the player comes to rest, and what is picked or painted in it. In the
first view the losses and the figures come in the same message and are drawn in the same frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from tinynet.stage.assets import PLAYER_HTML, PLAYER_STYLE, functions
from tinynet.stage.message import PlayerView, packed
from tinynet.stage.strokes import Stroke, read_stroke
from tinynet.training.run import Run
from tinynet.ui.components.asking import heard
from tinynet.ui.components.chart import plotly_script
from tinynet.ui.components.scripts import served

PLAYER = "player"
_mount = st.components.v2.component(
    "tinynet_player",
    html=PLAYER_HTML,
    css=PLAYER_STYLE,
    js=served("streamlit/player.js", functions()),
)


def draw_player(
    run: Run, view: PlayerView, on_paint: Callable[[], None], on_shape: Callable[[object], None]
) -> None:
    """Draw the player; `painted` returns the visitor's last stroke.

    `on_shape` is called with the layers or the features that the visitor has changed.
    """
    _mount(
        key=PLAYER,
        data=packed(run, replace(view, plotly=plotly_script())),
        on_paint_change=on_paint,
        on_shape_change=lambda: on_shape(heard(PLAYER, "shape")),
    )


def draw_player_beside(run: Run, view: PlayerView) -> None:
    """Draw a player that follows the other player."""
    wanted = replace(view, plotly=plotly_script(), is_beside=True)
    _mount(key=f"{PLAYER} beside", data=packed(run, wanted))


def painted() -> Stroke | None:
    """Return the last painted stroke; None if it is forged."""
    return read_stroke(heard(PLAYER, "paint"))
