"""Maps small enough to test."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make tiles small enough that even a small map has several: PLAN has six."""
    monkeypatch.setattr("tinynet.atlas.plan.LARGEST_TILE", 32)
