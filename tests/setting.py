"""Shared helpers for the tests of settings."""

from __future__ import annotations

from tinynet.settings import EPOCHS, HIDDEN_UNITS, LEARNING_RATE, SEED

KNOBS = (HIDDEN_UNITS, LEARNING_RATE, EPOCHS, SEED)
