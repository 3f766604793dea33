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
from tinynet.sweeping.grid import Cells, Grid


@dataclass(frozen=True)
class _Lot:
    """Networks of one schedule, which runs over the same epochs."""

    networks: npt.NDArray[np.int64]  # their places in a block
    which: npt.NDArray[np.int64]  # of the stream's rates, for each of them
    stream: Iterator[RatesOfMany]


def rates_of_networks(grid: Grid, settings: Settings, cells: Cells) -> Iterator[torch.Tensor]:
    """Yield the rate of each network, (groups, 1, networks), of one epoch after the other.

    `cells` holds one cell of each network, (groups, networks).
    """
    now = grid.numbers("learning_rate", cells)
    lots = list(_lots(grid, settings, cells))
    if not lots:
        yield from repeat(torch.from_numpy(now)[:, None].to(settings.device))
    while True:
        for lot in lots:
            now.flat[lot.networks] = next(lot.stream)[lot.which]
        yield torch.from_numpy(now.copy())[:, None].to(settings.device)


def _lots(grid: Grid, settings: Settings, cells: Cells) -> Iterator[_Lot]:
    """Yield the networks whose rate changes, by what changes it."""
    lengths = grid.values("epochs", cells)
    changes = list(zip(grid.values("schedule", cells), lengths, strict=True))
    rates = np.array(grid.values("learning_rate", cells))
    for schedule, epochs in sorted(set(changes)):
        code = expressions.scheduler(replace(settings, schedule=schedule, epochs=epochs))
        if code:
            mine = np.array(
                [place for place, each in enumerate(changes) if each == (schedule, epochs)]
            )
            found, which = np.unique(rates[mine], return_inverse=True)
            yield _Lot(mine, which, rates_of_many(code, found))
