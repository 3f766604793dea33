"""Run -> film: its kept states, as PyTorch made them when it trained, for the player to draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinynet.training.run import FloatArray, IntArray, Record, Run, r_squared_of

Scores = npt.NDArray[np.float64]  # R² of a training that is about to break is beyond 32 bits
MOST_ROWS = 10  # the first of the training rows
MOST_BYTES = 2_000_000


@dataclass(frozen=True, eq=False)
class Film(Record):
    """The states of a run at its checkpoints, one after another; arrays are read-only.

    Of a large network only some of them, the first and the last included: about 2 MB at most.
    """

    epochs: IntArray  # (states,): the number of each state
    losses: FloatArray  # (states,): of all training rows
    parameters: FloatArray  # (states, parameters): weight, bias, layer by layer, row by row
    # (states, parameters): what backward() leaves there; with batches, what all rows would leave
    gradients: FloatArray
    hidden: FloatArray  # (states, rows, all hidden units): after the activation, layer by layer
    predictions: FloatArray  # (states, rows x outputs): row by row
    # (states,): how many of all training rows are right; of a regression R², NaN if it has none
    scores: Scores
    test_scores: Scores  # the same of the test rows; empty without any, as are their losses
    test_losses: FloatArray

    def to_bytes(self) -> bytes:
        """Return the numbers of the states from the losses to the predictions, float32.

        State by state, in the order above.
        """
        states = len(self.epochs)
        parts = (self.losses, self.parameters, self.gradients, self.hidden, self.predictions)
        return np.concatenate([part.reshape(states, -1) for part in parts], axis=1).tobytes()


def film(run: Run) -> Film:
    """Return the film of a run: what it kept, put together."""
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
    """Return the number of the film's last state that is not after this one; None is the last."""
    return int(run.checkpoints.epochs[_nearest(run, state)])


def predictions_at(run: Run, state: int | None, *, test: bool = False) -> FloatArray:
    """Return what the network answers in that state, (rows, outputs)."""
    kept = run.checkpoints
    y_pred: FloatArray = (kept.test_predictions if test else kept.predictions)[_nearest(run, state)]
    return y_pred


def stride(numbers: int, last: int) -> int:
    """Return how far apart the checkpoints are that a film shows, to be within its bytes.

    Of each it shows so many numbers; the last is shown in any case.
    """
    return power_of_two(-(-last // (MOST_BYTES // (4 * numbers) - 1)))


def power_of_two(least: int) -> int:
    """Return the first power of two that is no less than a number from 1 on.

    Of strides that are such, the longer one goes into steps of the shorter: what a longer run keeps
    of its first epochs, a shorter one has kept too.
    """
    return 1 << (least - 1).bit_length()


def _nearest(run: Run, state: int | None) -> int:
    """Return the checkpoint that the film shows at a state."""
    shown = run.passes.checkpoints
    if state is None:
        return int(shown[-1])
    return int(shown[np.searchsorted(run.checkpoints.epochs[shown], state, "right") - 1])


def _scores(run: Run, predictions: FloatArray, targets: FloatArray) -> Scores:
    """Return the score of each state, whose predictions are (states, rows, outputs)."""
    if not len(targets):
        return np.zeros(0)
    answers = run.settings.task.answers
    if answers:
        right: Scores = np.equal(answers(predictions), targets).sum((1, 2), np.float64)
        return right
    told = r_squared_of(predictions, targets)
    if told is None:
        return np.full(len(predictions), np.nan)
    return told
