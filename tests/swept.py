"""Shared helpers for the tests of sweeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tinynet import Run, Settings, train
from tinynet.sweeping.grid import Sweep

NEAR = 0.001  # relative difference of losses, too small for a colour to show
RATES = (0.05, 0.003)
AXES: dict[str, Any] = {"learning_rate": RATES, "hidden_units": (5, 2), "seed": (0, 4)}
MOONS = Settings(data="moons", rows=40, epochs=8, test_share=0.25)


def runs(result: Sweep) -> Iterator[tuple[tuple[int, ...], Run]]:
    """Yield the index of each cell, and its own training."""
    for index in np.ndindex(result.final_losses.shape):
        yield index, train(result.settings_of(index))


def assert_near(result: Sweep) -> None:
    """Compare every cell with its own training."""
    for index, run in runs(result):
        assert result.final_losses[index] == pytest.approx(run.final_loss, rel=NEAR), run.settings
        if run.has_test:
            test_loss = result.final_test_losses[index]
            assert test_loss == pytest.approx(run.final_test_loss, rel=NEAR), run.settings
        if result.accuracies is not None:
            assert result.accuracies[index] == pytest.approx(run.accuracy, abs=1e-6)
        if result.test_accuracies is not None:
            assert result.test_accuracies[index] == pytest.approx(run.test_accuracy, abs=1e-6)
        assert not result.diverged[index]
