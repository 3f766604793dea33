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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from tinynet.colours import BLUE, OF_CLASSES, ORANGE
from tinynet.film import MOST_ROWS, Film, film
from tinynet.parts.activations import ACTIVATIONS
from tinynet.parts.features import FEATURES, INPUTS
from tinynet.rates import learning_rates
from tinynet.run import Run
from tinynet.settings import Settings
from tinynet.settings.knobs import INPUT_FEATURES
from tinynet.ui import chart, numbers
from tinynet.ui.asking import heard
from tinynet.ui.player.curve import losses_of
from tinynet.ui.player.figures import figures_of
from tinynet.ui.scripts import served
from tinynet.ui.strokes import Stroke, easel, read_stroke

HERE = Path(__file__).parent
PLAYER = "player"
LONGEST_INPUT, LONGEST_CLASS = 20, 16  # characters of a name
MOST_DOTS = 500  # training rows, and as many test rows
MOST_PRODUCTS = 2_000_000  # of each; more are not painted 60 times a second
PARTS = (
    *("film", "field", "pen", "dots", "key", "answers", "paint"),
    *("opening", "curve", "figures", "player"),
)
SCRIPT = (
    numbers.SCRIPT
    + chart.DRAWING
    + "".join((HERE / f"{name}.js").read_text(encoding="utf-8") for name in PARTS)
)
HTML = (HERE / "player.html").read_text(encoding="utf-8").replace("<!-- chart -->", chart.BOX)
STYLE = chart.STYLE + "".join(
    (HERE / f"{name}.css").read_text(encoding="utf-8") for name in ("player", "beside")
)
_mount = st.components.v2.component(
    "tinynet_player", html=HTML, css=numbers.STYLE + STYLE, js=served("player", SCRIPT)
)


@dataclass(frozen=True)
class PlayerView:
    """What the player is to show of a run; None is the last state.

    With a run of another number of jumps it goes there, whatever the visitor looked at before. One
    that opens epochs goes to the state before the last, from which the last epoch is not far.
    """

    state: int | None
    jumps: int = 0
    opens_epochs: bool = False
    stroke: Stroke | None = None  # the last that was painted
    plays: bool = False  # by itself, once, for whoever opens the page
    goes_on_from: int | None = (
        None  # the state from which it plays once, where a run was trained on
    )
    previous: Run | None = None  # whose losses are a grey line behind this one's
    has_figures: bool = True
    call: float = 0.0  # another each time, for the browser passes over what it was told last


def draw_player(run: Run, view: PlayerView, on_paint: Callable[[], None]) -> None:
    """Draw the player; `painted` says what the visitor has painted in it."""
    _mount(key=PLAYER, data=packed(run, view), on_paint_change=on_paint)


def packed(run: Run, view: PlayerView | None = None) -> bytes:
    """Return the film of a run, and the few facts that it needs, for the browser."""
    view = view or PlayerView(None)
    reel = film(run)
    states = reel.to_bytes()
    facts = {
        **_facts(run),
        "epochs": reel.epochs.tolist(),
        "of": len(run.losses) if run.finished else run.settings.epochs,  # one that broke ends there
        "state": view.state,
        "call": view.call,
        "jumps": view.jumps,
        "plays": view.plays and run.finished,  # one in progress is seen to learn as it is
        "goesOnFrom": view.goes_on_from if run.finished else None,
        "opensEpochs": view.opens_epochs,
        # Those of a batch are others.
        "picksRows": view.opens_epochs and not run.settings.batch_size,
        "rates": _rates(run, reel, 0),
        "lastLayersRates": _rates(run, reel, -1),
        "colours": {"positive": BLUE, "negative": ORANGE, "classes": OF_CLASSES},
        "field": _field(run),
        "scatter": _scatter(run),
        "easel": None if view.opens_epochs else easel(run.settings, view.stroke),
        **({} if view.opens_epochs else _beside(run, reel, view)),
        "fieldStart": len(states) // 4,  # in numbers, behind those of the states
    }
    return numbers.packed(facts, states)


def _beside(run: Run, reel: Film, view: PlayerView) -> dict[str, Any]:
    """Return what stands beside the network: the losses, and the figures if they are wanted."""
    figures = {"figures": figures_of(run, reel)} if view.has_figures else {}
    return {"chart": losses_of(run, view.previous), **figures}


def _rates(run: Run, reel: Film, group: int) -> list[float] | None:
    """Return the learning rate at each state, where a step is no more than rate times gradient.

    Group -1 is the last layer; it may have its own.
    """
    settings = run.settings
    is_plain = settings.optimizer == "sgd" and not settings.l2 and not settings.clip
    if not is_plain or settings.batch_size or reel.epochs[1] > 1:
        return None
    rates = learning_rates(settings)
    return [rates[min(state, len(rates) - 1)][group] for state in reel.epochs.tolist()]


def _field(run: Run) -> dict[str, Any] | None:
    """Return what the browser paints the plane or the line from, if the run is of one.

    All rows lie there.
    """
    functions = _functions(run.settings)
    if not len(run.points) or functions is None:
        return None
    return {
        "dimensions": run.points.shape[1],
        "functions": functions,
        "points": run.points,
        "targets": run.targets,
        "testPoints": run.test_points,
        "testTargets": run.test_targets,
    }


def _scatter(run: Run) -> dict[str, Any] | None:
    """Return what the browser paints predictions against targets from.

    That is done for numbers that more inputs tell than a plane has; of many rows, for the first.
    """
    functions = _functions(run.settings)
    if len(run.points) or run.has_classes or functions is None:
        return None
    most = min(MOST_DOTS, MOST_PRODUCTS // run.parameter_count)
    return {
        "functions": functions,
        "inputs": run.inputs[:most],
        "targets": run.targets[:most],
        "testInputs": run.test_inputs[:most],
        "testTargets": run.test_targets[:most],
        "areAll": len(run.inputs) <= most,
        "areAllTests": len(run.test_inputs) <= most,
    }


def _functions(settings: Settings) -> dict[str, Any] | None:
    """Return what the browser passes rows forward by, in JavaScript; None where a text is missing.

    That is the features of a place, and what follows each layer.
    """
    hidden, last = ACTIVATIONS[settings.activation], settings.task.last
    features = [FEATURES[name].javascript for name in settings.features]
    activation, end = hidden.javascript, last.javascript if last else "x"
    is_whole = all([*features, activation, end])
    return {"features": features, "activation": activation, "last": end} if is_whole else None


def _facts(run: Run) -> dict[str, Any]:
    """Return what the browser must know of a run beside its states: of its first rows alone."""
    settings, x = run.settings, run.inputs[:MOST_ROWS]
    return {
        "name": repr(settings) if run.finished else f"{settings!r} until {len(run.losses)}",
        "widths": [x.shape[1], *settings.hidden_units, settings.outputs],
        "names": _names(settings),
        "classNames": [_cut(each, LONGEST_CLASS) for each in settings.data_set.class_names],
        "rows": len(x),
        "areAllRows": len(x) == len(run.inputs),
        "x": x.ravel().tolist(),
        "targets": run.targets[:MOST_ROWS].ravel().tolist(),
        "classes": run.has_classes,
        "shutsOff": ACTIVATIONS[settings.activation].shuts_off,
        "whose": _whose(run),
        # With batches, the script prints the mean of an epoch's batches, which is of no one state.
        "lossName": "loss of all training rows" if settings.batch_size else "loss",
    }


def _names(settings: Settings) -> list[str]:
    """Return what the inputs are called, where they have names."""
    own = settings.data_set.input_names
    if settings.features == INPUTS and own:
        return [_cut(each, LONGEST_INPUT) for each in own]
    have_names = INPUT_FEATURES.matters(settings)
    return [FEATURES[name].label for name in settings.features] if have_names else []


def _cut(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _whose(run: Run) -> str | None:
    """Return which rows the film shows, in words; None if they are the one batch of the run."""
    kind = "training rows" if run.has_test else "rows"
    if len(run.inputs) > MOST_ROWS:
        return f"the first {MOST_ROWS} {kind}"
    if run.has_test or run.settings.batch_size:
        return f"all {kind}"
    return None


def painted() -> Stroke | None:
    """Return what was painted; None if it makes no sense, but is forged."""
    return read_stroke(heard(PLAYER, "paint"))
