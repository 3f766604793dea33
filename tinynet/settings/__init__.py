"""Settings: every knob once, with the article's value, its range and its meaning.

knob          the base of all knobs
number_knobs  knobs with numbers
choice_knobs  knobs with choices
knobs         all knobs
settings      Settings, with a value for each knob
given         what is given as settings, checked
"""

from __future__ import annotations

from tinynet.settings.choice_knobs import ChoiceKnob, SubsetKnob
from tinynet.settings.given import settings_of
from tinynet.settings.knob import Knob, SettingsError, listed, number_text
from tinynet.settings.knobs import (
    DATA,
    DEVICE,
    EPOCHS,
    HIDDEN_UNITS,
    INITIALISATION,
    KEEP,
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
from tinynet.settings.number_knobs import MOST_LAYERS, LayersKnob, Number, NumberKnob, OptionalKnob
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
    "KEEP",
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
    "settings_of",
    "values_of",
]
