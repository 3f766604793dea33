"""The player: the network moving through its training, in the browser, without the server.

It gets a run's film once, as bytes (at most 2 MB), and draws it: play, pause, step and scrub ask
nothing of the server, which hears where the player comes to rest, and what is picked in it. On the
stage of the first view the losses and the figures come with it, in the same message, and are drawn
in the same frame; where the player is, is the one cursor of all.

film.js     where a film's numbers stand, how they are scaled, placed and told; pure
field.js    what the network makes of the whole plane, or line; pure
pen.js      lines, rings and words on a canvas
dots.js     draws what it answers where inputs are many: predictions against targets
key.js      what lines, rings, fills and colours mean
answers.js  draws what it answers otherwise: row by row, as a plane or as a curve
paint.js    takes points from the pointer and the keys, and puts them on the plane
opening.js  plays the run that the page is opened on, once, unasked
curve.js    draws the losses on the scale that is chosen, and the cursor on them
figures.js  says the numbers of the state that is shown
player.js   draws the network, and listens
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


def draw_player(run: Run, view: PlayerView, on_paint: Callable[[], None]) -> None:
    """Draw the player; `painted` says what the visitor has painted in it."""
    _mount(
        key=PLAYER,
        data=packed(run, replace(view, plotly=plotly_script())),
        on_paint_change=on_paint,
    )


def painted() -> Stroke | None:
    """Return what was painted; None if it makes no sense, but is forged."""
    return read_stroke(heard(PLAYER, "paint"))
