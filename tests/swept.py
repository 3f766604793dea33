"""Sweeps: what their tests share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tinynet import Run, Settings, train
from tinynet.sweeping.grid import Sweep

NEAR = 0.001  # of a loss: what no colour shows
RATES = (0.05, 0.003)
AXES: dict[str, Any] = {"learning_rate": RATES, "hidden_units": (5, 2), "seed": (0, 4)}
MOONS = Settings(data="moons", rows=40, epochs=8, test_share=0.25)


def runs(result: Sweep) -> Iterator[tuple[tuple[int, ...], Run]]:
    """Yield each cell's place, and the training of its settings alone."""
    for index in np.ndindex(result.final_losses.shape):
        yield index, train(result.settings_of(index))


def assert_near(result: Sweep) -> None:
    """Hold every cell to its own training."""
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
