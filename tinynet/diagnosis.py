"""What happened in a run, in plain words, and what to try next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from tinynet.run import Run
from tinynet.settings import (
    EPOCHS,
    HIDDEN_UNITS,
    LEARNING_RATE,
    Number,
    NumberKnob,
    Settings,
    number_text,
)

BOUNCE = 1.05  # a loss this many times the lowest so far has bounced
MOVEMENT = 0.05  # the share of its first value that a loss must change by to have moved
FALL = 0.01  # the share that a loss must lose over the last tenth to be still falling,
SHARE_OF_FALL = 0.05  # or the last tenth's share of the whole fall: in a straight line, 0.1
REACH = 20  # learning rate x epochs: around it this network gets its ten rows right
BOLDEST_RATE = 1.0  # hints go no further: above it the loss begins to bounce


class Kind(StrEnum):
    """The stories a loss curve can tell."""

    BROKE = "broke"
    BOUNCED = "bounced"
    HARDLY_MOVED = "hardly moved"
    LEARNED = "learned"
    STILL_FALLING = "still falling"
    STUCK = "stuck"


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
    stories = (_broke, _bounced, _hardly_moved, _learned, _still_falling)
    diagnosis = next(filter(None, (story(run) for story in stories)), None) or _stuck(run)
    if run.settings.zero_gradients:
        return diagnosis
    remembered = replace(run.settings, zero_gradients=True)
    return replace(diagnosis, hint="Put optimizer.zero_grad() back.", next_settings=remembered)


def loss_text(loss: float) -> str:
    """Return a loss with the digits that a reader can use: 0.2401, 0.000012."""
    return f"{loss:.4f}" if not abs(loss) < 0.001 else f"{loss:.2g}"  # noqa: PLR2004


def _broke(run: Run) -> Diagnosis | None:
    if not run.broke:
        return None
    epoch = len(run.losses) - 1
    sentence = f"At epoch {epoch:,} the loss stopped being a number, and the training ended there."
    return _with_rate(Kind.BROKE, sentence, run.settings, _gentler_rate(run.settings))


def _bounced(run: Run) -> Diagnosis | None:
    losses = run.every_loss
    lowest_so_far = np.minimum.accumulate(losses)
    bounces = losses > BOUNCE * lowest_so_far
    if not bounces.any():
        return None
    epoch = int(np.argmax(losses - lowest_so_far))
    bounce = f"from {loss_text(lowest_so_far[epoch])} back up to {loss_text(losses[epoch])}"
    if run.right.all():
        sentence = (
            f"It learned the batch, all {len(run.right)} rows are right, "
            f"but the loss bounced on the way: {bounce} at epoch {epoch:,}."
        )
    else:
        sentence = f"The loss bounced: {bounce} at epoch {epoch:,}."
    return _with_rate(Kind.BOUNCED, sentence, run.settings, _gentler_rate(run.settings))


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
    return _with_further_reach(Kind.HARDLY_MOVED, sentence, run.settings)


def _learned(run: Run) -> Diagnosis | None:
    if not run.right.all():
        return None
    sentence = (
        f"It learned the batch: all {len(run.right)} rows are right, "
        f"the loss is down from {loss_text(run.every_loss[0])} to {loss_text(run.final_loss)}."
    )
    hint = "The inputs are pure noise, so it learned them by heart."
    if max(run.settings.hidden_units) > HIDDEN_UNITS.minimum:
        hint += " How few hidden units can?"
    return Diagnosis(Kind.LEARNED, sentence, hint)


def _still_falling(run: Run) -> Diagnosis | None:
    losses = run.every_loss
    tenth = max(1, round(len(run.losses) / 10))
    fall = losses[-1 - tenth] - losses[-1]
    if fall <= min(FALL * losses[-1 - tenth], SHARE_OF_FALL * (losses[0] - losses[-1])):
        return None
    sentence = (
        f"The loss fell from {loss_text(losses[0])} to {loss_text(losses[-1])} "
        "and was still falling when the epochs ran out."
    )
    return _with_further_reach(Kind.STILL_FALLING, sentence, run.settings)


def _stuck(run: Run) -> Diagnosis:
    sentence = (
        f"The loss got stuck at {loss_text(run.final_loss)}, "
        f"with {int(run.right.sum())} of {len(run.right)} rows right."
    )
    more = "more hidden units, or " if max(run.settings.hidden_units) < HIDDEN_UNITS.maximum else ""
    return Diagnosis(Kind.STUCK, sentence, f"Try {more}a new random start.")


def _with_rate(kind: Kind, sentence: str, settings: Settings, rate: float) -> Diagnosis:
    if rate == settings.learning_rate:
        return Diagnosis(kind, sentence, "Try a new random start.")
    hint = f"Try a learning rate of {number_text(rate)}."
    return Diagnosis(kind, sentence, hint, replace(settings, learning_rate=rate))


def _with_further_reach(kind: Kind, sentence: str, settings: Settings) -> Diagnosis:
    """Hint at a larger rate if one would do, else at more epochs."""
    rate = _stop_from(LEARNING_RATE, min(REACH / settings.epochs, BOLDEST_RATE))
    if rate > settings.learning_rate:
        return _with_rate(kind, sentence, settings, rate)
    epochs = _stop_from(EPOCHS, 4 * settings.epochs)
    if epochs <= settings.epochs:
        return Diagnosis(kind, sentence, "Try a new random start.")
    return Diagnosis(kind, sentence, f"Try {epochs:,} epochs.", replace(settings, epochs=epochs))


def _gentler_rate(settings: Settings) -> float:
    """Return the stop at half the rate or just under."""
    gentler = [stop for stop in LEARNING_RATE.stops if stop <= settings.learning_rate / 2]
    return gentler[-1] if gentler else settings.learning_rate


def _stop_from(knob: NumberKnob[Number], value: float) -> Number:
    """Return the knob's first stop that is no less than the value, or its last."""
    return next((stop for stop in knob.stops if stop >= value), knob.stops[-1])
