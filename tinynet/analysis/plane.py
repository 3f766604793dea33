"""The planes through the weights of a run: along its own path, or in random directions.

Along the path: the plane through the last state that comes nearest to all kept states, by the
singular value decomposition of their differences from it. Two axes of length 1, the main one first;
the way leads to the right, and up. Each axis of the picture has its own scale.

At random, as in *Visualizing the Loss Landscape of Neural Nets* (Li and others, 2018), section 4: a
direction is drawn from the normal distribution, and what it has of each unit is brought to the
length that the unit itself has. Unlike there, a unit's bias is taken as one more of its weights:
in networks as small as these it is a good share of them. And the second direction is drawn at right
angles to the first, unit by unit, so that the axes are as square as the picture shows them.
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
from tinynet.training.run import FloatArray

MARGIN = 0.25  # of the path's extent, on either side of it
SLIMMEST = 0.2  # of the wider extent: a path that hardly bends is not shown as if it did
NO_DIRECTION = 1e-12  # of the main axis: below it the second is rounding alone

IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane through a centre, spanned by two directions at right angles."""

    centre: FloatArray  # (parameters,)
    directions: Exact  # (2, parameters)
    reach: float  # how far the picture goes to all sides at the least

    def places_of(self, states: FloatArray) -> Exact:
        """Return where the plane comes nearest to each state, (states, 2)."""
        away = _away_from(self.centre, states)
        # Not `@`, which may add up in several threads, and so in an order of the machine's own.
        products: Exact = np.einsum("sp,dp->sd", away, self.directions)
        return products / self._squared_lengths

    def share_told(self, states: FloatArray) -> float:
        """Return the share of the states' squared distances from the centre that the plane has."""
        whole = np.square(_away_from(self.centre, states)).sum()
        within = (np.square(self.places_of(states)) * self._squared_lengths).sum()
        return min(1.0, float(within / whole)) if whole else 0.0

    @property
    def _squared_lengths(self) -> Exact:
        lengths: Exact = np.square(self.directions).sum(axis=1)
        return lengths


def plane_along(states: FloatArray, settings: Settings) -> Plane:
    """Return the plane of the path; of one that never moved, or is a line, the rest is random."""
    centre = states[-1]
    away = torch.tensor(_away_from(centre, states))
    _, sizes, rows = torch.linalg.svd(away, full_matrices=False)
    if not sizes[0]:
        return plane_at_random(states, settings)
    main = rows[0].numpy()
    bends = len(sizes) > 1 and sizes[1] > NO_DIRECTION * sizes[0]
    second = rows[1].numpy() if bends else _at_right_angles(main, settings)
    start = away[0].numpy()
    directions = [each if each @ start <= 0 else -each for each in (main, second)]
    return Plane(centre, np.stack(directions), reach=0.0)


def plane_at_random(states: FloatArray, settings: Settings) -> Plane:
    """Return a plane in two directions drawn by the settings' seed, as long as the weights are."""
    generator = torch.Generator().manual_seed(settings.seed)
    centre = states[-1].astype(np.float64)
    units = list(_units(settings, len(centre)))
    are_zeros = not centre.any()  # then no unit has a length, and each is given 1
    directions = np.zeros((2, len(centre)))
    for unit in units:
        length = 1.0 if are_zeros else float(np.linalg.norm(centre[unit]))
        first, second = torch.randn(2, len(unit), generator=generator, dtype=torch.float64).numpy()
        second = second - (second @ first) / (first @ first) * first
        for direction, drawn in zip(directions, (first, second), strict=True):
            direction[unit] = length / np.linalg.norm(drawn) * drawn
    return Plane(states[-1], directions, reach=1.0)


def axes(path: Exact, reach: float, size: int) -> Exact:
    """Return the places of both axes, (2, size): each its part of the path, and some margin."""
    low, high = path.min(axis=0), path.max(axis=0)
    extents = np.maximum(high - low, SLIMMEST * (high - low).max())
    middle, half = (low + high) / 2, (1 / 2 + MARGIN) * extents
    ends = np.minimum(middle - half, -reach), np.maximum(middle + half, reach)
    places: Exact = np.linspace(*ends, size, axis=1)
    return places


def _away_from(centre: FloatArray, states: FloatArray) -> Exact:
    return states.astype(np.float64) - centre.astype(np.float64)


def _at_right_angles(main: Exact, settings: Settings) -> Exact:
    """Return a random direction at right angles to another, of length 1."""
    generator = torch.Generator().manual_seed(settings.seed)
    drawn = torch.randn(len(main), generator=generator, dtype=torch.float64).numpy()
    rest = drawn - (drawn @ main) * main
    second: Exact = rest / np.linalg.norm(rest)
    return second


def _units(settings: Settings, count: int) -> Iterator[IntArray]:
    """Yield where the weights and the bias of each unit stand among all parameters."""
    places = np.arange(count)
    widths = settings.inputs, *settings.hidden_units, settings.outputs
    for inputs, outputs in pairwise(widths):
        weights, places = places[: inputs * outputs], places[inputs * outputs :]
        biases, places = places[:outputs], places[outputs:]
        for row, bias in zip(weights.reshape(outputs, inputs), biases, strict=True):
            yield np.append(row, bias)
