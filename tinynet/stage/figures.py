"""The figures below the network: one function each.

The browser computes a figure with an empty value in each state: see `figures.js`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite
from typing import Any

from tinynet.analysis.diagnosis.words import loss_text
from tinynet.registry.losses import LOSSES
from tinynet.registry.tasks import TASKS, Task
from tinynet.training.film import Film, Scores
from tinynet.training.record import FloatArray
from tinynet.training.run import Run
from tinynet.training.scores import of_classes, r_squared_of
from tinynet.training.watched import WatchedFilm


def figures_of(run: Run, reel: Film) -> dict[str, Any]:
    """Return the figures, and the scores and losses of each state."""
    settings = run.settings
    measure = f"mean {LOSSES[settings.loss].row_label}"
    widths = (run.inputs.shape[1], *settings.hidden_units, settings.outputs)
    figures = _figures(measure, settings.task, run.targets, widths)
    return assembled([*figures, _training_time(run)], reel, run.targets, run.test_targets)


def figures_of_watched(watched: WatchedFilm, measure: str, reel: Film) -> dict[str, Any]:
    """Return the same for a film of a loop, whose training time is unknown."""
    rows, test = watched.rows, watched.test
    targets, task = rows.targets, TASKS[watched.outputs.task]
    figures = _figures(measure, task, targets, watched.drawn.widths)
    return assembled(figures, reel, targets, test.targets if test else targets[:0])


def assembled(
    figures: list[dict[str, str]], reel: Film, targets: FloatArray, test_targets: FloatArray
) -> dict[str, Any]:
    """Return figures with the scores and losses of each state."""
    return {
        "rows": len(targets),
        "testRows": len(test_targets),
        "scores": _finite_or_none(reel.scores),
        "testScores": _finite_or_none(reel.test_scores),
        "testLosses": [loss_text(each) for each in reel.test_losses.tolist()],
        "each": figures,
    }


def _figures(
    measure: str, task: Task, targets: FloatArray, widths: Sequence[int]
) -> list[dict[str, str]]:
    return [
        _figure("loss", "Loss", f"The {measure} in the current state."),
        _correct_rows(task, targets) if task.has_classes else _r_squared(targets),
        _parameters(widths),
    ]


def _finite_or_none(values: Scores) -> list[float | None]:
    return [value if isfinite(value) else None for value in values.tolist()]


def _correct_rows(task: Task, targets: FloatArray) -> dict[str, str]:
    majority = of_classes(task.majority_class)(targets)
    correct = int((targets == majority).sum())
    rule = (
        "The class with the largest output is the prediction."
        if task.has_output_per_class
        else "A prediction above 0.5 means class 1."
    )
    meaning = (
        f"{rule} Baseline: always answering class {majority}, the most frequent one, gets "
        f"{correct} rows right without learning anything."
    )
    return _figure("score", "Correct", meaning, note=f"always class {majority}: {correct}")


def _r_squared(targets: FloatArray) -> dict[str, str]:
    return _figure(
        "score",
        "R²",
        "The share of the targets' variance that the predictions explain: 1 if all are exact, 0 "
        "for always answering the mean of the targets, below 0 if worse.",
        note="all targets equal"
        if r_squared_of(targets, targets) is None
        else "exact: 1, the mean: 0",
    )


def _parameters(widths: Sequence[int]) -> dict[str, str]:
    count = sum(outputs * (inputs + 1) for inputs, outputs in pairwise(widths))
    return _figure(
        "parameters",
        "Parameters",
        "The weights and biases that training adjusts. Below: the number of inputs, of units in "
        "each hidden layer, and of outputs.",
        f"{count:,}",
        "-".join(map(str, widths)),
    )


def _training_time(run: Run) -> dict[str, str]:
    return _figure(
        "time",
        "Training time",
        f"How long training took, in one thread, with PyTorch {run.torch_version} on "
        f"{run.processor}. Each run is trained once and then kept for everyone.",
        f"{1000 * run.seconds:,.0f} ms",
        f"on {run.device}",
    )


def _figure(name: str, label: str, meaning: str, value: str = "", note: str = "") -> dict[str, str]:
    return {"name": name, "label": label, "value": value, "note": note, "meaning": meaning}
