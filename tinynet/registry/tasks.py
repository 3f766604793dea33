"""The tasks: what a network predicts for a row, and everything that depends on it.

Predictions are the outputs of the last layer, (rows, outputs). Targets are numbers or class
indices, (rows, 1). Both may have extra leading dimensions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tinynet.registry.activations import SIGMOID, Activation

TaskName = Literal["binary", "multiclass", "regression"]
FORMER_NAMES: dict[str, TaskName] = {"classes": "binary", "several": "multiclass"}
HALF = 0.5  # a larger prediction means class 1


@dataclass(frozen=True)
class Task:
    """The last activation, the meaning of the outputs, and the baseline."""

    label: str  # the kind of target, on the page
    targets: str  # the allowed targets in words: "any numbers"
    last: Activation | None = None  # the activation of the last layer, if any
    # Whether each class has an output; the criterion then takes class indices, (rows,).
    has_output_per_class: bool = False
    # For classes: predictions -> predicted class, (rows, 1), and probabilities, (rows, outputs);
    # targets -> the most frequent class.
    answers: Callable[[Any], Any] | None = None
    probabilities: Callable[[Any], Any] | None = None
    majority_class: Callable[[Any], int] | None = None
    answer_code: str = ""  # a script's expression for the answers to `x`; "" where it is obvious

    @property
    def has_classes(self) -> bool:
        """Whether the targets are classes, so that a prediction is either correct or wrong."""
        return self.answers is not None

    def outputs(self, classes: int) -> int:
        """Return how many outputs the network needs."""
        return classes if self.has_output_per_class else 1


def softmax(logits: Any) -> Any:
    """Return the probability of each class, (rows, classes)."""
    with np.errstate(invalid="ignore"):  # a diverged training has NaN
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
        targets="the indices of several classes",
        has_output_per_class=True,
        answers=lambda y_pred: y_pred.argmax(axis=-1, keepdims=True),
        probabilities=softmax,
        majority_class=lambda targets: int(np.bincount(targets.astype(np.int64).ravel()).argmax()),
        answer_code="model(x).argmax(dim=1)",
    ),
    "regression": Task(label="A number", targets="any numbers"),
}
