"""The gradients of the loss, and whether a linear network is at its minimum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinynet.registry.losses import BCE, LOSSES
from tinynet.registry.tasks import softmax
from tinynet.training.record import FloatArray, IntArray
from tinynet.training.run import Run

Numbers = npt.NDArray[np.float64]
MOST_WEIGHTS = 200  # of a linear network whose curvature is worth computing
NEAR = 0.001  # at a minimum, Newton's step lowers the loss by less than this share


@dataclass(frozen=True, eq=False)
class Gradients:
    """The gradients of the loss of all rows, and the weights, in the states of the film.

    Gradients of penalties, and gradients accumulated without zero_grad(), are subtracted.
    """

    states: IntArray  # (states,)
    weights: FloatArray  # (states, parameters)
    of_loss: FloatArray  # (states, parameters)
    in_grad: FloatArray  # (states, parameters): what backward() left in .grad

    @property
    def sizes(self) -> Numbers:
        """(states,): the norm of the gradient of the loss."""
        return norms(self.of_loss)


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


def norms(vectors: FloatArray) -> Numbers:
    """Return the norm of each row; NaN or infinity where a run diverged."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.sqrt(np.array([each @ each for each in vectors], np.float64))


def is_at_minimum(run: Run) -> bool:
    """Tell whether a linear network is at a minimum of its loss, up to 0.1 % of the loss.

    Such a network is one weighted sum of its inputs, so Newton's step and its gain follow from the
    predictions. False for a network too large to compute this, or a loss whose minimum is a kink.
    """
    derivatives = _gradients_and_curvatures(run)
    if derivatives is None:
        return False
    weights = LOSSES[run.settings.loss].weights_of(run.targets)
    gradients, curvatures = weights * derivatives[0], weights[:, :, None] * derivatives[1]
    x = np.column_stack([run.inputs, np.ones(len(run.inputs))]).astype(np.float64)
    outputs, rows = gradients.shape[1], len(x)
    if x.shape[1] * outputs > MOST_WEIGHTS:
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


def derivatives_by_probability(loss: str, y_pred: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Return the first and second derivative of each row's loss by its predicted value."""
    error = y_pred - y
    if loss == "mse":
        return 2 * error, np.full_like(error, 2.0)
    if loss == "huber":  # for errors below 1, the Huber loss is half the squared error
        return error, np.ones_like(error)
    return np.sign(error), np.zeros_like(error)  # l1


def _gradients_and_curvatures(run: Run) -> tuple[Numbers, Numbers] | None:
    """Return the gradient of each row's loss by its sums, and the Hessian, without its weight.

    The shapes are (rows, outputs) and (rows, outputs, outputs). None for a loss whose minimum is a
    kink.
    """
    y_pred, y = run.predictions.astype(np.float64), run.targets.astype(np.float64)
    loss = run.settings.loss
    if run.settings.task.has_output_per_class:
        p = softmax(y_pred)
        one_hot = np.arange(p.shape[1]) == y
        diagonal = np.einsum("ra,ab->rab", p, np.eye(p.shape[1]))
        return p - one_hot, diagonal - np.einsum("ra,rb->rab", p, p)
    if not run.has_classes:
        if loss == "l1":
            return None
        gradients, _ = derivatives_by_probability(loss, y_pred, y)
        within = np.abs(y_pred - y) < 1
        if loss == "huber":
            return np.clip(gradients, -1, 1), within.astype(np.float64)[:, :, None]
        return gradients, np.full((len(y), 1, 1), 2.0)
    slope = y_pred * (1 - y_pred)  # of the sigmoid
    if LOSSES[loss].plain is BCE:
        return y_pred - y, slope[:, :, None]
    gradients, curvatures = derivatives_by_probability(loss, y_pred, y)
    hessian = curvatures * slope**2 + gradients * slope * (1 - 2 * y_pred)
    return gradients * slope, hessian[:, :, None]
