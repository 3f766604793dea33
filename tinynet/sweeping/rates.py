"""The learning rates of many networks for each epoch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import numpy.typing as npt
import torch

from tinynet.registry.schedules import SCHEDULES
from tinynet.settings import Settings
from tinynet.sweeping.plan import Cells, SweepPlan
from tinynet.training.rates import RatesOfMany, rates_from

# One rate per network, (groups, 1, networks); then the last layers' rates, if some differ.
Rates = tuple[torch.Tensor, ...]


@dataclass(frozen=True, eq=False)
class _Scheduled:
    """Networks with one schedule and number of epochs."""

    networks: npt.NDArray[np.int64]  # indices in the block
    which: npt.NDArray[np.int64]  # the index of each network's rate in the stream
    stream: Iterator[RatesOfMany]


def rates_of_networks(plan: SweepPlan, settings: Settings, cells: Cells) -> Iterator[Rates]:
    """Yield the rates of each epoch, endlessly.

    `cells` has one cell of each network, (groups, networks).
    """
    parts = first_rates(plan, settings, cells)
    return zip(*(_of_every_epoch(plan, settings, cells, each) for each in parts), strict=True)


def first_rates(plan: SweepPlan, settings: Settings, cells: Cells) -> list[RatesOfMany]:
    """Return the networks' learning rates, then the last layers' rates, if some differ."""
    rates, times = (
        np.array(plan.values(name, cells), np.float64).reshape(cells.shape)
        for name in ("learning_rate", "last_layer_rate")
    )
    # Without hidden layers, the last layer is the whole network, and the axis has no effect.
    is_shared = not settings.hidden_units or bool((times == 1).all())
    return [rates] if is_shared else [rates, rates * times]


def _of_every_epoch(
    plan: SweepPlan, settings: Settings, cells: Cells, first: RatesOfMany
) -> Iterator[torch.Tensor]:
    now = first.astype(np.float32)
    changing = list(_scheduled(plan, cells, first.ravel()))
    if not changing:
        yield from repeat(torch.from_numpy(now)[:, None].to(settings.device))
    while True:
        for each in changing:
            now.flat[each.networks] = next(each.stream)[each.which]
        yield torch.from_numpy(now.copy())[:, None].to(settings.device)


def _scheduled(plan: SweepPlan, cells: Cells, rates: RatesOfMany) -> Iterator[_Scheduled]:
    """Yield the networks whose rate changes, by schedule and epochs."""
    lengths = plan.values("epochs", cells)
    changes = list(zip(plan.values("schedule", cells), lengths, strict=True))
    for schedule, epochs in sorted(set(changes)):
        if code := SCHEDULES[schedule].code(epochs):
            places = [place for place, each in enumerate(changes) if each == (schedule, epochs)]
            distinct, indices = np.unique(rates[places], return_inverse=True)
            yield _Scheduled(np.array(places), indices, rates_from(code, distinct))
