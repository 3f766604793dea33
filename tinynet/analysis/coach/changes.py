"""The single changes that the coach tries, and the estimated cost of a training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from tinynet.analysis.diagnosis.scores import FEW
from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.features import FEATURES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.settings import (
    ARTICLE,
    EPOCHS,
    HIDDEN_UNITS,
    KNOBS,
    LEARNING_RATE,
    MOST_LAYERS,
    Settings,
    SettingsError,
    number_text,
    set_to,
    values_of,
)

Change = Mapping[str, Any]  # names of knobs, with their values

ADAM: Change = {"optimizer": "adam", "learning_rate": 0.02}
WIDTH = 16  # units: enough for most of the built-in data
FACTORS = (10, 3, 50, 0.1)  # of the learning rate
# Knobs that may prevent learning; the coach resets them to the article's values.
EXTRAS = ("zero_gradients", "schedule", "clip", "l1", "l2", "last_layer_rate", "initialisation")
RECIPE_EPOCHS = 500
MOST_EPOCHS = 1_000  # a change to more epochs stops here


def changes(settings: Settings) -> list[Change]:
    """Return the changes to try, without duplicates."""
    found = [each for each in _changes(settings) if leads_to(settings, each) != settings]
    return [each for place, each in enumerate(found) if each not in found[:place]]


def recipe(settings: Settings) -> Change:
    """Return a combined change with which a network learns most of the built-in data."""
    epochs = max(settings.epochs, RECIPE_EPOCHS)
    return {**ADAM, "hidden_units": (WIDTH, WIDTH), "activation": "tanh", "epochs": epochs}


def leads_to(settings: Settings, change: Change) -> Settings:
    """Return the settings with a change; unchanged if the change is invalid there."""
    try:
        return set_to(settings, change)
    except SettingsError:
        return settings


def changed_from(settings: Settings, other: Settings) -> Change:
    """Return the knobs that differ, with their values in the other settings."""
    before = values_of(settings)
    return {name: each for name, each in values_of(other).items() if each != before[name]}


def in_words(settings: Settings, base: Settings) -> str:
    """Describe how the settings differ from `base`: "Adam at 0.02, batches of 20"."""
    changed = {**changed_from(base, settings)}
    found = []
    if "optimizer" in changed:
        found.append(
            f"{OPTIMIZERS[settings.optimizer].label} at {number_text(settings.learning_rate)}"
        )
        del changed["optimizer"]
        changed.pop("learning_rate", None)
    if len(changed.get("hidden_units", base.hidden_units)) != len(base.hidden_units):
        found.append(_layers_in_words(changed.pop("hidden_units")))
    words = ", ".join([*found, *(_value_in_words(settings, name) for name in changed)])
    return words[:1].upper() + words[1:]


def _layers_in_words(widths: tuple[int, ...]) -> str:
    """Describe layers whose number differs: "2 layers of 16", "3 layers: 16-8-8 units"."""
    if not widths:
        return "no hidden layer"
    layers = f"{len(widths)} layer{'s' * (len(widths) > 1)}"
    return f"{layers} of {widths[0]}" if len({*widths}) == 1 else f"{layers}: {_units(widths)}"


def _units(widths: tuple[int, ...]) -> str:
    return f"{'-'.join(map(str, widths))} units"


def _value_in_words(settings: Settings, name: str) -> str:
    """Return the value of a knob in a few words."""
    brief = {
        "hidden_units": _units(settings.hidden_units),
        "epochs": f"{settings.epochs:,} epoch{'s' * (settings.epochs > 1)}",
        "features": "all features" if len(settings.features) == len(FEATURES) else "",
        "activation": ACTIVATIONS[settings.activation].label,
        "batch_size": f"batches of {settings.batch_size}"
        if settings.batch_size
        else "all rows at once",
    }
    knob = next(each for each in KNOBS if each.name == name)
    return brief.get(name) or knob.in_words(getattr(settings, name))


def _changes(settings: Settings) -> Iterator[Change]:
    for name in EXTRAS:
        yield {name: getattr(ARTICLE, name)}
    yield from _changes_of_steps(settings)
    yield from _changes_of_network(settings)
    if settings.test_rows >= FEW:
        yield from _changes_against_overfitting(settings)


def _changes_of_steps(settings: Settings) -> Iterator[Change]:
    yield ADAM
    for factor in FACTORS:
        wanted = settings.learning_rate * factor
        stops = LEARNING_RATE.stops
        yield {"learning_rate": min(stops, key=lambda stop: abs(stop / wanted - 1))}
    if settings.epochs < MOST_EPOCHS:
        yield {"epochs": stop_from(min(MOST_EPOCHS, 4 * settings.epochs))}
    yield {"batch_size": 0 if settings.batch_size else 20}


def _changes_of_network(settings: Settings) -> Iterator[Change]:
    widths = settings.hidden_units
    wide = tuple(
        WIDTH if width < WIDTH else min(2 * width, HIDDEN_UNITS.maximum) for width in widths
    )
    yield {"hidden_units": wide}
    if len(widths) < MOST_LAYERS:
        yield {"hidden_units": (*widths, widths[-1] if widths else WIDTH)}
    if len(widths) < 2:  # noqa: PLR2004 - layers
        yield {"hidden_units": (WIDTH, WIDTH)}
    yield {"activation": "relu" if settings.activation == "tanh" else "tanh"}
    yield {"features": tuple(FEATURES)}


def _changes_against_overfitting(settings: Settings) -> Iterator[Change]:
    for penalty in (0.003, 0.03):
        yield {"l2": penalty}
    yield {"hidden_units": tuple(max(1, width // 2) for width in settings.hidden_units)}
    yield {"epochs": stop_from(max(1, settings.epochs // 4))}


def stop_from(epochs: int) -> int:
    """Return the first stop of the epochs slider at or above this number."""
    return next((stop for stop in EPOCHS.stops if stop >= epochs), EPOCHS.maximum)


def cost(settings: Settings) -> float:
    """Estimate the seconds that a training takes on one core; the same on every machine."""
    widths = (settings.inputs, *settings.hidden_units, settings.outputs)
    weights = sum(before * after for before, after in pairwise(widths))
    rows = settings.batch_size or settings.training_rows
    updates = settings.epochs * -(-settings.training_rows // rows)
    an_update = 25e-6 + 15e-6 * len(widths) + rows * (1.2e-10 * weights + 6e-9 * sum(widths[1:-1]))
    tests = settings.epochs * 15e-6 * len(widths) if settings.test_rows else 0.0
    return 2e-3 + updates * an_update + tests
