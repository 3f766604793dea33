"""Causes: why a run falls short of good; the first cause for which the run gives evidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinynet.analysis.diagnosis.curve import Curve
from tinynet.analysis.diagnosis.gradients import (
    derivatives_by_probability,
    gradients_of,
    is_at_minimum,
)
from tinynet.analysis.diagnosis.steps import (
    accumulated_gradients,
    exhausted_learning_rate,
    overshoot,
    small_movement,
    steady_fall,
    vanishing_gradients,
    weight_growth,
)
from tinynet.analysis.diagnosis.stories import Kind
from tinynet.analysis.diagnosis.words import loss_text, share_text
from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.features import INPUTS
from tinynet.registry.losses import BCE, LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.training.run import Run

FLAT_SLOPE = 1e-4  # below this, the derivative of a row's loss by its sum is almost zero
OPPOSITE = -0.9  # the cosine of the angle between two opposed gradients
LEAST_PENALTY = 0.1  # the share of the loss that a penalty must reach to matter
SHRUNK = 0.5  # a penalty has shrunk weights below this share of their initial norm
DOMINANT = 0.9  # a penalty dominates above this ratio of its gradient to the gradient of the loss
COMPARABLE = 0.5  # the least ratio of a shorter to a longer gradient
DEAD_SHARE = 0.5  # the share of a layer's units
UNSTEADY = (Kind.ROSE, Kind.BOUNCED, Kind.ENDED_HIGHER)


@dataclass(frozen=True, eq=False)
class Ending:
    """How a run ended: the kind of its story, what its loss did, and its curve, if any."""

    kind: Kind
    loss: Kind = Kind.DIVERGED
    curve: Curve | None = None


def cause_of(run: Run, ending: Ending) -> str:
    """Return one sentence that is true of the run; "" where no evidence is found."""
    if ending.kind is Kind.OVERFITTED:
        return _more_weights_than_rows(run)
    if ending.kind is Kind.DIVERGED:
        return accumulated_gradients(run) or weight_growth(run)
    structure = _identical_units(run) or _penalty(run) or _dead(run) or _saturated(run)
    return structure or _straight_line(run) or _of_steps(run, ending) or _partly_dead(run)


def _of_steps(run: Run, ending: Ending) -> str:
    if ending.loss in UNSTEADY:
        return accumulated_gradients(run) or overshoot(run)
    slow = vanishing_gradients(run) or small_movement(run) or exhausted_learning_rate(run)
    if slow or ending.loss is Kind.STILL_FALLING:
        return slow or (steady_fall(ending.curve) if ending.curve else "")
    return accumulated_gradients(run)


def _more_weights_than_rows(run: Run) -> str:
    weights, rows = run.parameter_count, len(run.targets)
    if weights <= rows:
        return ""
    return f"It has {weights:,} weights and biases, but only {rows:,} rows to learn from."


def _identical_units(run: Run) -> str:
    """Report units that had the same weights and the same bias in every state."""
    parameters = run.checkpoints.parameters
    for weights, biases in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
        width = weights.shape[1]
        are_equal = (weights == weights[:, :1]).all() and (biases == biases[:, :1]).all()
        if width > 1 and are_equal:
            return (
                f"All {width} units of a hidden layer started identical and still have the same "
                "weights, so they do no more than one unit would."
            )
    return ""


def _dead(run: Run) -> str:
    dead = _dead_units(run)
    if not dead or dead[-1][0] < dead[-1][1]:
        return ""
    _, width = dead[-1]
    layer = _layer_text(run, len(dead))
    if width == 1:
        return (
            f"The only unit of {layer} is dead: it outputs 0 for every row, so its weights get no "
            "gradient from the loss."
        )
    return (
        f"All {width} units of {layer} are dead: they output 0 for every row, so their weights get "
        "no gradient from the loss."
    )


def _partly_dead(run: Run) -> str:
    for number, (count, width) in enumerate(_dead_units(run), 1):
        if count >= DEAD_SHARE * width:
            are = "is dead: it outputs" if count == 1 else "are dead: they output"
            return (
                f"{count} of the {width} units of {_layer_text(run, number)} {are} 0 for every row."
            )
    return ""


def _layer_text(run: Run, number: int) -> str:
    return "the hidden layer" if len(run.settings.hidden_units) == 1 else f"hidden layer {number}"


def _dead_units(run: Run) -> list[tuple[int, int]]:
    """Return, for each hidden layer, how many units output 0 for every row, and its width.

    The list ends with the first layer that is entirely dead; it is empty for an activation that
    cannot switch units off.
    """
    found: list[tuple[int, int]] = []
    if not ACTIVATIONS[run.settings.activation].shuts_off:
        return found
    parameters = [states[-1] for states in run.checkpoints.parameters]
    outputs = run.inputs.astype(np.float64)  # so that small weights do not underflow to 0
    for weight, bias in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
        outputs = np.maximum(outputs @ weight.T + bias, 0)
        alive = int(outputs.any(axis=0).sum())
        found.append((len(bias) - alive, len(bias)))
        if not alive:
            break
    return found


def _saturated(run: Run) -> str:
    if not run.settings.task.last or run.correct.all():
        return ""
    wrong = ~run.correct
    y_pred, y = (each[wrong].astype(np.float64) for each in (run.predictions, run.targets))
    slope = y_pred * (1 - y_pred)
    if LOSSES[run.settings.loss].plain is BCE:  # BCE's derivative divides by a slope other than 0
        is_flat = not slope.any()
    else:
        derivatives, _ = derivatives_by_probability(run.settings.loss, y_pred, y)
        is_flat = bool((np.abs(derivatives * slope) < FLAT_SLOPE).all())
    if not is_flat:
        return ""
    rows = f"the {len(y):,} wrong rows" if len(y) > 1 else "the one wrong row"
    return (
        f"The sigmoid is saturated: for {rows} it answers close to 0 or 1, where its slope is "
        "almost zero, so almost no gradient comes back."
    )


def _straight_line(run: Run) -> str:
    settings = run.settings
    if settings.hidden_units and settings.activation != "linear":
        return ""
    if not is_at_minimum(run):
        return ""
    why = "Its hidden layers are linear, so" if settings.hidden_units else "Without a hidden layer"
    is_a_line = (
        len(run.points) and run.inputs.shape[1] == (len(INPUTS) if run.has_classes else 1)
    ) and set(settings.features) <= set(INPUTS)
    can = "draw a straight line" if is_a_line else "add up its weighted inputs"
    if is_a_line and settings.task.has_output_per_class:
        can = "draw straight lines"
    return f"{why} it can only {can}, and the loss is at its minimum."


def _penalty(run: Run) -> str:
    """Report a penalty that outweighs the loss, or a large penalty that opposes the loss."""
    settings = run.settings
    l2 = 0.0 if OPTIMIZERS[settings.optimizer].decays_weights else settings.l2
    if not settings.l1 and not l2:
        return ""
    first, weights = run.checkpoints.flat_parameters[[0, -1]].astype(np.float64)
    of_penalty = settings.l1 * np.sign(weights) + l2 * weights
    of_loss = gradients_of(run).of_loss[-1].astype(np.float64)
    size, initial, pull, slope = map(np.linalg.norm, (weights, first, of_penalty, of_loss))
    if size < SHRUNK * initial and pull > DOMINANT * slope:
        share = share_text(float(size / initial))
        return (
            "The weight penalty outweighs the loss: it shrank the weights to "
            f"{share} of their initial size."
        )
    penalty = float(settings.l1 * np.abs(weights).sum() + l2 / 2 * (weights**2).sum())
    if penalty < LEAST_PENALTY * run.final_loss:
        return ""
    are_comparable = COMPARABLE * slope < pull < slope / COMPARABLE
    if not are_comparable or of_penalty @ of_loss > OPPOSITE * pull * slope:
        return ""
    return (
        f"The weight penalty works against the loss: the penalty is {loss_text(penalty)}, and its "
        "gradient opposes the gradient of the loss."
    )
