"""Settings: every knob once, with the article's value, its range and what it means.

kinds     the kinds of knobs: a number, layers, a choice, data, several choices, a switch
knobs     the knobs
settings  Settings, which holds a value of each
"""

from __future__ import annotations

from tinynet.settings.kinds import (
    MOST_LAYERS,
    ChoiceKnob,
    Knob,
    LayersKnob,
    Number,
    NumberKnob,
    OptionalKnob,
    SettingsError,
    SubsetKnob,
    listed,
    number_text,
)
from tinynet.settings.knobs import (
    DATA,
    DEVICE,
    EPOCHS,
    HIDDEN_UNITS,
    INITIALISATION,
    L2,
    LAYERS,
    LEARNING_RATE,
    LOSS,
    ROWS,
    SCHEDULE,
    SEED,
    TEST_SHARE,
    WEIGHT_SEED,
    ZERO_GRADIENTS,
)
from tinynet.settings.settings import (
    ARTICLE,
    KNOBS,
    Settings,
    changed,
    differences,
    meaningful,
    set_to,
    values_of,
)

__all__ = [
    "ARTICLE",
    "DATA",
    "DEVICE",
    "EPOCHS",
    "HIDDEN_UNITS",
    "INITIALISATION",
    "KNOBS",
    "L2",
    "LAYERS",
    "LEARNING_RATE",
    "LOSS",
    "MOST_LAYERS",
    "ROWS",
    "SCHEDULE",
    "SEED",
    "TEST_SHARE",
    "WEIGHT_SEED",
    "ZERO_GRADIENTS",
    "ChoiceKnob",
    "Knob",
    "LayersKnob",
    "Number",
    "NumberKnob",
    "OptionalKnob",
    "Settings",
    "SettingsError",
    "SubsetKnob",
    "changed",
    "differences",
    "listed",
    "meaningful",
    "number_text",
    "set_to",
    "values_of",
]
