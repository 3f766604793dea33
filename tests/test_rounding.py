"""The page's statements about other processors, tested with PyTorch's vector units off."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch

from tests.oracle import in_a_fresh_process
from tinynet.settings import LEARNING_RATE

PLAIN = {"ATEN_CPU_CAPABILITY": "default"}  # without vector units, PyTorch sums in another order
RATES = LEARNING_RATE.stops[::3]
# Without zero_grad(), found among 240 random settings: the two runs drift far apart.
FAR = [(5, 10.0, 199), (64, 5.0, 882), (32, 5.0, 399), (5, 5.0, 650), (32, 10.0, 531)]


EPOCHS = 101


def knobs(width: int, rate: float, seed: int, *, zero_gradients: bool) -> dict[str, Any]:
    return {
        "hidden_units": [width],
        "learning_rate": rate,
        "epochs": EPOCHS,
        "seed": seed,
        "zero_gradients": zero_gradients,
    }


EVERY_RATE = [
    knobs(width, rate, seed, zero_gradients=True)
    for rate in RATES
    for seed, width in enumerate((1, 5, 64))
]


@pytest.fixture(scope="module")
def apart() -> npt.NDArray[np.float64]:
    """The differences of the losses on both processors, (settings, epochs); far ones last."""
    if torch.backends.cpu.get_cpu_capability() == "DEFAULT":
        pytest.skip("This processor has no vector units.")
    settings = EVERY_RATE + [knobs(*each, zero_gradients=False) for each in FAR]
    here, there = (in_a_fresh_process(settings, each) for each in ({}, PLAIN))
    losses = [np.array([run["losses"] for run in runs]) for runs in (here, there)]
    return np.asarray(np.abs(losses[0] - losses[1]))


@pytest.mark.slow
def test_elsewhere_the_losses_begin_equal_to_six_digits(apart: npt.NDArray[np.float64]) -> None:
    assert apart[:, :5].max() < 1e-6  # of losses of about 0.25


def test_they_drift_apart(apart: npt.NDArray[np.float64]) -> None:
    assert (apart > 0).any(axis=1).mean() > 0.9


def test_only_at_the_largest_learning_rates_do_they_drift_far(
    apart: npt.NDArray[np.float64],
) -> None:
    gentle = [each["learning_rate"] <= 2 for each in EVERY_RATE]

    assert apart[: len(EVERY_RATE)][gentle].max() < 1e-5
    assert apart[len(EVERY_RATE) :].max() > 0.01
