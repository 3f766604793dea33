"""Run -> film: the states recorded during training, for the player to draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinynet.training.record import FloatArray, IntArray, Record
from tinynet.training.run import Run
from tinynet.training.scores import r_squared_of

Scores = npt.NDArray[np.float64]  # R² of a diverging training exceeds 32 bits
MOST_ROWS = 10  # the first of the training rows
MOST_BYTES = 2_000_000


@dataclass(frozen=True, eq=False)
class Film(Record):
    """The states of a run at its checkpoints, in read-only arrays.

    A film takes about 2 MB at most, so the film of a large network skips some checkpoints, but
    never the first or the last.
    """

    epochs: IntArray  # (states,): the number of each state
    losses: FloatArray  # (states,): over all training rows
    parameters: FloatArray  # (states, parameters): weight, bias, layer by layer, row by row
    # (states, parameters): after backward(); with batches, after a backward pass of all rows
    gradients: FloatArray
    hidden: FloatArray  # (states, rows, all hidden units): after the activation, layer by layer
    predictions: FloatArray  # (states, rows x outputs): row by row
    # (states,): the number of correct training rows; for a regression R², NaN if undefined
    scores: Scores
    test_scores: Scores  # of the test rows; empty without test rows, like test_losses
    test_losses: FloatArray

    def every(self, step: int) -> Film:
        """Return a film of every step-th state and the last state."""
        last = len(self.epochs) - 1
        chosen = [*range(0, last, step), last]
        parts = {name: each[chosen] if len(each) else each for name, each in vars(self).items()}
        return Film(**parts)

    def to_bytes(self) -> bytes:
        """Return the fields from `losses` to `predictions`, state by state, in float32."""
        states = len(self.epochs)
        parts = (self.losses, self.parameters, self.gradients, self.hidden, self.predictions)
        return np.concatenate([part.reshape(states, -1) for part in parts], axis=1).tobytes()


def film(run: Run) -> Film:
    """Return the film of a run."""
    kept, passes = run.checkpoints, run.passes
    shown = slice(None) if len(passes.checkpoints) == len(kept.epochs) else passes.checkpoints
    epochs, predictions = kept.epochs[shown], kept.predictions[shown]
    has_test = run.has_test
    return Film(
        epochs=epochs,
        losses=passes.losses,
        parameters=kept.flat_parameters[shown],
        gradients=passes.gradients,
        hidden=passes.hidden,
        predictions=predictions[:, :MOST_ROWS].reshape(len(epochs), -1),
        scores=_scores(run, predictions, run.targets),
        test_scores=_scores(run, kept.test_predictions[shown], run.test_targets),
        test_losses=run.every_test_loss[epochs if has_test else slice(0)],
    )


def nearest_state(run: Run, state: int | None) -> int:
    """Return the film's last state at or before this state; None means the last state."""
    return int(run.checkpoints.epochs[_nearest(run, state)])


def predictions_at(run: Run, state: int | None, *, test: bool = False) -> FloatArray:
    """Return the predictions in that state, (rows, outputs)."""
    kept = run.checkpoints
    y_pred: FloatArray = (kept.test_predictions if test else kept.predictions)[_nearest(run, state)]
    return y_pred


def stride(numbers: int, last: int) -> int:
    """Return the distance between the checkpoints that a film shows within MOST_BYTES.

    A state takes `numbers` floats; the film shows the last checkpoint in any case.
    """
    return power_of_two(-(-last // (MOST_BYTES // (4 * numbers) - 1)))


def power_of_two(least: int) -> int:
    """Return the smallest power of two that is at least this number, and at least 1.

    With such strides, a shorter run has all checkpoints of a longer run up to its own last epoch.
    """
    return 1 << (least - 1).bit_length()


def _nearest(run: Run, state: int | None) -> int:
    """Return the index of the checkpoint that the film shows at a state."""
    shown = run.passes.checkpoints
    if state is None:
        return int(shown[-1])
    return int(shown[np.searchsorted(run.checkpoints.epochs[shown], state, "right") - 1])


def _scores(run: Run, predictions: FloatArray, targets: FloatArray) -> Scores:
    """Return the score of each state, for predictions of shape (states, rows, outputs)."""
    if not len(targets):
        return np.zeros(0)
    answers = run.settings.task.answers
    if answers:
        correct: Scores = np.equal(answers(predictions), targets).sum((1, 2), np.float64)
        return correct
    r_squared = r_squared_of(predictions, targets)
    return np.full(len(predictions), np.nan) if r_squared is None else r_squared
