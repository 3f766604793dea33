"""Causes in the steps: too large, too small, or in the wrong direction.

Each function returns one sentence that is true of the run; "" without evidence.
"""

from __future__ import annotations

import numpy as np

from tinynet.analysis.diagnosis.curve import Curve
from tinynet.analysis.diagnosis.gradients import gradients_of, norms
from tinynet.analysis.diagnosis.stories import BOUNCE, VISIBLE
from tinynet.analysis.diagnosis.words import count_text, loss_text, share_text
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.registry.schedules import SCHEDULES
from tinynet.settings import number_text
from tinynet.training.run import Run

GREW = 10  # times the largest initial weight
ACCUMULATED = 2  # times the current gradient; a larger accumulated gradient sets the direction
MOST_TIMES = 100  # above it, the text says "over 100"
VANISHED = 0.01  # the first layer's movement and gradient, as a share of the last layer's
SMALL = 0.1  # the weights' path, as a share of their norm: hardly any movement
STEADY = 0.5  # the fall in a quarter, as a share of the fall in the quarter before
EXHAUSTED = 0.1  # what is left of a learning rate that ran out
STEEP = 0.5  # the gradient's norm at the end, as a share of its norm halfway
LEAST_SLOPE = 0.01  # the same norm, as a share of the first norm; below this the loss is flat
SURE = 0.01  # the cosine above which a step clearly leads up, or down
MOMENTUM = {"momentum_buffer", "exp_avg"}  # PyTorch's names for the state of momentum


def weight_growth(run: Run) -> str:
    """Report weights that grew at least tenfold, or are no longer finite."""
    first, last = (np.abs(run.checkpoints.flat_parameters[state]).max() for state in (0, -1))
    if not np.isfinite(last):
        return "The steps were too large: the weights are no longer finite."
    if last <= first or last < GREW * first:  # both are 0 if `keep` restored all zeros
        return ""
    return (
        f"The steps were too large: the largest weight grew from {loss_text(first)} to "
        f"{loss_text(last)}."
    )


def accumulated_gradients(run: Run) -> str:
    """Report gradients that accumulated without zero_grad() and set the direction of a step."""
    if run.settings.zero_gradients:
        return ""
    gradients = gradients_of(run)
    accumulated, current = norms(gradients.in_grad), gradients.sizes
    with np.errstate(all="ignore"):
        leads = np.isfinite(accumulated) & (accumulated > ACCUMULATED * current) & (current > 0)
    if not leads.any():
        return ""
    last = int(np.flatnonzero(leads)[-1])
    ratio = accumulated[last] / current[last]
    times = f"{ratio:.1f}" if ratio < MOST_TIMES else f"over {MOST_TIMES}"
    when = count_text(int(gradients.states[last]), "epoch")
    return (
        f"zero_grad() is missing, so gradients accumulate: after {when} the accumulated gradient "
        f"was {times} times as long as the loss's own gradient."
    )


def overshoot(run: Run) -> str:
    """Explain the largest rise of the loss between two states of the film."""
    gradients, losses = gradients_of(run), run.passes.losses.astype(np.float64)
    rises = np.where(losses[1:] > BOUNCE * losses[:-1], np.diff(losses), 0)
    place = int(rises.argmax())
    if rises[place] <= VISIBLE:
        return ""
    movement = np.subtract(*gradients.weights[[place + 1, place]].astype(np.float64))
    gradient = gradients.of_loss[place].astype(np.float64)
    size = np.linalg.norm(movement) * np.linalg.norm(gradient)
    cosine = movement @ gradient / size if size else 0.0
    start, end = gradients.states[[place, place + 1]].tolist()
    low, high = map(loss_text, losses[[place, place + 1]])
    between = f"between {start:,} and {count_text(end, 'epoch')}"
    if cosine < -SURE:
        return (
            f"The weights moved too far at once: {between} they started downhill, but the loss "
            f"rose from {low} to {high}."
        )
    has_momentum = MOMENTUM & {*OPTIMIZERS[run.settings.optimizer].remembers}
    if cosine > SURE and has_momentum and not run.settings.batch_size:
        return f"Momentum carried the weights uphill: {between} the loss rose from {low} to {high}."
    return ""


def vanishing_gradients(run: Run) -> str:
    """Report gradients that vanish on their way back, and a first layer that hardly moved."""
    layers = len(run.settings.hidden_units) + 1
    if layers <= 2 or len(run.settings.rates) > 1:  # noqa: PLR2004
        return ""
    moved = [np.abs(each[-1] - each[0]).max() for each in run.checkpoints.parameters[::2]]
    sizes = [np.abs(gradient).max() for gradient in _first_gradients(run)[::2]]
    if not (moved[0] < VANISHED * moved[-1] and 0 < sizes[0] < VANISHED * sizes[-1]):
        return ""
    return (
        f"The gradients vanish on their way back through {layers} layers: the first layer's "
        f"weights moved by at most {loss_text(moved[0])}, the last layer's by up to "
        f"{loss_text(moved[-1])}."
    )


def _first_gradients(run: Run) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """Return the gradient of the loss by each parameter in the first state."""
    sizes = [each[0].size for each in run.checkpoints.parameters]
    return np.split(gradients_of(run).of_loss[0], np.cumsum(sizes[:-1]))


def small_movement(run: Run) -> str:
    """Report weights that hardly moved in the whole run."""
    states = run.checkpoints.flat_parameters
    size = float(norms(states[:1])[0])
    path = float(norms(np.diff(states, axis=0)).sum())
    if not size or path > SMALL * size:
        return ""
    epochs = count_text(len(run.losses), "epoch")
    rate = number_text(run.settings.learning_rate)
    return (
        f"The steps were small at a learning rate of {rate}: in {epochs} the weights moved by "
        f"{share_text(path / size)} of their size."
    )


def exhausted_learning_rate(run: Run) -> str:
    """Report a schedule that ended with tiny learning rates while the gradient was still large."""
    left = SCHEDULES[run.settings.schedule].left(run.settings.epochs)
    sizes = gradients_of(run).sizes
    halfway = sizes[len(sizes) // 2]
    if left > EXHAUSTED or not halfway or sizes[-1] <= max(STEEP * halfway, LEAST_SLOPE * sizes[0]):
        return ""
    return (
        f"The learning rate ran out: in the last epoch it was {share_text(left)} of its initial "
        f"value, while the gradient was still {share_text(sizes[-1] / halfway)} as long as halfway."
    )


def steady_fall(curve: Curve) -> str:
    """Report a loss that fell at a steady pace until the end, but by less than half in total."""
    third, last = curve.fall(0.5, 0.75), curve.fall(0.75)
    is_steady = 0 < STEADY * third <= last <= third / STEADY
    if not is_steady or curve.losses[-1] < curve.losses[0] / 2:
        return ""
    return (
        f"The steps were small: the loss fell steadily, by {loss_text(third)} in the third quarter "
        f"of the epochs and by {loss_text(last)} in the last."
    )
