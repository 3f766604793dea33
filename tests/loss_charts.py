"""Shared helpers for the tests of the loss chart's figure."""

from __future__ import annotations

BEFORE = [0.24, 0.5, 0.4]
