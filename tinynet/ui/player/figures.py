"""The figures below the network: what they say of each state of a film, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from tinynet.film import Film
from tinynet.parts.losses import LOSSES
from tinynet.run import FloatArray, Run, answers
from tinynet.ui.numbers import Cargo

Exact = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """How good each state of a film is, (states,): how many rows are right, or R²; nan: unknown."""

    of_rows: Exact
    of_test_rows: Exact
    test_losses: FloatArray  # empty without test rows, as the scores of them


def scores_of(run: Run, reel: Film) -> Scores:
    """Return the scores of a film's states."""
    kept = np.searchsorted(run.checkpoints.epochs, reel.epochs)
    of_rows = _scores(run, run.checkpoints.predictions[kept])
    if not run.has_test:
        return Scores(of_rows, of_rows[:0], run.every_test_loss)
    of_test_rows = np.full(len(of_rows), np.nan)
    # Of the test rows a run keeps what the last state predicts alone.
    last = run.test_right.sum() if run.has_classes else run.test_r_squared
    of_test_rows[-1] = np.nan if last is None else last
    return Scores(of_rows, of_test_rows, run.every_test_loss[reel.epochs])


def _scores(run: Run, predictions: FloatArray) -> Exact:
    """Return how many are right, or R², of predictions, (states, rows, outputs)."""
    if run.has_classes:
        said = answers(run.settings, predictions).reshape(len(predictions), -1)
        right: Exact = (said == run.targets.ravel()).sum(axis=1).astype(np.float64)
        return right
    y = run.targets.astype(np.float64)
    spread = ((y - y.mean()) ** 2).sum() or np.nan
    told: Exact = 1 - ((predictions - y) ** 2).sum(axis=(1, 2)) / spread
    return told


def figures_of(run: Run, reel: Film, cargo: Cargo) -> dict[str, Any]:
    """Return what the browser says of each state, figure by figure."""
    scores = scores_of(run, reel)
    return {
        "rows": len(run.targets),
        "testRows": len(run.test_targets),
        "scores": _known(scores.of_rows),
        "testScores": _known(scores.of_test_rows),
        "testLosses": cargo.place(scores.test_losses),
        "each": [_of_the_loss(run), _of_the_score(run), _of_the_network(run), _of_the_time(run)],
    }


def _known(values: Exact) -> list[float | None]:
    return [value if isfinite(value) else None for value in values.tolist()]


def _of_the_loss(run: Run) -> dict[str, str]:
    measure = LOSSES[run.settings.loss].of_a_row
    return _figure("loss", "Loss", f"The mean {measure} in the state that is shown.")


def _of_two(run: Run) -> dict[str, str]:
    return _right_answers(
        run,
        "A prediction above one half says 1. Always guessing 1 gets as many rows right as there "
        f"are ones among the targets, here {run.right_by_guessing}, without having learned "
        "anything.",
    )


def _of_several(run: Run) -> dict[str, str]:
    return _right_answers(
        run,
        "The largest output says the class. Always guessing the most frequent class, "
        f"{run.guess}, gets {run.right_by_guessing} rows right, without having learned anything.",
    )


def _right_answers(run: Run, meaning: str) -> dict[str, str]:
    note = f"always {run.guess}: {run.right_by_guessing} right"
    return _figure("score", "Right", meaning, note=note)


def _of_numbers(run: Run) -> dict[str, str]:
    return _figure(
        "score",
        "R²",
        "How much of the targets' variance the predictions account for: 1 if all are exact, 0 for "
        "always answering the mean of the targets, below 0 if worse.",
        note="all targets alike" if run.r_squared is None else "exact: 1, the mean: 0",
    )


def _of_the_score(run: Run) -> dict[str, str]:
    return {"classes": _of_two, "several": _of_several, "regression": _of_numbers}[run.task](run)


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
