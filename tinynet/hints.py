"""What to try next: a hint in words, and the settings that it means, if it promises anything.

A hint with settings is a claim about runs: of the runs that follow it, nine in ten end with a lower
loss. `tests/benchmarks/hints.py` tries that. Where no change does so much, the hint gives a reason,
and no settings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tinynet.settings import (
    EPOCHS,
    HIDDEN_UNITS,
    LEARNING_RATE,
    ZERO_GRADIENTS,
    Number,
    NumberKnob,
    Settings,
    number_text,
    turned,
)

REACH = 20  # learning rate x epochs: around it the article's network gets its ten rows right
PAST_THE_LOW_POINTS = "Long steps, momentum or small batches carry it past the low points."
BOLDEST_RATE = 1.0  # hints go no further: above it the article's loss begins to bounce


@dataclass(frozen=True)
class Hint:
    """Words, and the settings that they mean, if they mean any."""

    words: str
    settings: Settings | None = None


def is_the_articles(settings: Settings) -> bool:
    """Tell whether only the article's own numbers were turned, and no other knob."""
    return all(knob.always_named or knob is ZERO_GRADIENTS for knob in turned(settings))


def gentler_rate(settings: Settings) -> Hint:
    """Hint at a stop below the rate: about half of it for the article's network, else far below."""
    if (times := settings.last_layer_rate) > 1:
        whose = f"its rate is {number_text(times)} times that of the others"
        return Hint(f"The last layer's steps may be too long: {whose}.")
    share = 2 if is_the_articles(settings) else 100  # RMSprop still rises at a tenth of 2
    gentler = [stop for stop in LEARNING_RATE.stops if stop <= settings.learning_rate / share]
    if not gentler:
        return Hint("No smaller learning rate can be set here.")
    words = f"Try a learning rate of {number_text(gentler[-1])}."
    return Hint(words, replace(settings, learning_rate=gentler[-1]))


def further_reach(settings: Settings) -> Hint:
    """Hint at a larger rate if one would do, else at more epochs."""
    rate = rate_in_reach(settings)
    if rate <= settings.learning_rate or not is_the_articles(settings):
        return more_epochs(settings)
    words = f"Try a learning rate of {number_text(rate)}."
    return Hint(words, replace(settings, learning_rate=rate))


def more_epochs(settings: Settings) -> Hint:
    """Hint at four times as many."""
    epochs = _stop_from(EPOCHS, 4 * settings.epochs)
    if epochs <= settings.epochs:
        return Hint("No more epochs can be set here.")
    return Hint(f"Try {epochs:,} epochs.", replace(settings, epochs=epochs))


def gentler_way(settings: Settings) -> Hint:
    """Say why a loss went up and down; for the article's network, more epochs help."""
    if is_the_articles(settings):
        return more_epochs(settings)
    return Hint(PAST_THE_LOW_POINTS)


def more_units(settings: Settings, otherwise: str) -> Hint:
    """Hint at layers four times as wide: twice helps less than nine runs in ten."""
    widths = tuple(min(4 * width, HIDDEN_UNITS.maximum) for width in settings.hidden_units)
    if widths == settings.hidden_units or not is_the_articles(settings):
        return Hint(otherwise)
    words = f"Try {' and '.join(map(str, widths))} hidden units."
    return Hint(words, replace(settings, hidden_units=widths))


def rate_in_reach(settings: Settings) -> float:
    """Return the rate with which the article's network learns its rows in these epochs."""
    return _stop_from(LEARNING_RATE, min(REACH / settings.epochs, BOLDEST_RATE))


def _stop_from(knob: NumberKnob[Number], value: float) -> Number:
    """Return the knob's first stop that is no less than the value, or its last."""
    return next((stop for stop in knob.stops if stop >= value), knob.stops[-1])
