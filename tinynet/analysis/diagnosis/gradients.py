"""The loss's own gradients, and how near a network without bends is to its minimum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinynet.registry.tasks import softmax
from tinynet.training.run import FloatArray, IntArray, Run

Numbers = npt.NDArray[np.float64]
MOST_NUMBERS = 200  # weights of a network without bends whose curvature is worth the time
NEAR = 0.001  # the share of the loss that is left to the minimum: it is as good as there


@dataclass(frozen=True, eq=False)
class Gradients:
    """Of the loss of all rows alone, in the states that the film shows, beside the weights there.

    What the penalties add, and what has piled up without zero_grad(), is taken off.
    """

    states: IntArray  # (states,)
    weights: FloatArray  # (states, parameters)
    of_loss: FloatArray  # (states, parameters)
    in_grad: FloatArray  # (states, parameters): what backward() left in .grad

    @property
    def sizes(self) -> Numbers:
        """(states,): how long the loss's gradient is."""
        return lengths(self.of_loss)


def gradients_of(run: Run) -> Gradients:
    """Return the gradients of a run."""
    kept, shown = run.checkpoints, run.passes.checkpoints
    weights, in_grad = kept.flat_parameters[shown], run.passes.gradients
    of_loss = in_grad.copy()
    if kept.gradients:
        flat = [each[shown].reshape(len(shown), -1) for each in kept.gradients]
        of_loss -= np.concatenate(flat, axis=1)
    if run.settings.l1:
        of_loss -= np.float32(run.settings.l1) * np.sign(weights)
    return Gradients(kept.epochs[shown], weights, of_loss, in_grad)


def lengths(vectors: FloatArray) -> Numbers:
    """Return the length of each row; NaN and infinity where a run broke."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.sqrt(np.array([each @ each for each in vectors], np.float64))


def is_at_minimum(run: Run) -> bool:
    """Whether a network without bends stands at a minimum of its loss, as good as exactly.

    Such a network is one weighted sum of its inputs: Newton's step from there, and what it would
    win, can be told from the predictions. False where that would take too long, or is no use.
    """
    made = _gradients_and_curvatures(run)
    if made is None:
        return False
    gradients, curvatures = made
    x = np.column_stack([run.inputs, np.ones(len(run.inputs))]).astype(np.float64)
    outputs, rows = gradients.shape[1], len(x)
    if x.shape[1] * outputs > MOST_NUMBERS:
        return False
    gradient = (gradients.T @ x).ravel() / rows  # output by output
    blocks = [[(x.T * curvatures[:, a, b]) @ x for b in range(outputs)] for a in range(outputs)]
    values, directions = np.linalg.eigh(np.block(blocks) / rows)
    along = directions.T @ gradient
    tiny = 1e-9 * max(values[-1], 1e-30)
    bends = values > tiny
    if (values < -tiny).any() or (np.abs(along[~bends]) > 1e-6 * np.abs(gradients).max()).any():
        return False
    return bool((along[bends] ** 2 / values[bends]).sum() / 2 < NEAR * run.final_loss)


def gradients_of_two_classes(loss: str, y_pred: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Return how the loss of each row changes with the sigmoid's output, and that changes."""
    away = y_pred - y
    if loss == "mse":
        return 2 * away, np.full_like(away, 2.0)
    if loss == "huber":  # within 1, half of the square
        return away, np.ones_like(away)
    return np.sign(away), np.zeros_like(away)  # l1


def _gradients_and_curvatures(run: Run) -> tuple[Numbers, Numbers] | None:
    """Return how each row's loss changes with its sums, (rows, outputs), and how that does.

    The latter is (rows, outputs, outputs). None where the loss has a kink at its minimum.
    """
    y_pred, y = run.predictions.astype(np.float64), run.targets.astype(np.float64)
    loss = run.settings.loss
    if run.settings.task.has_output_per_class:
        shares = softmax(y_pred)
        is_its_own = np.arange(shares.shape[1]) == y
        between = np.einsum("ra,ab->rab", shares, np.eye(shares.shape[1]))
        return shares - is_its_own, between - np.einsum("ra,rb->rab", shares, shares)
    if not run.has_classes:
        if loss == "l1":
            return None
        gradients, _ = gradients_of_two_classes(loss, y_pred, y)
        within = np.abs(y_pred - y) < 1
        if loss == "huber":
            return np.clip(gradients, -1, 1), within.astype(np.float64)[:, :, None]
        return gradients, np.full((len(y), 1, 1), 2.0)
    flat = y_pred * (1 - y_pred)  # how the sigmoid changes with the sum
    if loss == "bce":
        return y_pred - y, flat[:, :, None]
    gradients, curvatures = gradients_of_two_classes(loss, y_pred, y)
    bent = curvatures * flat**2 + gradients * flat * (1 - 2 * y_pred)
    return gradients * flat, bent[:, :, None]
