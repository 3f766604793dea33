"""Settings: what their tests share."""

from __future__ import annotations

from tinynet.settings import EPOCHS, HIDDEN_UNITS, LEARNING_RATE, SEED

KNOBS = (HIDDEN_UNITS, LEARNING_RATE, EPOCHS, SEED)
