"""The learning rates of many networks, epoch by epoch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import repeat

import numpy as np
import numpy.typing as npt
import torch

from tinynet.settings import Settings
from tinynet.sweeping.plan import Cells, SweepPlan
from tinynet.training import expressions
from tinynet.training.rates import RatesOfMany, rates_from

# One for each network, (groups, 1, networks); and another of its last layer, where some have one.
Rates = tuple[torch.Tensor, ...]


@dataclass(frozen=True, eq=False)
class _Lot:
    """Networks of one schedule, which runs over the same epochs."""

    networks: npt.NDArray[np.int64]  # their places in a block
    which: npt.NDArray[np.int64]  # of the stream's rates, for each of them
    stream: Iterator[RatesOfMany]


def rates_of_networks(plan: SweepPlan, settings: Settings, cells: Cells) -> Iterator[Rates]:
    """Yield the rates of one epoch after the other; there is no end.

    `cells` holds one cell of each network, (groups, networks).
    """
    parts = first_rates(plan, settings, cells)
    return zip(*(_of_every_epoch(plan, settings, cells, each) for each in parts), strict=True)


def first_rates(plan: SweepPlan, settings: Settings, cells: Cells) -> list[RatesOfMany]:
    """Return each network's learning rate; and its last layer's, if some network's has another."""
    rates, times = (
        np.array(plan.values(name, cells), np.float64).reshape(cells.shape)
        for name in ("learning_rate", "last_layer_rate")
    )
    # Without hidden layers the last one is the whole network, whatever the axis says.
    is_one = not settings.hidden_units or bool((times == 1).all())
    return [rates] if is_one else [rates, rates * times]


def _of_every_epoch(
    plan: SweepPlan, settings: Settings, cells: Cells, first: RatesOfMany
) -> Iterator[torch.Tensor]:
    now = first.astype(np.float32)
    lots = list(_lots(plan, settings, cells, first.ravel()))
    if not lots:
        yield from repeat(torch.from_numpy(now)[:, None].to(settings.device))
    while True:
        for lot in lots:
            now.flat[lot.networks] = next(lot.stream)[lot.which]
        yield torch.from_numpy(now.copy())[:, None].to(settings.device)


def _lots(plan: SweepPlan, settings: Settings, cells: Cells, rates: RatesOfMany) -> Iterator[_Lot]:
    """Yield the networks whose rate changes, by what changes it."""
    lengths = plan.values("epochs", cells)
    changes = list(zip(plan.values("schedule", cells), lengths, strict=True))
    for schedule, epochs in sorted(set(changes)):
        code = expressions.scheduler(replace(settings, schedule=schedule, epochs=epochs))
        if code:
            mine = np.array(
                [place for place, each in enumerate(changes) if each == (schedule, epochs)]
            )
            found, which = np.unique(rates[mine], return_inverse=True)
            yield _Lot(mine, which, rates_from(code, found))
