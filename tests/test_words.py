"""What the page says about runs in general, tried over thirty seeds of the article's own loop."""

from __future__ import annotations

import numpy as np
import pytest

from tests.oracle import article_loop

SEEDS = range(30)


def losses(rate: float, seed: int, *, zero_gradients: bool) -> list[float]:
    run = article_loop([5], rate, 50, seed, zero_gradients=zero_gradients)
    return [*run["losses"], run["final_loss"]]


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.5, 1.0])
def test_without_zero_grad_the_loss_mostly_falls_faster_on_this_batch(rate: float) -> None:
    lower = sum(
        losses(rate, seed, zero_gradients=False)[-1] < losses(rate, seed, zero_gradients=True)[-1]
        for seed in SEEDS
    )

    assert lower >= 27


def test_without_zero_grad_it_often_overshoots_at_the_largest_rate() -> None:
    def overshoots(seed: int) -> bool:
        seen = np.array(losses(10.0, seed, zero_gradients=False))
        return bool((seen > 1.05 * np.minimum.accumulate(seen) + 0.0001).any())

    assert sum(map(overshoots, SEEDS)) >= 12
