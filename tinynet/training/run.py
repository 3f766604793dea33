"""Run: what a training leaves behind; frozen, its arrays read-only."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.losses import LOSSES
from tinynet.registry.tasks import TaskName
from tinynet.settings import Settings

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
ByteArray = npt.NDArray[np.uint8]


def frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the numbers as an array that no flag can make writable, for its memory is `bytes`."""
    owner: Any = array
    while isinstance(owner, np.ndarray):
        owner = owner.base
    if isinstance(owner, bytes):  # it is one already, or a part of one
        return array
    return np.frombuffer(array.tobytes(), array.dtype).reshape(array.shape)


class Record:
    """What frozen dataclasses of arrays have in common: the arrays are read-only."""

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for name, value in [*vars(self).items()]:
            if isinstance(value, np.ndarray):
                object.__setattr__(self, name, frozen(value))

    @property
    def nbytes(self) -> int:
        """The size of the arrays in bytes, with those of the records within."""
        values = vars(self).values()
        return sum(each.nbytes for each in values if isinstance(each, np.ndarray | Record))


def _no_rows() -> FloatArray:
    """Return what a run without test rows has of them."""
    return np.zeros((0, 1), np.float32)


@dataclass(frozen=True, eq=False)
class Checkpoints(Record):
    """States of the network on the way: every state of a short run, 100 to 200 of a long one.

    Fewer where a state is large; with each, all that is needed to train on from it, and what it
    answers.
    """

    epochs: IntArray  # (checkpoints,): the state's number, from 0 to the last
    parameters: tuple[FloatArray, ...]  # (checkpoints, *shape) each: weight, bias, layer by layer
    gradients: tuple[FloatArray, ...]  # what had piled up in each .grad; none where it is cleared
    predictions: FloatArray  # (checkpoints, rows, outputs)
    memory: tuple[FloatArray, ...] = ()  # the optimizer's: all of one name, then of the next
    generator: ByteArray = field(
        default_factory=lambda: np.zeros((0, 0), np.uint8)
    )  # of the shuffles
    test_predictions: FloatArray = field(default_factory=lambda: np.zeros((0, 0, 1), np.float32))
    # (checkpoints, all parameters): the same numbers as `parameters`, which are its columns
    flat_parameters: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        """Freeze the arrays, those in tuples too."""
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
    """What the training made, forward and backward, at some of the checkpoints: for the film."""

    checkpoints: IntArray  # (states,): the places of these among all, the first and the last too
    losses: FloatArray  # (states,): of all training rows
    # (states, parameters): what backward() leaves there; with batches, what all rows would leave
    gradients: FloatArray
    hidden: FloatArray  # (states, rows, all hidden units): after the activation, layer by layer


# Names that a Run had before, and those that took their place.
FORMER_NAMES = {
    "broke": "diverged",
    "right": "correct",
    "test_right": "test_correct",
    "guess": "majority_class",
    "right_by_guessing": "correct_by_majority",
    "loss_of_the_mean": "baseline_loss",
}


@dataclass(frozen=True, eq=False)
class Run(Record):
    """One training: state e is the network before epoch e, so n epochs have states 0 to n.

    Of several classes, the network has an output for each; its predictions are what the last layer
    gives, logits: `probabilities` has their softmax. The targets are the numbers of the classes.
    """

    settings: Settings
    inputs: FloatArray  # (rows, features)
    targets: FloatArray  # (rows, 1)
    losses: FloatArray  # (epochs,): what the script prints at each epoch
    final_loss: float  # of all training rows, after the last update
    predictions: FloatArray  # (rows, outputs): after the last update
    checkpoints: Checkpoints
    passes: Passes
    seconds: float  # spent training, waiting not counted
    device: str
    torch_version: str
    processor: str
    # Of the test rows, as above; without any, all are empty and there is no final test loss.
    test_inputs: FloatArray = field(default_factory=_no_rows)
    test_targets: FloatArray = field(default_factory=_no_rows)
    # Before each epoch's updates.
    test_losses: FloatArray = field(default_factory=lambda: np.zeros(0, np.float32))
    test_predictions: FloatArray = field(default_factory=_no_rows)
    final_test_loss: float | None = None
    # (rows, 1 or 2): x before features are made of it; empty where x has more columns.
    points: FloatArray = field(default_factory=_no_rows)
    test_points: FloatArray = field(default_factory=_no_rows)

    def __getattr__(self, name: str) -> Any:
        """Return what has another name now, for code that was written before."""
        if name not in FORMER_NAMES:
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
        return getattr(self, FORMER_NAMES[name])

    @property
    def diverged(self) -> bool:
        """Whether the training ended early, at the first loss that was no finite number."""
        return not math.isfinite(self.losses[-1])

    @property
    def finished(self) -> bool:
        """Whether it came to its end; a run that is still training is one of fewer epochs."""
        return self.diverged or len(self.losses) == self.settings.epochs

    @property
    def task(self) -> TaskName:
        """What the network is to tell: one of two classes, one of several, or a number."""
        return self.settings.data_set.task

    @property
    def has_classes(self) -> bool:
        """Whether there is right and wrong, row by row."""
        return self.settings.task.answers is not None

    @property
    def has_test(self) -> bool:
        """Whether rows were kept from the training."""
        return len(self.test_targets) > 0

    @property
    def parameter_count(self) -> int:
        """How many weights and biases the network has."""
        return sum(math.prod(each.shape[1:]) for each in self.checkpoints.parameters)

    @property
    def correct(self) -> npt.NDArray[np.bool_]:
        """(rows,): whether each answer is its target; of classes."""
        return are_correct(self.settings, self.predictions, self.targets)

    @property
    def test_correct(self) -> npt.NDArray[np.bool_]:
        """(test rows,): the same of the test rows."""
        return are_correct(self.settings, self.test_predictions, self.test_targets)

    @property
    def answers(self) -> IntArray:
        """(rows,): the number of the class that each prediction says; of classes.

        Of two, it is 1 above one half; of several, that of the largest output.
        """
        return answers(self.settings, self.predictions)

    @property
    def probabilities(self) -> FloatArray:
        """(rows, outputs): of class 1, or of each of several classes: the softmax."""
        return probabilities(self.settings, self.predictions)

    @property
    def accuracy(self) -> float | None:
        """The share of the rows that are right; None of a regression."""
        return float(self.correct.mean()) if self.has_classes else None

    @property
    def test_accuracy(self) -> float | None:
        """The same of the test rows; None without any."""
        wanted = self.has_test and self.has_classes
        return float(self.test_correct.mean()) if wanted else None

    @property
    def r_squared(self) -> float | None:
        """The share of the targets' variance that the predictions tell; None of classes."""
        wanted = self.task == "regression"
        return _r_squared(self.predictions, self.targets) if wanted else None

    @property
    def test_r_squared(self) -> float | None:
        """The same of the test rows; None without two different targets."""
        wanted = self.has_test and self.task == "regression"
        return _r_squared(self.test_predictions, self.test_targets) if wanted else None

    @cached_property
    def baseline_loss(self) -> float:
        """The loss of the best constant answer, the same for every row: what is to be beaten.

        That is the mean of the targets for MSE, their median for L1, the share of each class for
        cross-entropy.
        """
        return LOSSES[self.settings.loss].of_the_constant(self.targets.astype(np.float64))

    @property
    def majority_class(self) -> int:
        """The most frequent class of the training rows: what always to answer without learning."""
        majority: int = _known(self.settings.task.majority_class)(self.targets)
        return majority

    @property
    def correct_by_majority(self) -> int:
        """How many rows always guessing that class would get right."""
        return int((self.targets == self.majority_class).sum())

    def printed(self, start: int, stop: int) -> list[str]:
        """Return the lines that the script prints in these epochs, to the letter."""
        losses = enumerate(self.losses[start:stop].tolist(), start)
        lines = [f"epoch:  {epoch}  loss:  {loss}" for epoch, loss in losses]
        if not self.has_test:
            return lines
        tests = self.test_losses[start:stop].tolist()
        return [f"{line}  test loss:  {loss}" for line, loss in zip(lines, tests, strict=True)]

    @property
    def every_loss(self) -> FloatArray:
        """(epochs + 1,): `losses`, then `final_loss`; of all rows at once, that of every state."""
        return np.append(self.losses, np.float32(self.final_loss))

    @property
    def every_test_loss(self) -> FloatArray:
        """(epochs + 1,): the test losses likewise; empty without test rows."""
        if self.final_test_loss is None:
            return self.test_losses
        return np.append(self.test_losses, np.float32(self.final_test_loss))


def r_squared_of(predictions: FloatArray, targets: FloatArray) -> npt.NDArray[np.float64] | None:
    """Return R²: 1 less the mean squared error over the variance; None if all are alike.

    Predictions may have more dimensions in front, and R² has them then.
    """
    y = targets.astype(np.float64)
    spread = ((y - y.mean()) ** 2).sum()
    return 1 - ((predictions - y) ** 2).sum(axis=(-2, -1)) / spread if spread else None


def _r_squared(predictions: FloatArray, targets: FloatArray) -> float | None:
    told = r_squared_of(predictions, targets)
    return None if told is None else float(told)


def answers(settings: Settings, predictions: FloatArray) -> IntArray:
    """(rows,): the number of the class that each prediction says; ValueError of a regression."""
    said: IntArray = _known(settings.task.answers)(predictions)
    return said.ravel()


def probabilities(settings: Settings, predictions: FloatArray) -> FloatArray:
    """(rows, outputs): of class 1, or of each of several; ValueError of a regression."""
    shares: FloatArray = _known(settings.task.probabilities)(predictions)
    return shares


def are_correct(
    settings: Settings, predictions: FloatArray, targets: FloatArray
) -> npt.NDArray[np.bool_]:
    """(rows,): whether each answer is its target; ValueError of a regression."""
    return np.equal(answers(settings, predictions), targets.ravel())


def _known(of_classes: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    if of_classes is None:
        raise ValueError("A regression has no right and wrong; ask for r_squared.")
    return of_classes


def a_layer_is_off(run: Run, state: int = -1) -> bool:
    """Whether all units of a hidden layer are shut off on all rows, in one of the kept states."""
    if not ACTIVATIONS[run.settings.activation].shuts_off:
        return False
    parameters = [states[state] for states in run.checkpoints.parameters]
    outputs = run.inputs
    for weight, bias in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
        outputs = np.maximum(outputs @ weight.T + bias, 0)
        if not outputs.any():
            return True
    return False
