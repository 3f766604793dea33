"""The figures below the network: one function each.

The browser computes a figure with an empty value in each state: see `figures.js`.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

from tinynet.analysis.diagnosis.words import loss_text
from tinynet.registry.losses import LOSSES
from tinynet.training.film import Film, Scores
from tinynet.training.run import Run


def figures_of(run: Run, reel: Film) -> dict[str, Any]:
    """Return the figures, and the scores and losses of each state."""
    return {
        "rows": len(run.targets),
        "testRows": len(run.test_targets),
        "scores": _finite_or_none(reel.scores),
        "testScores": _finite_or_none(reel.test_scores),
        "testLosses": [loss_text(each) for each in reel.test_losses.tolist()],
        "each": [
            _loss(run),
            _correct_rows(run) if run.has_classes else _r_squared(run),
            _parameters(run),
            _training_time(run),
        ],
    }


def _finite_or_none(values: Scores) -> list[float | None]:
    return [value if isfinite(value) else None for value in values.tolist()]


def _loss(run: Run) -> dict[str, str]:
    measure = LOSSES[run.settings.loss].row_label
    return _figure("loss", "Loss", f"The mean {measure} in the current state.")


def _correct_rows(run: Run) -> dict[str, str]:
    majority, correct = run.majority_class, run.correct_by_majority
    rule = (
        "The class with the largest output is the prediction."
        if run.settings.task.has_output_per_class
        else "A prediction above 0.5 means class 1."
    )
    meaning = (
        f"{rule} Baseline: always answering class {majority}, the most frequent one, gets "
        f"{correct} rows right without learning anything."
    )
    return _figure("score", "Correct", meaning, note=f"always class {majority}: {correct}")


def _r_squared(run: Run) -> dict[str, str]:
    return _figure(
        "score",
        "R²",
        "The share of the targets' variance that the predictions explain: 1 if all are exact, 0 "
        "for always answering the mean of the targets, below 0 if worse.",
        note="all targets equal" if run.r_squared is None else "exact: 1, the mean: 0",
    )


def _parameters(run: Run) -> dict[str, str]:
    widths = (run.inputs.shape[1], *run.settings.hidden_units, run.settings.outputs)
    return _figure(
        "parameters",
        "Parameters",
        "The weights and biases that training adjusts. Below: the number of inputs, of units in "
        "each hidden layer, and of outputs.",
        f"{run.parameter_count:,}",
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
