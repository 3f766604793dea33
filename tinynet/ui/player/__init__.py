"""The player: the network moving through its training, in the browser, without the server.

It gets a run's film once, as bytes (at most 1.8 MB), and draws it: play, pause, step and scrub ask
nothing of the server, which hears only where the player comes to rest.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import streamlit as st

from tinynet.colours import BLUE, GREY, ORANGE
from tinynet.film import film
from tinynet.run import Run
from tinynet.ui import numbers

HERE = Path(__file__).parent
PLAYER = "player"
_mount = st.components.v2.component(
    "tinynet_player",
    html=(HERE / "player.html").read_text(),
    css=(HERE / "player.css").read_text(),
    js=numbers.SCRIPT + (HERE / "player.js").read_text(),
)


# A click on a line below draws the same film again: it is made once. The few kept are of the
# visitors of this moment, 20 MB at most.
_film = lru_cache(maxsize=8)(film)


def draw_player(run: Run, state: int | None, on_rest: Callable[[], None]) -> None:
    """Draw the player at a state (None is the last); `state_at_rest` says where it rests then."""
    _mount(key=PLAYER, data=packed(run, state), on_rest_change=on_rest)


def packed(run: Run, state: int | None) -> bytes:
    """Return the film of a run, and the few facts that it needs, for the browser."""
    reel = _film(run)
    facts = {
        "inputs": run.inputs.shape[1],
        "hidden": sum(run.settings.hidden_units),
        "rows": len(run.inputs),
        "epochs": reel.epochs.tolist(),
        "targets": run.targets.ravel().tolist(),
        "x": run.inputs.ravel().tolist(),
        "state": state,
        "name": repr(run.settings),
        "colours": {"positive": BLUE, "negative": ORANGE, "past": GREY},
    }
    return numbers.packed(facts, reel.to_bytes())


def state_at_rest() -> int | None:
    """Return the number of the state where the player has come to rest."""
    rest: int | None = st.session_state[PLAYER].rest
    return rest
