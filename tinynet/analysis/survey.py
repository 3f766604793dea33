"""Run -> Landscape: the loss over a plane through its weights, point by point, in turns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import product

import numpy as np
import torch

from tinynet.analysis.landscape import Directions, Landscape, parameters_at
from tinynet.analysis.plane import axes, plane_along, plane_at_random
from tinynet.registry.losses import LOSSES
from tinynet.training.backpropagation import fastest_loop
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.record import FloatArray, IntArray
from tinynet.training.run import Run
from tinynet.training.turns import InTurns

SIZE = 41  # points along each axis: 40 steps, so that every 2nd, 4th and 8th point is a grid too
STRIDES = (8, 4, 2, 1)  # coarse first


def landscape(run: Run, directions: Directions = "path", size: int = SIZE) -> Landscape:
    """Compute the loss over a plane through the weights of a run.

    The plane lies along the run's path, or in two random directions. Raise ValueError for other
    directions or fewer than two points along an axis, DeviceUnavailable if this machine lacks the
    run's device.
    """
    surveying = Surveying(run, directions, size)
    surveying.finish()
    return surveying.to_landscape()


class Surveying(InTurns):
    """A survey in progress."""

    def __init__(self, run: Run, directions: Directions = "path", size: int = SIZE) -> None:
        if directions not in _PLANES:
            raise ValueError(f"directions must be {' or '.join(_PLANES)}, not {directions!r}.")
        if size < 2:  # noqa: PLR2004
            raise ValueError(f"size must be 2 or more, not {size}.")
        super().__init__()
        self.run, self.kind = run, directions
        self._numbers, self._states = _finite_states(run)
        with fresh_torch_state():
            self._loop = fastest_loop(run.settings)
            self._plane = _PLANES[directions](self._states, run.settings)
        self._path = self._plane.projections(self._states)
        self._axes = axes(self._path, self._plane.reach, size)
        self._strides = [each for each in STRIDES if (size - 1) % each == 0]
        self._points = list(_points_in_order(size, self._strides))
        self._losses = np.full((size, size), np.nan, np.float32)
        self._path_losses, self._ground = np.full((2, len(self._states)), np.nan, np.float32)
        self._done = 0  # losses so far: of the states, of their projections, of the grid

    @property
    def is_drawable(self) -> bool:
        """Whether the path and the coarsest grid are computed."""
        return self._is_measured(self._strides[0])

    @property
    def share(self) -> float:
        """The share that is computed."""
        return self._done / self._count

    @property
    def nbytes(self) -> int:
        """The memory that the survey takes, in bytes."""
        arrays = (self._axes, self._path, self._losses, self._path_losses, self._ground)
        own = sum(each.nbytes for each in (*arrays, self._states, self._plane.directions))
        return own + self._loop.nbytes + self.run.nbytes

    def to_landscape(self) -> Landscape:
        """Return the finest complete grid; ValueError before the coarsest grid is complete."""
        if not self.is_drawable:
            raise ValueError("The coarsest grid is not computed yet: call advance() first.")
        finest = min(each for each in self._strides if self._is_measured(each))
        every, plane = slice(None, None, finest), self._plane
        return Landscape(
            settings=self.run.settings,
            kind=self.kind,
            x=self._axes[0, every],
            y=self._axes[1, every],
            losses=self._losses[every, every],
            states=self._numbers,
            path=self._path,
            path_losses=self._path_losses,
            ground=self._ground,
            centre=plane.centre,
            directions=plane.directions,
            explained_variance=plane.explained_variance(self._states),
            moved=bool((self._states != plane.centre).any()),
        )

    def result(self) -> Landscape | None:
        """Return the landscape so far; None before it is drawable."""
        return self.to_landscape() if self.is_drawable else None

    @property
    def _count(self) -> int:
        """The number of losses to compute."""
        return 2 * len(self._states) + len(self._points)

    def _is_measured(self, stride: int) -> bool:
        """Tell whether all points of a grid are computed."""
        grid = range(0, len(self._losses), stride)
        return self._done >= 2 * len(self._states) + len(grid) ** 2

    def _turn(self) -> AbstractContextManager[None]:
        return fresh_torch_state(autograd=self._loop.autograd)

    def _step(self) -> bool:
        part, index = divmod(self._done, len(self._states))
        if part == 0:
            self._path_losses[index] = self._measure(self._states[index])
        elif part == 1:
            self._ground[index] = self._measure_at(*self._path[index])
        else:
            row, column = self._points[self._done - 2 * len(self._states)]
            self._losses[row, column] = self._measure_at(self._axes[0, column], self._axes[1, row])
        self._done += 1
        return self._done == self._count

    def _measure_at(self, x: float, y: float) -> float:
        return self._measure(parameters_at(self._plane.centre, self._plane.directions, x, y))

    def _measure(self, parameters: FloatArray) -> float:
        """Return PyTorch's loss of all training rows with these weights."""
        sizes = [each.numel() for each in self._loop.parameters]
        numbers = torch.split(torch.tensor(parameters), sizes)
        with torch.no_grad():
            for parameter, values in zip(self._loop.parameters, numbers, strict=True):
                parameter.copy_(values.view_as(parameter))
            return self._loop.forward().loss.item()


def _points_in_order(size: int, strides: list[int]) -> Iterator[tuple[int, int]]:
    """Yield every point of the finest grid, coarser grids first."""
    seen: set[tuple[int, int]] = set()
    for stride in strides:
        grid = range(0, size, stride)
        points = [point for point in product(grid, grid) if point not in seen]
        seen.update(points)
        yield from points


def _finite_states(run: Run) -> tuple[IntArray, FloatArray]:
    """Return the numbers and weights of the checkpoints with finite weights and loss."""
    kept = run.checkpoints
    with np.errstate(all="ignore"):  # a run that diverges overflows
        of_rows = LOSSES[run.settings.loss].row_losses(kept.predictions, run.targets)
        losses = of_rows.mean(axis=(1, 2), dtype=np.float32)
    states = kept.flat_parameters
    finite = np.isfinite(states).all(axis=1) & np.isfinite(losses)
    return kept.epochs[finite], states[finite]


_PLANES = {"path": plane_along, "random": plane_at_random}
