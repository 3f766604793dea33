"""Planes through the weights of a run: along its path, or in random directions.

Along the path: the plane through the last state that is closest to all checkpoints. It comes from
the singular value decomposition of the checkpoints' differences from the last state. Its two
directions have length 1, the principal direction first; the path leads to the right and up. Each
axis has its own scale in the chart.

Random, as in *Visualizing the Loss Landscape of Neural Nets* (Li et al., 2018), section 4: each
direction is drawn from a normal distribution and normalised unit by unit, to the norm of the unit's
own weights. Unlike in the paper, the bias counts as one of the weights, because it is a large share
of the weights of a small network. The second direction is orthogonal to the first in each unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import torch

from tinynet.analysis.landscape import Exact
from tinynet.settings import Settings
from tinynet.training.record import FloatArray

MARGIN = 0.25  # on each side, as a share of the path's extent
LEAST_EXTENT = 0.2  # as a share of the larger extent, so that tiny bends are not magnified
NO_DIRECTION = 1e-12  # relative singular value: below it the direction is rounding error

IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane through a centre, spanned by two orthogonal directions."""

    centre: FloatArray  # (parameters,)
    directions: Exact  # (2, parameters)
    reach: float  # the chart extends at least this far in each direction

    def projections(self, states: FloatArray) -> Exact:
        """Return the coordinates of each state's projection, (states, 2)."""
        offsets = _offsets(self.centre, states)
        # Unlike `@`, einsum uses one thread, so the order of its sums is the same on every machine.
        products: Exact = np.einsum("sp,dp->sd", offsets, self.directions)
        return products / self._squared_lengths

    def explained_variance(self, states: FloatArray) -> float:
        """Return the share of the states' variance around the centre that lies in the plane."""
        whole = np.square(_offsets(self.centre, states)).sum()
        within = (np.square(self.projections(states)) * self._squared_lengths).sum()
        return min(1.0, float(within / whole)) if whole else 0.0

    @property
    def _squared_lengths(self) -> Exact:
        lengths: Exact = np.square(self.directions).sum(axis=1)
        return lengths


def plane_along(states: FloatArray, settings: Settings) -> Plane:
    """Return the plane along the path; directions that the path does not determine are random."""
    centre = states[-1]
    offsets = torch.tensor(_offsets(centre, states))
    _, sizes, rows = torch.linalg.svd(offsets, full_matrices=False)
    if not sizes[0]:
        return plane_at_random(states, settings)
    main = rows[0].numpy()
    bends = len(sizes) > 1 and sizes[1] > NO_DIRECTION * sizes[0]
    second = rows[1].numpy() if bends else _orthogonal(main, settings)
    start = offsets[0].numpy()
    directions = [each if each @ start <= 0 else -each for each in (main, second)]
    return Plane(centre, np.stack(directions), reach=0.0)


def plane_at_random(states: FloatArray, settings: Settings) -> Plane:
    """Return a plane in two random directions, drawn with the settings' seed."""
    generator = torch.Generator().manual_seed(settings.seed)
    centre = states[-1].astype(np.float64)
    units = list(_units(settings, len(centre)))
    are_zeros = not centre.any()  # then each unit gets the norm 1
    directions = np.zeros((2, len(centre)))
    for unit in units:
        length = 1.0 if are_zeros else float(np.linalg.norm(centre[unit]))
        first, second = torch.randn(2, len(unit), generator=generator, dtype=torch.float64).numpy()
        second = second - (second @ first) / (first @ first) * first
        for direction, drawn in zip(directions, (first, second), strict=True):
            direction[unit] = length / np.linalg.norm(drawn) * drawn
    return Plane(states[-1], directions, reach=1.0)


def axes(path: Exact, reach: float, size: int) -> Exact:
    """Return the coordinates of both axes, (2, size): the extent of the path, plus a margin."""
    low, high = path.min(axis=0), path.max(axis=0)
    extents = np.maximum(high - low, LEAST_EXTENT * (high - low).max())
    middle, half = (low + high) / 2, (1 / 2 + MARGIN) * extents
    ends = np.minimum(middle - half, -reach), np.maximum(middle + half, reach)
    coordinates: Exact = np.linspace(*ends, size, axis=1)
    return coordinates


def _offsets(centre: FloatArray, states: FloatArray) -> Exact:
    return states.astype(np.float64) - centre.astype(np.float64)


def _orthogonal(main: Exact, settings: Settings) -> Exact:
    """Return a random direction of length 1, orthogonal to another direction."""
    generator = torch.Generator().manual_seed(settings.seed)
    drawn = torch.randn(len(main), generator=generator, dtype=torch.float64).numpy()
    rest = drawn - (drawn @ main) * main
    second: Exact = rest / np.linalg.norm(rest)
    return second


def _units(settings: Settings, count: int) -> Iterator[IntArray]:
    """Yield the indices of each unit's weights and bias among all parameters."""
    places = np.arange(count)
    widths = settings.inputs, *settings.hidden_units, settings.outputs
    for inputs, outputs in pairwise(widths):
        weights, places = places[: inputs * outputs], places[inputs * outputs :]
        biases, places = places[:outputs], places[outputs:]
        for row, bias in zip(weights.reshape(outputs, inputs), biases, strict=True):
            yield np.append(row, bias)
