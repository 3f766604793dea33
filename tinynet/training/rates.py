"""The learning rates of every epoch, asked of PyTorch's own scheduler beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from tinynet.registry.pytorch import evaluate
from tinynet.settings import Settings
from tinynet.training import expressions

Rates = tuple[float, ...]  # one, or another for the last layer: as the optimizer's groups have them
RatesOfMany = npt.NDArray[np.float64]  # one for each of many networks


def learning_rates(settings: Settings) -> tuple[Rates, ...]:
    """Return the rates of each epoch; those of one epoch alone are those of all."""
    code = expressions.scheduler(settings)
    return _rates(code, settings.rates, settings.epochs) if code else (settings.rates,)


@lru_cache(maxsize=16)  # 10,000 rates take a tenth of a second, and three of ours want them
def _rates(code: str, first: Rates, epochs: int) -> tuple[Rates, ...]:
    groups = (map(float, islice(rates_from(code, rate), epochs)) for rate in first)
    return tuple(zip(*groups, strict=True))


def rates_from(code: str, learning_rate: Any) -> Iterator[Any]:
    """Yield the rate of each epoch, or one for each of many networks, as the code's scheduler does.

    There is no end: past the epochs that the code names, the rates are of no use.
    """
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float32)])
    group = optimizer.param_groups[0]
    group["lr"] = learning_rate  # a scheduler only calculates with it: an array is many at once
    scheduler = evaluate(code, optimizer=optimizer)
    while True:
        yield group["lr"]
        optimizer.step()  # the scheduler wants it before its own
        scheduler.step()
