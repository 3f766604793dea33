"""Settings and axes -> Sweep, in turns or in one call."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from typing import Any

import numpy as np

from tinynet.settings import Settings, set_to, settings_of
from tinynet.sweeping.block import NetworkBlock, Results, blocks
from tinynet.sweeping.grid import Sweep, axes_of
from tinynet.sweeping.plan import SweepPlan
from tinynet.training.backpropagation import is_written_out
from tinynet.training.devices import find_device
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.turns import InTurns


def sweep(settings: Settings, axes: Mapping[str, Iterable[Any]]) -> Sweep:
    """Train a network for every combination of the axes' values, many at a time.

    `axes` maps knobs to values: `{"learning_rate": [0.1, 1], "seed": range(9)}`. A single number
    for `hidden_units` is the width of every hidden layer. SettingsError, a ValueError, for invalid
    axes; DeviceUnavailable if this machine lacks the device.
    """
    sweeping = Sweeping(settings_of(settings), axes)
    sweeping.finish()
    return sweeping.to_sweep()


class Sweeping(InTurns):
    """A sweep in progress."""

    def __init__(self, settings: Settings, axes: Mapping[str, Iterable[Any]]) -> None:
        super().__init__()
        self.settings = settings
        self.axes = axes_of(settings, axes)
        find_device(settings.device)
        self._plan = SweepPlan(settings, self.axes)
        self._cells = math.prod(self._plan.shape)
        self._results = Results(self._cells)
        self._block: NetworkBlock | None = None  # the block in training
        self._cells_done = 0
        self._steps = self._work()
        self._autograd = self._needs_autograd()

    @property
    def share(self) -> float:
        """The share that is done, from 0 to 1."""
        within = self._block.share * self._block.cells.size if self._block else 0
        return (self._cells_done + within) / self._cells

    @property
    def nbytes(self) -> int:
        """The present size of its arrays and tensors in bytes."""
        return self._results.nbytes + (self._block.nbytes if self._block else 0)

    def to_sweep(self) -> Sweep:
        """Return the results so far."""
        results, plan = self._results, self._plan
        settings = (set_to(self.settings, {"data": each}) for each in plan.all_values("data"))
        by_field = {
            "final_losses": results.losses,
            "final_test_losses": results.test_losses,
            "diverged": results.diverged,
        }
        if any(each.task.has_classes for each in settings):
            by_field["accuracies"] = results.accuracies
            if any(plan.all_values("test_share")):
                by_field["test_accuracies"] = results.test_accuracies
        arrays: dict[str, Any] = {name: each.reshape(plan.shape) for name, each in by_field.items()}
        axes = tuple((axis.name, axis.values) for axis in self.axes)
        return Sweep(settings=self.settings, axes=axes, seconds=self.seconds, **arrays)

    def result(self) -> Sweep | None:
        """Return the results; None before the end, since a partial sweep is not worth a copy."""
        return self.to_sweep() if self.finished else None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with fresh_torch_state(autograd=self._autograd), np.errstate(all="ignore"):
            yield

    def _work(self) -> Iterator[None]:
        for kind in self._plan.kinds():
            for cells in blocks(self._plan, kind):
                self._block = NetworkBlock(self._plan, cells, self._results)
                yield from self._block.work()
                self._cells_done += cells.size
                self._block = None

    def _needs_autograd(self) -> bool:
        """Return whether some entry of the cells is not written out."""
        names = "data", "activation", "loss", "optimizer"
        combinations = product(*map(self._plan.all_values, names))
        changes = (dict(zip(names, values, strict=True)) for values in combinations)
        return not all(is_written_out(set_to(self.settings, each)) for each in changes)
