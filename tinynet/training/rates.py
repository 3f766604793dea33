"""The learning rate of every epoch, from PyTorch's scheduler."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from tinynet.registry.pytorch import evaluate
from tinynet.registry.torch_seams import set_rates_of_many
from tinynet.settings import Settings
from tinynet.training import expressions

Rates = tuple[float, ...]  # a rate per parameter group: the last layer may have its own group
RatesOfMany = npt.NDArray[np.float64]  # a rate per network


def learning_rates(settings: Settings) -> tuple[Rates, ...]:
    """Return the rates of each epoch, or of one epoch if all are the same."""
    code = expressions.scheduler(settings)
    return _rates(code, settings.rates, settings.epochs) if code else (settings.rates,)


@lru_cache(maxsize=16)  # 10,000 rates take a tenth of a second
def _rates(code: str, first: Rates, epochs: int) -> tuple[Rates, ...]:
    groups = (map(float, islice(rates_from(code, rate), epochs)) for rate in first)
    return tuple(zip(*groups, strict=True))


def rates_from(code: str, learning_rate: float | RatesOfMany) -> Iterator[Any]:
    """Yield the rate of each epoch, endlessly; given the rates of many networks, yield theirs.

    Rates after the epochs that the code names are meaningless.
    """
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float32)])
    set_rates_of_many(optimizer, learning_rate)
    scheduler = evaluate(code, optimizer=optimizer)
    while True:
        yield optimizer.param_groups[0]["lr"]
        optimizer.step()  # otherwise the scheduler warns
        scheduler.step()
