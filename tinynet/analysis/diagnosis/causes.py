"""Why a run ended short of good: the first cause that a fact of the run tells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinynet.analysis.diagnosis.curve import Curve
from tinynet.analysis.diagnosis.gradients import (
    gradients_of,
    gradients_of_two_classes,
    is_at_minimum,
    lengths,
)
from tinynet.analysis.diagnosis.stories import BOUNCE, VISIBLE, Kind
from tinynet.analysis.diagnosis.words import count_text, loss_text, share_text
from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.features import INPUTS
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.registry.schedules import SCHEDULES
from tinynet.training.run import Run

GREW = 10  # times the largest weight of the first state: then it grew
FLAT_SLOPE = 1e-4  # of a row's loss by its sum: next to none
PILE = 2  # times as long as the gradient: then what piled up leads
MOST_TOLD = 100  # times
OPPOSITE = -0.9  # the cosine of the angle between two gradients
WEIGHTY = 0.1  # the share of the loss that a penalty must be to hold it up
SHRUNK = 0.5  # of the first weights' length: below it a penalty has shrunk them
AS_STRONG = 0.9  # times the loss's gradient
HELD = 0.5  # and the share that the shorter of their gradients must be of the longer
FADED = 0.01  # the share of the last layer's way below which the first one's gradients have faded
SMALL = 0.1  # the way of the weights, as a share of their length, that is hardly any
STEADY = 0.5  # a quarter's fall, as a share of that of the quarter before
LITTLE = 0.1  # what is left of a rate that ran out
STEEP = 0.5  # how long the gradient still is then, as a share of halfway
SLOPE = 0.01  # and as a share of the first: below it there is none to go down
SURE = 0.01  # the cosine beyond which a step leads up, or down
DEAD_SHARE = 0.5  # of the units of a layer
UNSTEADY = (Kind.ROSE, Kind.BOUNCED, Kind.ENDED_HIGHER)


@dataclass(frozen=True, eq=False)
class Ending:
    """How a run ended: its kind, what its loss did, and the curve of it, if it has one."""

    kind: Kind
    loss: Kind = Kind.BROKE
    curve: Curve | None = None


def cause_of(run: Run, ending: Ending) -> str:
    """Return a short sentence, true of the run; "" where no fact tells why."""
    if ending.kind is Kind.OVERFITTED:
        return _more_weights_than_rows(run)
    if ending.kind is Kind.BROKE:
        return _piled_up(run) or _grew(run)
    structure = _alike(run) or _penalty(run) or _dead(run) or _saturated(run)
    return structure or _straight_line(run) or _of_steps(run, ending) or _partly_dead(run)


def _of_steps(run: Run, ending: Ending) -> str:
    if ending.loss in UNSTEADY:
        return _piled_up(run) or _uphill(run)
    slow = _faded(run) or _hardly_changed(run) or _ran_out(run)
    if slow or ending.loss is Kind.STILL_FALLING:
        return slow or (_steady(ending.curve) if ending.curve else "")
    return _piled_up(run)


def _more_weights_than_rows(run: Run) -> str:
    weights, rows = run.parameter_count, len(run.targets)
    if weights <= rows:
        return ""
    return f"It has {weights:,} weights and biases to fit {rows:,} rows with."


def _grew(run: Run) -> str:
    first, last = (np.abs(run.checkpoints.flat_parameters[state]).max() for state in (0, -1))
    if not np.isfinite(last):
        return "The steps were too long: the weights are no finite numbers any more."
    if last < GREW * first:
        return ""
    return (
        f"The steps were too long: the largest weight grew from {loss_text(first)} to "
        f"{loss_text(last)}."
    )


def _alike(run: Run) -> str:
    """Tell of units that had the same weights, and the same bias, in every state."""
    parameters = run.checkpoints.parameters
    for weights, biases in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
        width = weights.shape[1]
        is_alike = (weights == weights[:, :1]).all() and (biases == biases[:, :1]).all()
        if width > 1 and is_alike:
            return (
                f"All {width} units of a hidden layer started alike and still have the same "
                "weights: they do no more than one."
            )
    return ""


def _dead(run: Run) -> str:
    dead = _dead_units(run)
    if not dead or dead[-1][0] < dead[-1][1]:
        return ""
    _, width = dead[-1]
    all_units = f"All {width} units" if width > 1 else "The one unit"
    are, their = ("are", "their") if width > 1 else ("is", "its")
    return (
        f"{all_units} of {_layer_text(run, len(dead))} {are} dead: 0 for every row, so the loss "
        f"has no gradient for {their} weights."
    )


def _partly_dead(run: Run) -> str:
    for number, (count, width) in enumerate(_dead_units(run), 1):
        if count >= DEAD_SHARE * width:
            are = "is" if count == 1 else "are"
            layer = _layer_text(run, number)
            return f"{count} of the {width} units of {layer} {are} dead: 0 for every row."
    return ""


def _layer_text(run: Run, number: int) -> str:
    return "the hidden layer" if len(run.settings.hidden_units) == 1 else f"hidden layer {number}"


def _dead_units(run: Run) -> list[tuple[int, int]]:
    """Return how many units of each hidden layer are 0 for every row, and of how many.

    Up to the first layer of which all are. Nothing where no unit shuts off.
    """
    found: list[tuple[int, int]] = []
    if not ACTIVATIONS[run.settings.activation].shuts_off:
        return found
    parameters = [states[-1] for states in run.checkpoints.parameters]
    outputs = run.inputs.astype(np.float64)  # in which no penalty brings a weight to 0
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
    flat = y_pred * (1 - y_pred)
    if run.settings.loss == "bce":  # divides by the very same
        is_flat = not flat.any()
    else:
        gradients, _ = gradients_of_two_classes(run.settings.loss, y_pred, y)
        is_flat = bool((np.abs(gradients * flat) < FLAT_SLOPE).all())
    if not is_flat:
        return ""
    rows = f"the {len(y):,} wrong rows are" if len(y) > 1 else "the one wrong row is"
    them = "them" if len(y) > 1 else "it"
    return (
        f"The sigmoid is saturated: {rows} answered 0 or 1, where it is flat, so next to no "
        f"gradient comes back from {them}."
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
    return f"{why} it can only {can}, and the loss stands at its minimum."


def _penalty(run: Run) -> str:
    """Tell of a penalty that outweighs the loss, or is large and pulls against it."""
    settings = run.settings
    l2 = 0.0 if OPTIMIZERS[settings.optimizer].decays_weights else settings.l2
    if not settings.l1 and not l2:
        return ""
    first, weights = run.checkpoints.flat_parameters[[0, -1]].astype(np.float64)
    pull = settings.l1 * np.sign(weights) + l2 * weights
    loss = gradients_of(run).of_loss[-1].astype(np.float64)
    size, before, force, slope = map(np.linalg.norm, (weights, first, pull, loss))
    if size < SHRUNK * before and force > AS_STRONG * slope:
        kept = share_text(float(size / before))
        words = f"it shrank them to {kept} of their size."
        return f"The penalty on the weights outweighs the loss: {words}"
    term = float(settings.l1 * np.abs(weights).sum() + l2 / 2 * (weights**2).sum())
    if term < WEIGHTY * run.final_loss or not HELD * slope < force < slope / HELD:
        return ""
    if pull @ loss > OPPOSITE * force * slope:
        return ""
    return (
        f"The penalty on the weights holds the loss up: it adds {loss_text(term)}, and its "
        "gradient pulls against the loss's own."
    )


def _piled_up(run: Run) -> str:
    if run.settings.zero_gradients:
        return ""
    gradients = gradients_of(run)
    piles, sizes = lengths(gradients.in_grad), gradients.sizes
    with np.errstate(all="ignore"):
        leads = np.isfinite(piles) & (piles > PILE * sizes) & (sizes > 0)
    if not leads.any():
        return ""
    last = int(np.flatnonzero(leads)[-1])
    times = piles[last] / sizes[last]
    many = f"{times:.1f}" if times < MOST_TOLD else f"over {MOST_TOLD}"
    when = count_text(int(gradients.states[last]), "epoch")
    return (
        f"zero_grad() is forgotten, so gradients pile up: after {when} the pile was {many} times "
        "as long as the loss's own gradient."
    )


def _uphill(run: Run) -> str:
    """Tell how the loss came to rise where it rose most, between two states of the film."""
    gradients, losses = gradients_of(run), run.passes.losses.astype(np.float64)
    rises = np.where(losses[1:] > BOUNCE * losses[:-1], np.diff(losses), 0)
    place = int(rises.argmax())
    if rises[place] <= VISIBLE:
        return ""
    way = np.subtract(*gradients.weights[[place + 1, place]].astype(np.float64))
    gradient = gradients.of_loss[place].astype(np.float64)
    size = np.linalg.norm(way) * np.linalg.norm(gradient)
    leads = way @ gradient / size if size else 0.0
    start, end = gradients.states[[place, place + 1]].tolist()
    low, high = map(loss_text, losses[[place, place + 1]])
    between = f"between {start:,} and {count_text(end, 'epoch')}"
    if leads < -SURE:
        return (
            f"Too long a way at once: {between} the loss rose from {low} to {high}, though the way "
            "began downhill."
        )
    has_momentum = OPTIMIZERS[run.settings.optimizer].has_momentum
    if leads > SURE and has_momentum and not run.settings.batch_size:
        return (
            f"Momentum carried it uphill: {between} it went on against the slope, and the loss "
            f"rose from {low} to {high}."
        )
    return ""


def _faded(run: Run) -> str:
    """Tell of gradients that fade on their way back, and of a first layer that hardly moved."""
    layers = len(run.settings.hidden_units) + 1
    if layers <= 2 or len(run.settings.rates) > 1:  # noqa: PLR2004
        return ""
    ways = [np.abs(each[-1] - each[0]).max() for each in run.checkpoints.parameters[::2]]
    sizes = [np.abs(gradient).max() for gradient in _first_gradients(run)[::2]]
    if not (ways[0] < FADED * ways[-1] and 0 < sizes[0] < FADED * sizes[-1]):
        return ""
    return (
        f"The gradients fade on their way back through {layers} layers: the first layer's weights "
        f"moved by {loss_text(ways[0])} at most, the last one's by up to {loss_text(ways[-1])}."
    )


def _first_gradients(run: Run) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """Return the loss's gradient of each parameter in the first state."""
    sizes = [each[0].size for each in run.checkpoints.parameters]
    return np.split(gradients_of(run).of_loss[0], np.cumsum(sizes[:-1]))


def _hardly_changed(run: Run) -> str:
    states = run.checkpoints.flat_parameters
    length = float(lengths(states[:1])[0])
    way = float(lengths(np.diff(states, axis=0)).sum())
    if not length or way > SMALL * length:
        return ""
    epochs = count_text(len(run.losses), "epoch")
    return (
        f"The steps were small: in {epochs} the weights moved by "
        f"{share_text(way / length)} of their length."
    )


def _ran_out(run: Run) -> str:
    """Tell of a schedule whose last rates were tiny, though the loss still had a slope."""
    left = SCHEDULES[run.settings.schedule].left(run.settings.epochs)
    sizes = gradients_of(run).sizes
    halfway = sizes[len(sizes) // 2]
    if left > LITTLE or sizes[-1] <= max(STEEP * halfway, SLOPE * sizes[0]):
        return ""
    return (
        f"The rate ran out: the last epoch had {share_text(left)} of it, while the gradient was "
        f"still {share_text(sizes[-1] / halfway)} as long as halfway."
    )


def _steady(curve: Curve) -> str:
    third, last = curve.fall(0.5, 0.75), curve.fall(0.75)
    is_steady = 0 < STEADY * third <= last <= third / STEADY
    if not is_steady or curve.losses[-1] < curve.losses[0] / 2:
        return ""
    return (
        f"The steps were small: the loss fell by {loss_text(third)} in the third quarter of the "
        f"epochs and by {loss_text(last)} in the last, without coming to rest."
    )
