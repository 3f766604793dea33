"""The tasks: what a network is to tell of a row, and all that follows from it.

Predictions, (rows, outputs), are what the last layer gives. Targets are (rows, 1): a number, or of
classes the number of one. More dimensions may stand in front.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tinynet.registry.activations import SIGMOID, Activation

TaskName = Literal["binary", "multiclass", "regression"]
FORMER_NAMES: dict[str, TaskName] = {"classes": "binary", "several": "multiclass"}
HALF = 0.5  # a prediction above it says 1


@dataclass(frozen=True)
class Task:
    """What follows the last layer, how its outputs answer, and what is known without learning."""

    label: str  # what the target is, as the page calls it
    targets: str  # what they are, in words: "any numbers"
    last: Activation | None = None  # what the last layer does with its sum; None hands it on
    an_output_each: bool = False  # whether each class has an output of its own
    # Of classes: predictions -> the class that each says, (rows, 1), and how probable each is,
    # (rows, outputs); and the targets -> the most frequent class.
    answers: Callable[[Any], Any] | None = None
    probabilities: Callable[[Any], Any] | None = None
    majority_class: Callable[[Any], int] | None = None
    answer_code: str = ""  # what makes the answers of `x` in a script; "" where it is plain


def softmax(logits: Any) -> Any:
    """Return the probability of each class, (rows, classes)."""
    with np.errstate(invalid="ignore"):  # where a training breaks
        powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


TASKS: dict[TaskName, Task] = {
    "binary": Task(
        label="Two classes",
        targets="0 or 1",
        last=SIGMOID,
        answers=lambda y_pred: (y_pred > HALF).astype(np.int64),
        probabilities=lambda y_pred: y_pred,
        majority_class=lambda targets: int(targets.mean() >= HALF),
    ),
    "multiclass": Task(
        label="Several classes",
        targets="the numbers of several classes",
        an_output_each=True,
        answers=lambda y_pred: y_pred.argmax(axis=-1, keepdims=True),
        probabilities=softmax,
        majority_class=lambda targets: int(np.bincount(targets.astype(np.int64).ravel()).argmax()),
        answer_code="model(x).argmax(dim=1)",
    ),
    "regression": Task(label="A number", targets="any numbers"),
}
