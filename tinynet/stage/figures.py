"""The figures below the network: what they say of each state of a film, and what they mean."""

from __future__ import annotations

from math import isfinite
from typing import Any

from tinynet.registry.losses import LOSSES
from tinynet.training.film import Film, Scores
from tinynet.training.run import Run


def figures_of(run: Run, reel: Film) -> dict[str, Any]:
    """Return what the browser says of each state, figure by figure."""
    return {
        "rows": len(run.targets),
        "testRows": len(run.test_targets),
        "scores": _known(reel.scores),
        "testScores": _known(reel.test_scores),
        "testLosses": reel.test_losses,
        "each": [
            _of_the_loss(run),
            _of_classes(run) if run.has_classes else _of_numbers(run),
            _of_the_network(run),
            _of_the_time(run),
        ],
    }


def _known(values: Scores) -> list[float | None]:
    return [value if isfinite(value) else None for value in values.tolist()]


def _of_the_loss(run: Run) -> dict[str, str]:
    measure = LOSSES[run.settings.loss].row_label
    return _figure("loss", "Loss", f"The mean {measure} in the state that is shown.")


def _of_classes(run: Run) -> dict[str, str]:
    guess, right = run.majority_class, run.correct_by_majority
    says = (
        "The largest output says the class."
        if run.settings.task.has_output_per_class
        else "A prediction above one half says 1."
    )
    meaning = (
        f"{says} Always guessing {guess} gets {right} rows right, the most that one class can, "
        "without having learned anything."
    )
    return _figure("score", "Right", meaning, note=f"always {guess}: {right} right")


def _of_numbers(run: Run) -> dict[str, str]:
    return _figure(
        "score",
        "R²",
        "How much of the targets' variance the predictions account for: 1 if all are exact, 0 for "
        "always answering the mean of the targets, below 0 if worse.",
        note="all targets alike" if run.r_squared is None else "exact: 1, the mean: 0",
    )


def _of_the_network(run: Run) -> dict[str, str]:
    widths = (run.inputs.shape[1], *run.settings.hidden_units, run.settings.outputs)
    return _figure(
        "parameters",
        "Parameters",
        "The weights and biases that the training adjusts, in a network of so many inputs, hidden "
        "units and outputs.",
        f"{run.parameter_count:,}",
        "-".join(map(str, widths)),
    )


def _of_the_time(run: Run) -> dict[str, str]:
    return _figure(
        "time",
        "Training time",
        f"How long the training took, in one thread, with PyTorch {run.torch_version} on "
        f"{run.processor}. A run is trained once, and then kept for everyone.",
        f"{1000 * run.seconds:,.0f} ms",
        f"on {run.device}",
    )


def _figure(name: str, label: str, meaning: str, value: str = "", note: str = "") -> dict[str, str]:
    """Return a figure; where the value is empty, the browser has it of every state."""
    return {"name": name, "label": label, "value": value, "note": note, "meaning": meaning}
