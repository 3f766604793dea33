"""Run -> the one message from which the player draws the network, the losses and the figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tinynet.charts.colours import BLUE, OF_CLASSES, ORANGE
from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.features import FEATURES, INPUTS
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.settings import Settings
from tinynet.settings.knobs import INPUT_FEATURES
from tinynet.stage import numbers
from tinynet.stage.figures import figures_of
from tinynet.stage.losses import losses_of
from tinynet.stage.strokes import Stroke, easel
from tinynet.training.film import MOST_ROWS, Film, film
from tinynet.training.rates import learning_rates
from tinynet.training.run import Run

LONGEST_INPUT, LONGEST_CLASS = 20, 16  # characters of a name
MOST_DOTS = 500  # training rows, and as many test rows
MOST_PRODUCTS = 2_000_000  # of each; more are not painted 60 times a second


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
    plotly: str = ""  # where plotly's script is served, seen from the page
    call: float = 0.0  # another each time, for the browser passes over what it was told last


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
    return {"chart": losses_of(run, view.previous, view.plotly), **figures}


def _rates(run: Run, reel: Film, group: int) -> list[float] | None:
    """Return the learning rate at each state, where a step is no more than rate times gradient.

    Group -1 is the last layer; it may have its own.
    """
    settings = run.settings
    optimizer = OPTIMIZERS[settings.optimizer]
    is_plain = optimizer.is_plain and not settings.l2 and not settings.clip
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
    have_names = INPUT_FEATURES.applies(settings)
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
