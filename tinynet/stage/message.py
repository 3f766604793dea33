"""Run -> the message from which the player draws the network, the losses and the figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tinynet.analysis.diagnosis.words import loss_text
from tinynet.analysis.measures import row_of
from tinynet.charts.colours import BLUE, OF_CLASSES, ORANGE
from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.features import FEATURES, INPUTS
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.settings import Settings
from tinynet.settings.knobs import INPUT_FEATURES
from tinynet.stage import numbers
from tinynet.stage.figures import figures_of
from tinynet.stage.losses import losses_of
from tinynet.stage.pixels import pixels_of
from tinynet.stage.shape import shape_of
from tinynet.stage.strokes import Stroke, easel
from tinynet.training.film import MOST_ROWS, Film, film
from tinynet.training.one_row import OneRow, film_of_row
from tinynet.training.prediction import data_of
from tinynet.training.rates import learning_rates
from tinynet.training.run import Run
from tinynet.user_data import Table

LONGEST_INPUT, LONGEST_CLASS = 20, 16  # characters of a name
OTHER_RUN = "the other run"
MOST_DOTS = 500  # training rows, and as many test rows
MOST_INPUTS = 15_000  # numbers of the training rows, and as many of the test rows
MOST_PRODUCTS = 2_000_000  # weights times rows, for the browser to paint 60 times a second


@dataclass(frozen=True)
class PlayerView:
    """What the player shows of a run."""

    state: int | None  # None is the last state; with `opens_epochs`, the last but one
    jumps: int = 0  # how often the page has set the sliders
    moves: int = 0  # a new number moves the player to `state`, wherever the visitor left it
    opens_epochs: bool = False
    paints: bool = True  # whether the visitor may paint points
    stroke: Stroke | None = None  # the last painted stroke
    plays: bool = False  # whether it plays the run once, as when the page opens
    is_beside: bool = False  # whether it follows the stage's player and tells the server nothing
    goes_on_from: int | None = None  # the state from which a continued run plays once
    previous: Run | None = None  # the run whose losses are a grey line in the background
    is_paired: bool = False  # whether `previous` is shown beside the run
    row: int | None = None  # the number, in the file, of the only row whose values are shown
    plotly: str = ""  # the address of plotly's script
    call: float = 0.0  # differs each time, because the browser ignores an unchanged message


def packed(run: Run, view: PlayerView | None = None, reel: Film | None = None) -> bytes:
    """Return the film of a run, or a shorter film, and its facts as bytes for the browser."""
    view = view or PlayerView(None)
    row = None if view.row is None else row_of(run, view.row)
    reel = reel or (film_of_row(run, row) if row else film(run))
    facts = {
        **_facts(run),
        **(_facts_of_row(run, row) if row else {}),
        **of_view(view),
        "of": len(run.losses) if run.finished else run.settings.epochs,
        "isFinished": run.finished,
        "goesOnFrom": view.goes_on_from if run.finished else None,
        "picksRows": view.opens_epochs and not run.settings.batch_size,  # batches have other rows
        "rates": _rates(run, reel, 0),
        "lastLayersRates": _rates(run, reel, -1),
        "field": _field(run),
        "scatter": _scatter(run),
        "unit": _unit(run.settings),
        "pixels": pixels_of(run, _functions(run.settings), is_asked=not view.opens_epochs),
        "easel": easel(run.settings, view.stroke) if _paints(view) else None,
        "shape": shape_of(run.settings) if _paints(view) else None,
        **({} if view.opens_epochs else _beside(run, reel, view)),
    }
    return with_states(facts, reel)


def of_view(view: PlayerView) -> dict[str, Any]:
    """Return what a view alone tells the player."""
    return {
        "state": view.state,
        "call": view.call,
        "jumps": view.jumps,
        "moves": view.moves,
        "plays": view.plays,
        "opensEpochs": view.opens_epochs,
        "isBeside": view.is_beside,
    }


def with_states(facts: dict[str, Any], reel: Film) -> bytes:
    """Return facts and the states of a film as bytes for the browser."""
    states = reel.to_bytes()
    facts |= {
        "epochs": reel.epochs.tolist(),
        "losses": [loss_text(each) for each in reel.losses.tolist()],
        "colours": {"positive": BLUE, "negative": ORANGE, "classes": OF_CLASSES},
        "fieldStart": len(states) // 4,  # counted in numbers
    }
    return numbers.packed(facts, states)


def _paints(view: PlayerView) -> bool:
    return view.paints and not view.opens_epochs and not view.is_beside


def _beside(run: Run, reel: Film, view: PlayerView) -> dict[str, Any]:
    """Return what is drawn beside the network: the losses and the figures."""
    name = OTHER_RUN if view.is_paired else ""
    chart = losses_of(run, view.previous, view.plotly, name)
    return {"chart": chart, "figures": figures_of(run, reel)}


def _rates(run: Run, reel: Film, group: int) -> list[float] | None:
    """Return the learning rate at each state, if a step is just the rate times the gradient.

    Group -1 is the last layer, which may have its own rate.
    """
    settings = run.settings
    optimizer = OPTIMIZERS[settings.optimizer]
    is_plain = optimizer.is_plain and not settings.l2 and not settings.clip
    if not is_plain or settings.batch_size or reel.epochs[1] > 1:
        return None
    rates = learning_rates(settings)
    return [rates[min(state, len(rates) - 1)][group] for state in reel.epochs.tolist()]


def _field(run: Run) -> dict[str, Any] | None:
    """Return what the browser needs to paint outputs over the plane or line of the inputs.

    None if the inputs are not points of a plane or a line.
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
    """Return what the browser needs to plot predictions against targets.

    None except for a regression with more than two inputs; only the first rows are included.
    """
    functions = _functions(run.settings)
    if len(run.points) or run.has_classes or functions is None:
        return None
    most = _most_drawn(run)
    return {
        "functions": functions,
        "inputs": run.inputs[:most],
        "targets": run.targets[:most],
        "testInputs": run.test_inputs[:most],
        "testTargets": run.test_targets[:most],
        "areAll": len(run.inputs) <= most,
        "areAllTests": len(run.test_inputs) <= most,
    }


def most_dots(parameters: int, columns: int) -> int:
    """Return how many training rows to plot, and how many test rows."""
    return min(MOST_DOTS, MOST_PRODUCTS // parameters, MOST_INPUTS // columns)


def _unit(settings: Settings) -> dict[str, Any] | None:
    """Return what turns standardised targets into the unit of their file; None without a unit."""
    table = settings.data
    scale = data_of(settings).y_scale if settings.data_set.y_scaled else None
    if not isinstance(table, Table) or scale is None:
        return None
    mean, deviation = (each.item() for each in scale)
    return {
        "name": shortened(table.target, LONGEST_INPUT),
        "mean": mean,
        "deviation": deviation,
        "isDate": table.sheet.column(table.target).is_days,
    }


def _functions(settings: Settings) -> dict[str, Any] | None:
    """Return the names of the features and activations; None if one has no JavaScript.

    The names are the keys in `stage.assets.functions`.
    """
    hidden, last = ACTIVATIONS[settings.activation], settings.task.last
    texts = [FEATURES[name].javascript for name in settings.features]
    if not all([*texts, hidden.javascript, (last or hidden).javascript]):
        return None
    names = {"features": settings.features, "activation": hidden.code}
    return names | {"last": last.code if last else None}


def _facts(run: Run) -> dict[str, Any]:
    """Return the facts of a run besides its states, limited to its first rows."""
    settings, x = run.settings, run.inputs[:MOST_ROWS]
    return {
        "name": repr(settings) if run.finished else f"{settings!r} until {len(run.losses)}",
        "widths": [x.shape[1], *settings.hidden_units, settings.outputs],
        "names": _names(settings),
        "classNames": [shortened(each, LONGEST_CLASS) for each in settings.data_set.class_names],
        "rows": len(x),
        "areAllRows": len(x) == len(run.inputs),
        "x": x.ravel().tolist(),
        "targets": run.targets[:MOST_ROWS].ravel().tolist(),
        "classes": run.has_classes,
        "shutsOff": ACTIVATIONS[settings.activation].shuts_off,
        "whose": _rows_in_words(run),
        # With batches, the script prints the mean loss of an epoch's batches instead.
        "lossName": "loss of all training rows" if settings.batch_size else "loss",
    }


def _facts_of_row(run: Run, row: OneRow) -> dict[str, Any]:
    """Return the facts of a film that has only this row."""
    most = _most_drawn(run)
    first = min(len(run.inputs), most) if row.is_test else 0
    is_drawn = len(run.points) or row.place < most
    return {
        "name": f"{run.settings!r}, row {row.number}",
        "rows": 1,
        "areAllRows": False,
        "x": row.inputs(run)[row.place].tolist(),
        "targets": row.targets(run)[row.place].tolist(),
        "whose": f"row {row.number} of the file",
        "only": {"name": str(row.number), "point": first + row.place if is_drawn else -1},
    }


def _most_drawn(run: Run) -> int:
    """Return how many of the training rows are drawn."""
    if len(run.points):
        return len(run.inputs)
    return most_dots(run.parameter_count, run.inputs.shape[1])


def _names(settings: Settings) -> list[str]:
    """Return the names of the inputs; empty if they have no names."""
    names = settings.data_set.input_names
    if settings.features == INPUTS and names:
        return [shortened(each, LONGEST_INPUT) for each in names]
    have_names = INPUT_FEATURES.applies(settings)
    return [FEATURES[name].label for name in settings.features] if have_names else []


def shortened(name: str, most: int) -> str:
    """Return a name with at most this number of characters."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _rows_in_words(run: Run) -> str | None:
    """Say which rows the film shows; None if they are the only batch."""
    kind = "training rows" if run.has_test else "rows"
    if len(run.inputs) > MOST_ROWS:
        return f"the first {MOST_ROWS} {kind}"
    if run.has_test or run.settings.batch_size:
        return f"all {kind}"
    return None
