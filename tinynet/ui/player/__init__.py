"""The player: the network moving through its training, in the browser, without the server.

It gets a run's film once, as bytes (at most 2 MB), and draws it: play, pause, step and scrub ask
nothing of the server, which hears only where the player comes to rest.

film.js    where a film's numbers stand, how they are scaled, placed and told; pure
player.js  what draws them, and listens
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from tinynet.colours import BLUE, GREY, ORANGE
from tinynet.film import MOST_ROWS, film
from tinynet.parts.features import FEATURES
from tinynet.run import Run
from tinynet.settings.knobs import INPUT_FEATURES
from tinynet.ui import numbers

HERE = Path(__file__).parent
PLAYER = "player"
SCRIPT = numbers.SCRIPT + "".join((HERE / name).read_text() for name in ("film.js", "player.js"))
_mount = st.components.v2.component(
    "tinynet_player",
    html=(HERE / "player.html").read_text(),
    css=(HERE / "player.css").read_text(),
    js=SCRIPT,
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
        **_facts(run),
        "epochs": reel.epochs.tolist(),
        "state": state,
        "colours": {"positive": BLUE, "negative": ORANGE, "past": GREY},
    }
    return numbers.packed(facts, reel.to_bytes())


def _facts(run: Run) -> dict[str, Any]:
    """Return what the browser must know of a run beside its states: of its first rows alone."""
    settings, x = run.settings, run.inputs[:MOST_ROWS]
    have_names = INPUT_FEATURES.matters(settings)
    return {
        "name": repr(settings),
        "widths": [x.shape[1], *settings.hidden_units, 1],
        "names": [FEATURES[name].label for name in settings.features] if have_names else [],
        "rows": len(x),
        "x": x.ravel().tolist(),
        "targets": run.targets[:MOST_ROWS].ravel().tolist(),
        "classes": run.task == "classes",
        "whose": _whose(run),
        # With batches, the script prints the mean of an epoch's batches, which is of no one state.
        "lossName": "loss of all training rows" if settings.batch_size else "loss",
    }


def _whose(run: Run) -> str | None:
    """Return which rows the film shows, in words; None if they are the one batch of the run."""
    kind = "training rows" if run.has_test else "rows"
    if len(run.inputs) > MOST_ROWS:
        return f"the first {MOST_ROWS} {kind}"
    if run.has_test or run.settings.batch_size:
        return f"all {kind}"
    return None


def state_at_rest() -> int | None:
    """Return the number of the state where the player has come to rest."""
    rest: int | None = st.session_state[PLAYER].rest
    return rest
