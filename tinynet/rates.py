"""The learning rates of every epoch, asked of PyTorch's own scheduler beforehand."""

from __future__ import annotations

from functools import lru_cache

import torch

from tinynet import expressions
from tinynet.parts.pytorch import evaluate
from tinynet.settings import Settings

Rates = tuple[float, ...]  # one, or another for the last layer: as the optimizer's groups have them


def learning_rates(settings: Settings) -> tuple[Rates, ...]:
    """Return the rates of each epoch; those of one epoch alone are those of all."""
    code = expressions.scheduler(settings)
    return _rates(code, settings.rates, settings.epochs) if code else (settings.rates,)


@lru_cache(maxsize=16)  # 10,000 rates take a tenth of a second, and three of ours want them
def _rates(code: str, first: Rates, epochs: int) -> tuple[Rates, ...]:
    groups = [{"params": [torch.zeros(1, dtype=torch.float32)], "lr": rate} for rate in first]
    optimizer = torch.optim.SGD(groups, lr=first[0])
    scheduler = evaluate(code, optimizer=optimizer)
    rates = []
    for _ in range(epochs):
        rates.append(tuple(float(group["lr"]) for group in optimizer.param_groups))
        optimizer.step()  # the scheduler wants it before its own
        scheduler.step()
    return tuple(rates)
