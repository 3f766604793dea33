"""The learning rate of every epoch, asked of PyTorch's own scheduler beforehand."""

from __future__ import annotations

from functools import lru_cache

import torch

from tinynet import expressions
from tinynet.parts.pytorch import evaluate
from tinynet.settings import Settings


def learning_rates(settings: Settings) -> tuple[float, ...]:
    """Return the rate of each epoch; one alone is that of all."""
    code = expressions.scheduler(settings)
    return (
        _rates(code, settings.learning_rate, settings.epochs) if code else (settings.learning_rate,)
    )


@lru_cache(maxsize=16)  # 10,000 rates take a tenth of a second, and three of ours want them
def _rates(code: str, learning_rate: float, epochs: int) -> tuple[float, ...]:
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float32)], lr=learning_rate)
    scheduler = evaluate(code, optimizer=optimizer)
    rates = []
    for _ in range(epochs):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()  # the scheduler wants it before its own
        scheduler.step()
    return tuple(rates)
