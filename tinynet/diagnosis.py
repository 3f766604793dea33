"""What happened in a run, in plain words, and what to try next.

Every sentence is a claim about runs, and so is a hint with `next_settings`: of the runs that follow
it, nine in ten end with a lower loss. `tests/benchmarks/hints.py` tries that. Where no change does
so much, the hint gives a reason, and no settings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from tinynet.run import FloatArray, Run
from tinynet.settings import (
    EPOCHS,
    HIDDEN_UNITS,
    LEARNING_RATE,
    Knob,
    Number,
    Settings,
    number_text,
)

VISIBLE = 0.001  # a change of the loss that the chart can show: about a pixel
BOUNCE = 1.05  # a loss this many times the lowest so far has bounced, if one can see it
MOVEMENT = 0.05  # the share of its first value that a loss must change by to have moved
FALL = 0.01  # the share that a loss must lose over the last tenth to be still falling,
SHARE_OF_FALL = 0.05  # or the last tenth's share of the whole fall: in a straight line, 0.1
SHORT = 50  # epochs; in fewer, the last tenth is too short to say that a loss has levelled off
REACH = 20  # learning rate x epochs: around it this network gets its ten rows right
BOLDEST_RATE = 1.0  # hints go no further: above it the loss begins to bounce

PURE_NOISE = "The inputs are pure noise, so it learned them by heart."
NO_BRAKE = "Without zero_grad() the gradients of all epochs pile up, like momentum without a brake."


class Kind(StrEnum):
    """The stories a loss curve can tell."""

    BROKE = "broke"
    DEAD = "dead"
    LEARNED = "learned"
    SATURATED = "saturated"
    ROSE = "rose"
    BOUNCED = "bounced"
    HARDLY_MOVED = "hardly moved"
    STILL_FALLING = "still falling"
    TURNED = "turned"
    SHORT = "short"
    LEVELLED_OFF = "levelled off"


@dataclass(frozen=True)
class Diagnosis:
    """What happened, a hint what to try, and the settings that the hint means, if it means any.

    The page shows the hint's words; a notebook can train the settings.
    """

    kind: Kind
    sentence: str
    hint: str
    next_settings: Settings | None = None


def diagnose(run: Run) -> Diagnosis:
    """Return the first story that fits the run."""
    diagnosis = next(filter(None, (story(run) for story in _STORIES)), None) or _levelled_off(run)
    return diagnosis if run.settings.zero_gradients else _without_zero_grad(run, diagnosis)


def loss_text(loss: float) -> str:
    """Return a loss with the digits that a reader can use: 0.2401, 0.000012."""
    return f"{loss:.4f}" if not abs(loss) < 0.001 else f"{loss:.2g}"  # noqa: PLR2004


def _broke(run: Run) -> Diagnosis | None:
    if not run.broke:
        return None
    epoch = len(run.losses) - 1
    sentence = f"At epoch {epoch:,} the loss stopped being a number, and the training ended there."
    return _try_gentler_rate(Kind.BROKE, sentence, run.settings)


def _dead(run: Run) -> Diagnosis | None:
    if np.ptp(run.predictions) or not _a_layer_is_off(run):
        return None
    units = "hidden units" if len(run.settings.hidden_units) == 1 else "units of a hidden layer"
    sentence = (
        f"All {units} are off for every row: each row gets the same answer, "
        f"{run.predictions[0, 0]:.4f}, and the gradient of their weights is 0."
    )
    reason = "Which units are off depends on the random start."
    return _try_more_units(Kind.DEAD, sentence, run.settings, reason)


def _learned(run: Run) -> Diagnosis | None:
    first, last = run.every_loss[[0, -1]]
    if not run.right.all() or last >= first:
        return None
    bounce = _bounce(run.every_loss)
    sentence = (
        f"It learned the batch: all {len(run.right)} rows are right, "
        f"the loss is down from {loss_text(first)} to {loss_text(last)}"
        + (f", though it bounced on the way, {bounce}." if bounce else ".")
    )
    can_shrink = max(run.settings.hidden_units) > HIDDEN_UNITS.minimum
    question = " How few hidden units can do that?" if can_shrink else ""
    return Diagnosis(Kind.LEARNED, sentence, PURE_NOISE + question)


def _saturated(run: Run) -> Diagnosis | None:
    y_pred, y = run.predictions, run.targets
    if ((y_pred - y) * y_pred * (1 - y_pred)).any():  # what backward starts from, row by row
        return None
    sentence = (
        f"Every answer is 0 or 1, {_rows_right(run)}: out there the sigmoid is flat, "
        "and every gradient is 0."
    )
    return _try_gentler_rate(Kind.SATURATED, sentence, run.settings)


def _rose(run: Run) -> Diagnosis | None:
    first, last = run.every_loss[[0, -1]]
    if last - first <= VISIBLE:
        return None
    sentence = f"The loss rose, from {loss_text(first)} to {loss_text(last)}."
    return _try_gentler_rate(Kind.ROSE, sentence, run.settings)


def _bounced(run: Run) -> Diagnosis | None:
    bounce = _bounce(run.every_loss)
    if not bounce:
        return None
    sentence = (
        f"The loss bounced, {bounce}; it ended at {loss_text(run.final_loss)}, {_rows_right(run)}."
    )
    return _try_more_epochs(Kind.BOUNCED, sentence, run.settings)


def _hardly_moved(run: Run) -> Diagnosis | None:
    first, last = run.every_loss[[0, -1]]
    if abs(last - first) >= MOVEMENT * first:
        return None
    share = abs(last - first) / first
    change = "less than 0.1 %" if share < 0.001 else f"{share:.1%}".replace("%", " %")  # noqa: PLR2004
    sentence = (
        f"The loss hardly moved: from {loss_text(first)} to {loss_text(last)}, "
        f"a change of {change}."
    )
    return _try_further_reach(Kind.HARDLY_MOVED, sentence, run.settings)


def _still_falling(run: Run) -> Diagnosis | None:
    losses, fall = run.every_loss, _last_fall(run)
    if fall <= min(FALL * (losses[-1] + fall), SHARE_OF_FALL * (losses[0] - losses[-1])):
        return None
    sentence = (
        f"The loss fell from {loss_text(losses[0])} to {loss_text(losses[-1])} "
        "and was still falling when the epochs ran out."
    )
    return _try_further_reach(Kind.STILL_FALLING, sentence, run.settings)


def _turned(run: Run) -> Diagnosis | None:
    losses = run.every_loss
    if _last_fall(run) >= 0 or losses[-1] - losses.min() <= VISIBLE:
        return None
    sentence = (
        f"The loss fell to {loss_text(losses.min())} at epoch {losses.argmin():,}, "
        f"and was rising when the epochs ran out, at {loss_text(losses[-1])}."
    )
    return _try_more_epochs(Kind.TURNED, sentence, run.settings)


def _short(run: Run) -> Diagnosis | None:
    epochs = len(run.losses)
    if epochs >= SHORT:
        return None
    sentence = (
        f"In {epochs} epochs the loss fell from {loss_text(run.every_loss[0])} "
        f"to {loss_text(run.final_loss)}, {_rows_right(run)}."
    )
    return _try_more_epochs(Kind.SHORT, sentence, run.settings)


def _levelled_off(run: Run) -> Diagnosis:
    sentence = f"The loss levelled off at {loss_text(run.final_loss)}, {_rows_right(run)}."
    reason = "Where it levels off depends on the random start."
    return _try_more_units(Kind.LEVELLED_OFF, sentence, run.settings, reason)


_STORIES = (
    *(_broke, _dead, _learned, _saturated, _rose, _bounced),
    *(_hardly_moved, _still_falling, _turned, _short),
)


def _rows_right(run: Run) -> str:
    return f"with {int(run.right.sum())} of {len(run.right)} rows right"


def _bounce(losses: FloatArray) -> str:
    """Return the highest bounce in words; no words, no bounce."""
    lowest_so_far = np.minimum.accumulate(losses)
    climbs = losses - lowest_so_far
    if not ((losses > BOUNCE * lowest_so_far) & (climbs > VISIBLE)).any():
        return ""
    epoch = int(climbs.argmax())
    low, high = lowest_so_far[epoch], losses[epoch]
    return f"from {loss_text(low)} up to {loss_text(high)} at epoch {epoch:,}"


def _last_fall(run: Run) -> float:
    """Return how far the loss fell over the last tenth of the epochs."""
    tenth = max(1, round(len(run.losses) / 10))
    return float(run.every_loss[-1 - tenth] - run.every_loss[-1])


def _a_layer_is_off(run: Run) -> bool:
    """Whether all ReLU units of a hidden layer are 0 on all rows, in the last state."""
    last = [states[-1] for states in run.checkpoints.parameters]
    outputs = run.inputs
    for weight, bias in zip(last[:-2:2], last[1:-2:2], strict=True):
        outputs = np.maximum(outputs @ weight.T + bias, 0)
        if not outputs.any():
            return True
    return False


def _without_zero_grad(run: Run, diagnosis: Diagnosis) -> Diagnosis:
    """Return the diagnosis with the hint that helps where zero_grad() was forgotten.

    To put it back mostly does not: on this batch, forgetting it is faster.
    """
    settings, kind = run.settings, diagnosis.kind
    gentle = settings.learning_rate < BOLDEST_RATE
    if kind is Kind.LEARNED or (gentle and kind in (Kind.HARDLY_MOVED, Kind.STILL_FALLING)):
        return diagnosis
    went_wrong = kind in (Kind.BROKE, Kind.DEAD, Kind.SATURATED, Kind.ROSE)
    if not went_wrong or run.final_loss <= run.loss_of_the_mean:
        return replace(diagnosis, hint=NO_BRAKE, next_settings=None)
    rate = _rate_in_reach(settings)
    hint = f"Put optimizer.zero_grad() back and take a learning rate of {number_text(rate)}."
    remembered = replace(settings, zero_gradients=True, learning_rate=rate)
    return replace(diagnosis, hint=hint, next_settings=remembered)


def _try_gentler_rate(kind: Kind, sentence: str, settings: Settings) -> Diagnosis:
    """Hint at the stop at half the rate or just under."""
    gentler = [stop for stop in LEARNING_RATE.stops if stop <= settings.learning_rate / 2]
    if not gentler:
        return Diagnosis(kind, sentence, "No smaller learning rate can be set here.")
    hint = f"Try a learning rate of {number_text(gentler[-1])}."
    return Diagnosis(kind, sentence, hint, replace(settings, learning_rate=gentler[-1]))


def _try_further_reach(kind: Kind, sentence: str, settings: Settings) -> Diagnosis:
    """Hint at a larger rate if one would do, else at more epochs."""
    rate = _rate_in_reach(settings)
    if rate <= settings.learning_rate:
        return _try_more_epochs(kind, sentence, settings)
    hint = f"Try a learning rate of {number_text(rate)}."
    return Diagnosis(kind, sentence, hint, replace(settings, learning_rate=rate))


def _try_more_epochs(kind: Kind, sentence: str, settings: Settings) -> Diagnosis:
    epochs = _stop_from(EPOCHS, 4 * settings.epochs)
    if epochs <= settings.epochs:
        return Diagnosis(kind, sentence, "No more epochs can be set here.")
    return Diagnosis(kind, sentence, f"Try {epochs:,} epochs.", replace(settings, epochs=epochs))


def _try_more_units(kind: Kind, sentence: str, settings: Settings, otherwise: str) -> Diagnosis:
    """Hint at layers four times as wide: twice helps less than nine runs in ten."""
    widths = tuple(min(4 * width, HIDDEN_UNITS.maximum) for width in settings.hidden_units)
    if widths == settings.hidden_units:
        return Diagnosis(kind, sentence, otherwise)
    hint = f"Try {' and '.join(map(str, widths))} hidden units."
    return Diagnosis(kind, sentence, hint, replace(settings, hidden_units=widths))


def _rate_in_reach(settings: Settings) -> float:
    return _stop_from(LEARNING_RATE, min(REACH / settings.epochs, BOLDEST_RATE))


def _stop_from(knob: Knob[Number], value: float) -> Number:
    """Return the knob's first stop that is no less than the value, or its last."""
    return next((stop for stop in knob.stops if stop >= value), knob.stops[-1])
