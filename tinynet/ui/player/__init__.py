"""The player: the network moving through its training, in the browser, without the server.

It gets a run's film once, as bytes (at most 2 MB), and draws it: play, pause, step and scrub ask
nothing of the server, which hears only where the player comes to rest.

film.js     where a film's numbers stand, how they are scaled, placed and told; pure
field.js    what the network makes of the whole plane, or line; pure
answers.js  draws what it answers: row by row, as a plane or as a curve
player.js   draws the network, and listens
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from tinynet.colours import BLUE, ORANGE
from tinynet.film import MOST_ROWS, film
from tinynet.parts.activations import ACTIVATIONS, LAST
from tinynet.parts.features import FEATURES
from tinynet.run import Run
from tinynet.settings.knobs import INPUT_FEATURES
from tinynet.ui import numbers

HERE = Path(__file__).parent
PLAYER = "player"
PARTS = ("film.js", "field.js", "answers.js", "player.js")
SCRIPT = numbers.SCRIPT + "".join((HERE / name).read_text() for name in PARTS)
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
    reel = _film(run) if run.finished else film(run)  # one in progress has another at once
    states, cargo = reel.to_bytes(), numbers.Cargo()
    facts = {
        **_facts(run),
        "epochs": reel.epochs.tolist(),
        "of": len(run.losses) if run.finished else run.settings.epochs,  # one that broke ends there
        "state": state,
        "colours": {"positive": BLUE, "negative": ORANGE},
        "field": _field(run, cargo),
        "fieldStart": len(states) // 4,  # in numbers, behind those of the states
    }
    return numbers.packed(facts, states + cargo.to_bytes())


def _field(run: Run, cargo: numbers.Cargo) -> dict[str, Any] | None:
    """Return what the browser paints the plane or the line from, if the run is of one.

    All rows lie there, and functions as texts in JavaScript: the features of a place, and what
    follows each layer. None where one of them has no such text.
    """
    hidden, last = ACTIVATIONS[run.settings.activation], LAST[run.task]
    functions = {
        "features": [FEATURES[name].javascript for name in run.settings.features],
        "activation": hidden.javascript,
        "last": last.javascript if last else "x",
    }
    if not len(run.points) or not all([*functions["features"], *functions.values()]):
        return None
    return {
        "dimensions": run.points.shape[1],
        "functions": functions,
        "points": cargo.place(run.points),
        "targets": cargo.place(run.targets),
        "testPoints": cargo.place(run.test_points),
        "testTargets": cargo.place(run.test_targets),
    }


def _facts(run: Run) -> dict[str, Any]:
    """Return what the browser must know of a run beside its states: of its first rows alone."""
    settings, x = run.settings, run.inputs[:MOST_ROWS]
    have_names = INPUT_FEATURES.matters(settings)
    return {
        "name": repr(settings) if run.finished else f"{settings!r} until {len(run.losses)}",
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
