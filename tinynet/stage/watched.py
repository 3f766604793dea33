"""WatchedFilm -> the message from which the player draws it, and the story of its loss."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from tinynet.analysis.diagnosis.curve import Curve
from tinynet.analysis.diagnosis.stories import story_of_loss
from tinynet.charts import LossChart, Losses, Scale, as_json
from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.features import INPUTS
from tinynet.registry.losses import BCE, LOSSES
from tinynet.registry.pytorch import evaluate
from tinynet.registry.tasks import TASKS
from tinynet.stage.figures import figures_of_watched
from tinynet.stage.losses import on_all_scales
from tinynet.stage.message import (
    LONGEST_INPUT,
    PlayerView,
    most_dots,
    of_view,
    shortened,
    with_states,
)
from tinynet.training.film import MOST_ROWS, Film
from tinynet.training.record import FloatArray
from tinynet.training.watched import WatchedFilm

MOST_POINTS = 2_000  # training points of the plane, and as many test points
NO_EPOCH = "No epoch has been recorded yet."


def story_of(watched: WatchedFilm) -> str:
    """Say what the loss did, and what the picture leaves out."""
    return " ".join(filter(None, (_loss_in_words(watched), watched.obstacle, _left_out(watched))))


def chart_of(watched: WatchedFilm) -> LossChart:
    """Lay out the losses of a loop, with the baseline if the criterion is one of ours."""
    return LossChart.of_losses(_losses(watched))


def losses_alone(watched: WatchedFilm) -> bytes:
    """Return the loss chart alone, for a model that cannot be drawn."""
    chart, scale = chart_of(watched), Scale.LINEAR
    description, story = chart.scales[scale].description, story_of(watched)
    facts = {"script": "", "description": description, "name": "loss", "story": story}
    return f'{json.dumps(facts)[:-1]}, "figure": {as_json(chart.figure(scale))}}}'.encode()


def packed_film(watched: WatchedFilm, reel: Film) -> bytes:
    """Return a film of a loop and its facts as bytes for the browser."""
    chain, x, test = watched.drawn, watched.rows.inputs, watched.test
    task = TASKS[watched.outputs.task]
    kind = "training rows" if test else "rows"
    facts = {
        "name": repr(watched),
        "story": story_of(watched),
        "widths": chain.widths,
        "names": [shortened(each, LONGEST_INPUT) for each in watched.names],
        "classNames": [],
        "rows": len(x[:MOST_ROWS]),
        "areAllRows": len(x) <= MOST_ROWS,
        "x": x[:MOST_ROWS].ravel().tolist(),
        "targets": watched.rows.targets[:MOST_ROWS].ravel().tolist(),
        "classes": task.has_classes,
        "shutsOff": ACTIVATIONS["relu"].code in chain.activations[:1],
        "whose": f"all {kind}" if len(x) <= MOST_ROWS else f"the first {MOST_ROWS} {kind}",
        "lossName": f"loss of all {kind}",
        **of_view(PlayerView(None, plays=True)),
        "of": watched.epochs,
        "isFinished": True,
        "goesOnFrom": None,
        "picksRows": False,
        "rates": None,  # only the loop knows its learning rate
        "lastLayersRates": None,
        "field": _field(watched),
        "scatter": _scatter(watched),
        "easel": None,
        "shape": None,
        "chart": on_all_scales(chart_of(watched), ""),
        "figures": figures_of_watched(watched, _losses(watched).measure, reel),
    }
    return with_states(facts, reel)


def _losses(watched: WatchedFilm) -> Losses:
    criterion = watched.criterion
    plain = [each for each in LOSSES.values() if not each.balances]
    loss = next((each for each in plain if _is(criterion, each.code)), None)
    if _is(criterion, "nn.BCEWithLogitsLoss()"):
        loss = BCE
    name = getattr(criterion, "__name__", type(criterion).__name__)
    targets = watched.rows.targets.astype(np.float64)
    return Losses(
        watched.every_loss,
        watched.every_test_loss,
        watched.epochs,
        f"mean {loss.row_label}" if loss else name,
        loss.baseline_of(targets) if loss else 0.0,
        loss.baseline_name if loss else "",
    )


def _is(criterion: object, code: str) -> bool:
    """Tell whether a criterion is what this code creates, with the same options."""
    other = evaluate(code)
    if type(criterion) is not type(other):
        return False
    ours, theirs = (
        {name: value for name, value in vars(each).items() if not name.startswith("_")}
        for each in (other, criterion)
    )
    buffers = vars(criterion)["_buffers"].values()
    return ours == theirs and all(each is None for each in buffers)


def _loss_in_words(watched: WatchedFilm) -> str:
    losses = watched.every_loss.astype(np.float64)
    if not watched.epochs:
        return NO_EPOCH
    if not np.isfinite(losses).all():
        state = int(np.flatnonzero(~np.isfinite(losses))[0])
        return f"After {state:,} epochs the loss was no longer a finite number."
    return f"{story_of_loss(Curve('The loss', np.arange(len(losses)), losses)).words}."


def _left_out(watched: WatchedFilm) -> str:
    """Name the modules that the picture does not draw."""
    names = sorted({type(each).__name__ for each in watched.model.modules()})
    names = [each for each in names if "Dropout" in each or "BatchNorm" in each]
    if not names or watched.obstacle:
        return ""
    return (
        f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} not drawn; "
        "the numbers are those of the evaluation mode."
    )


def _functions(watched: WatchedFilm) -> dict[str, Any] | None:
    """Return the functions that the browser needs to run the network; None if any is missing."""
    *hidden, _ = watched.drawn.activations
    last = watched.outputs.activation
    known = {each.code for each in ACTIVATIONS.values() if each.javascript}
    codes = {*hidden, last}
    if len(set(hidden)) > 1 or codes - known or watched.drawn.has_norm:
        return None
    return {"features": INPUTS, "activation": hidden[0] if hidden else last, "last": last}


def _field(watched: WatchedFilm) -> dict[str, Any] | None:
    """Return what the browser needs to paint outputs over the plane or line of the inputs."""
    inputs, functions = watched.rows.inputs.shape[1], _functions(watched)
    if inputs > len(INPUTS) or functions is None:
        return None
    x, y, x_test, y_test = _first_rows(watched, MOST_POINTS)
    points = {"points": x, "targets": y, "testPoints": x_test, "testTargets": y_test}
    return {"dimensions": inputs, "functions": functions, **points}


def _scatter(watched: WatchedFilm) -> dict[str, Any] | None:
    """Return what the browser needs to plot predictions against targets, for more inputs."""
    functions, is_plane = _functions(watched), watched.rows.inputs.shape[1] <= len(INPUTS)
    if is_plane or watched.outputs.task != "regression" or functions is None:
        return None
    most = most_dots(watched.parameter_count, watched.rows.inputs.shape[1])
    x, y, x_test, y_test = _first_rows(watched, most)
    rows = {"inputs": x, "targets": y, "testInputs": x_test, "testTargets": y_test}
    are_all = len(x) == len(watched.rows.x)
    are_all_tests = watched.test is None or len(x_test) == len(watched.test.x)
    return {"functions": functions, **rows, "areAll": are_all, "areAllTests": are_all_tests}


def _first_rows(watched: WatchedFilm, most: int) -> list[FloatArray]:
    """Return the first inputs and targets of the training rows and of the test rows."""
    rows = watched.rows
    x, y = rows.inputs, rows.targets
    x_test, y_test = (watched.test.inputs, watched.test.targets) if watched.test else (x[:0], y[:0])
    return [each[:most] for each in (x, y, x_test, y_test)]
