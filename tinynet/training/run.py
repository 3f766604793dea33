"""Run: the result of a training, frozen and with read-only arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.losses import LOSSES
from tinynet.registry.tasks import TaskName
from tinynet.settings import Settings
from tinynet.training import scores
from tinynet.training.record import ByteArray, FloatArray, IntArray, Record, frozen
from tinynet.training.shown import Shown

if TYPE_CHECKING:
    import pandas as pd


def _no_rows() -> FloatArray:
    """Return the empty array of a run without test rows."""
    return np.zeros((0, 1), np.float32)


@dataclass(frozen=True, eq=False)
class Checkpoints(Record):
    """The recorded states of a training: every state of a short run, 100 to 200 of a long run.

    Large states mean fewer checkpoints. A checkpoint has the predictions, and all that is needed
    to continue the training.
    """

    epochs: IntArray  # (checkpoints,): the numbers of the states
    parameters: tuple[FloatArray, ...]  # (checkpoints, *shape) each: weight, bias, layer by layer
    gradients: tuple[FloatArray, ...]  # accumulated in each .grad; () if cleared
    predictions: FloatArray  # (checkpoints, rows, outputs)
    memory: tuple[FloatArray, ...] = ()  # of the optimizer, name by name
    # (checkpoints, bytes): the state of the shuffles' generator
    generator: ByteArray = field(default_factory=lambda: np.zeros((0, 0), np.uint8))
    test_predictions: FloatArray = field(default_factory=lambda: np.zeros((0, 0, 1), np.float32))
    # (checkpoints, all parameters); `parameters` holds views of its columns
    flat_parameters: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        """Freeze the arrays, including those in tuples."""
        states = [each.reshape(len(self.epochs), -1) for each in self.parameters]
        object.__setattr__(self, "flat_parameters", np.concatenate(states, axis=1))
        super().__post_init__()
        borders = np.cumsum([each.shape[1] for each in states[:-1]])
        columns = np.split(self.flat_parameters, borders, axis=1)
        shaped = (
            part.reshape(each.shape) for part, each in zip(columns, self.parameters, strict=True)
        )
        object.__setattr__(self, "parameters", tuple(shaped))
        for name in ("gradients", "memory"):
            object.__setattr__(self, name, tuple(map(frozen, getattr(self, name))))

    @property
    def nbytes(self) -> int:
        """The size of the arrays in bytes."""
        return super().nbytes + sum(each.nbytes for each in (*self.gradients, *self.memory))


@dataclass(frozen=True, eq=False)
class Passes(Record):
    """The forward and backward passes at some of the checkpoints, for the film."""

    checkpoints: IntArray  # (states,): indices of checkpoints, from the first to the last
    losses: FloatArray  # (states,): over all training rows
    # (states, parameters): after backward(); with batches, after a backward pass of all rows
    gradients: FloatArray
    hidden: FloatArray  # (states, rows, all hidden units): after the activation, layer by layer


# Former names of attributes of Run, which still work.
FORMER_NAMES = {
    "broke": "diverged",
    "right": "correct",
    "test_right": "test_correct",
    "guess": "majority_class",
    "right_by_guessing": "correct_by_majority",
    "loss_of_the_mean": "baseline_loss",
}


@dataclass(frozen=True, eq=False, repr=False)
class Run(Record, Shown):
    """One training. State e is the network before epoch e, so n epochs have states 0 to n.

    A multiclass network has an output for each class. Its predictions are logits, `probabilities`
    holds their softmax, and the targets are class indices.
    """

    settings: Settings
    inputs: FloatArray  # (rows, features)
    targets: FloatArray  # (rows, 1)
    losses: FloatArray  # (epochs,): as the script prints them, one per epoch
    final_loss: float  # over all training rows, after the last update
    predictions: FloatArray  # (rows, outputs): after the last update
    checkpoints: Checkpoints
    passes: Passes
    seconds: float  # of training, without waiting
    device: str
    torch_version: str
    processor: str
    # The same for the test rows; without test rows, empty arrays and no final loss.
    test_inputs: FloatArray = field(default_factory=_no_rows)
    test_targets: FloatArray = field(default_factory=_no_rows)
    test_losses: FloatArray = field(  # before the updates of each epoch
        default_factory=lambda: np.zeros(0, np.float32)
    )
    test_predictions: FloatArray = field(default_factory=_no_rows)
    final_test_loss: float | None = None
    # (rows, 1 or 2): x before features are computed; empty if x has more columns.
    points: FloatArray = field(default_factory=_no_rows)
    test_points: FloatArray = field(default_factory=_no_rows)

    def __repr__(self) -> str:
        """Return the settings and the loss, in one line."""
        loss = f"loss {self.losses[0]:.4g} -> {self.final_loss:.4g}"
        return f"<Run of {self.settings!r}: {len(self.losses):,} epochs, {loss}>"

    def __getattr__(self, name: str) -> Any:
        """Return an attribute by its former name."""
        if name not in FORMER_NAMES:
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
        return getattr(self, FORMER_NAMES[name])

    @property
    def diverged(self) -> bool:
        """Whether the training ended early, at the first loss that was not finite."""
        return not math.isfinite(self.losses[-1])

    @property
    def finished(self) -> bool:
        """Whether all epochs are done, or the run diverged."""
        return self.diverged or len(self.losses) == self.settings.epochs

    @property
    def task(self) -> TaskName:
        """The kind of target: "binary", "multiclass" or "regression"."""
        return self.settings.data_set.task

    @property
    def has_classes(self) -> bool:
        """Whether the targets are classes, so that each prediction is either correct or wrong."""
        return self.settings.task.has_classes

    @property
    def has_test(self) -> bool:
        """Whether there are test rows."""
        return len(self.test_targets) > 0

    @property
    def parameter_count(self) -> int:
        """The number of weights and biases."""
        return sum(math.prod(each.shape[1:]) for each in self.checkpoints.parameters)

    @property
    def correct(self) -> npt.NDArray[np.bool_]:
        """(rows,): whether each answer is its target; ValueError for a regression."""
        return scores.are_correct(self.settings, self.predictions, self.targets)

    @property
    def test_correct(self) -> npt.NDArray[np.bool_]:
        """(test rows,): the same for the test rows."""
        return scores.are_correct(self.settings, self.test_predictions, self.test_targets)

    @property
    def answers(self) -> IntArray:
        """(rows,): the predicted classes; ValueError for a regression.

        A binary prediction above one half means class 1. A multiclass prediction means the class of
        its largest output.
        """
        return scores.answers(self.settings, self.predictions)

    @property
    def probabilities(self) -> FloatArray:
        """(rows, outputs): the probability of class 1, or of each class (softmax)."""
        return scores.probabilities(self.settings, self.predictions)

    @property
    def accuracy(self) -> float | None:
        """The share of correct rows; None for a regression."""
        return float(self.correct.mean()) if self.has_classes else None

    @property
    def test_accuracy(self) -> float | None:
        """The share of correct test rows; None for a regression or without test rows."""
        return float(self.test_correct.mean()) if self.has_test and self.has_classes else None

    @property
    def r_squared(self) -> float | None:
        """The share of the targets' variance that the predictions explain; None for classes."""
        return None if self.has_classes else _r_squared(self.predictions, self.targets)

    @property
    def test_r_squared(self) -> float | None:
        """R² of the test rows; None for classes or without two different test targets."""
        is_defined = self.has_test and not self.has_classes
        return _r_squared(self.test_predictions, self.test_targets) if is_defined else None

    @cached_property
    def baseline_loss(self) -> float:
        """The loss of the best constant prediction.

        That is the mean of the targets for MSE, their median for L1, and the share of each class
        for cross-entropy.
        """
        return LOSSES[self.settings.loss].baseline_of(self.targets.astype(np.float64))

    @property
    def majority_class(self) -> int:
        """The most frequent class of the training rows."""
        majority: int = scores.of_classes(self.settings.task.majority_class)(self.targets)
        return majority

    @property
    def correct_by_majority(self) -> int:
        """How many rows have the majority class."""
        return int((self.targets == self.majority_class).sum())

    def predict(self, rows: pd.DataFrame | str | Path | npt.ArrayLike) -> pd.DataFrame:
        """Return answers in the words or the unit of the data, then each class's probability.

        `rows`: a frame or a file with the columns of the inputs, or an array of only these columns.
        Rows are read as the table was. A row with a gap gets no answer, unless the gaps of that
        column were filled. DataError for unusable rows.
        """
        from tinynet.training.prediction import predictor_of  # noqa: PLC0415 - torch is slow

        return predictor_of(self).predict(rows)

    def printed(self, start: int, stop: int) -> list[str]:
        """Return the lines that the script prints in these epochs."""
        losses = enumerate(self.losses[start:stop].tolist(), start)
        lines = [f"epoch:  {epoch}  loss:  {loss}" for epoch, loss in losses]
        if not self.has_test:
            return lines
        tests = self.test_losses[start:stop].tolist()
        return [f"{line}  test loss:  {loss}" for line, loss in zip(lines, tests, strict=True)]

    @property
    def every_loss(self) -> FloatArray:
        """(epochs + 1,): `losses`, then `final_loss`: without batches, the loss of every state."""
        return np.append(self.losses, np.float32(self.final_loss))

    @property
    def every_test_loss(self) -> FloatArray:
        """(epochs + 1,): `test_losses`, then `final_test_loss`; empty without test rows."""
        if self.final_test_loss is None:
            return self.test_losses
        return np.append(self.test_losses, np.float32(self.final_test_loss))


def _r_squared(predictions: FloatArray, targets: FloatArray) -> float | None:
    found = scores.r_squared_of(predictions, targets)
    return None if found is None else float(found)


def has_dead_layer(run: Run, state: int = -1) -> bool:
    """Return whether a hidden layer outputs only zeros, at one of the checkpoints."""
    if not ACTIVATIONS[run.settings.activation].shuts_off:
        return False
    parameters = [states[state] for states in run.checkpoints.parameters]
    outputs = run.inputs
    for weight, bias in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
        outputs = np.maximum(outputs @ weight.T + bias, 0)
        if not outputs.any():
            return True
    return False
