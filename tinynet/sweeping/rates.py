"""The learning rates of many networks, epoch by epoch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import repeat

import numpy as np
import numpy.typing as npt
import torch

from tinynet import expressions
from tinynet.rates import RatesOfMany, rates_of_many
from tinynet.settings import Settings
from tinynet.sweeping.plan import Cells, Plan


@dataclass(frozen=True, eq=False)
class _Lot:
    """Networks of one schedule, which runs over the same epochs."""

    networks: npt.NDArray[np.int64]  # their places in a block
    which: npt.NDArray[np.int64]  # of the stream's rates, for each of them
    stream: Iterator[RatesOfMany]


def rates_of_networks(plan: Plan, settings: Settings, cells: Cells) -> Iterator[torch.Tensor]:
    """Yield the rate of each network, (groups, 1, networks), of one epoch after the other.

    `cells` holds one cell of each network, (groups, networks).
    """
    now = plan.numbers("learning_rate", cells)
    lots = list(_lots(plan, settings, cells))
    if not lots:
        yield from repeat(torch.from_numpy(now)[:, None])
    while True:
        for lot in lots:
            now.flat[lot.networks] = next(lot.stream)[lot.which]
        yield torch.from_numpy(now.copy())[:, None]


def _lots(plan: Plan, settings: Settings, cells: Cells) -> Iterator[_Lot]:
    """Yield the networks whose rate changes, by what changes it."""
    lengths = plan.values("epochs", cells)
    changes = list(zip(plan.values("schedule", cells), lengths, strict=True))
    rates = np.array(plan.values("learning_rate", cells))
    for schedule, epochs in sorted(set(changes)):
        code = expressions.scheduler(replace(settings, schedule=schedule, epochs=epochs))
        if code:
            mine = np.array(
                [place for place, each in enumerate(changes) if each == (schedule, epochs)]
            )
            found, which = np.unique(rates[mine], return_inverse=True)
            yield _Lot(mine, which, rates_of_many(code, found))
