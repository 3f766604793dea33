"""Landscape: the loss over a plane through the weights of a run, and the way it took; plain data.

Each loss is PyTorch's own, of the network with those weights. A place on the plane means the
weights `centre + x * directions[0] + y * directions[1]`, taken in 64 bits and rounded to 32.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from tinynet.settings import Settings
from tinynet.training.run import FloatArray, IntArray, Record

Directions = Literal["path", "random"]
Exact = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Landscape(Record):
    """The loss of all training rows, without penalties, over a plane; arrays are read-only.

    The plane goes through the run's last state, at (0, 0): its centre. Of a run that broke, it is
    the last one whose weights and loss are finite. The two directions are at right angles.
    """

    settings: Settings
    kind: Directions  # along the run's own path, or at random
    x: Exact  # (columns,): places along the first direction
    y: Exact  # (rows,): places along the second
    losses: FloatArray  # (rows, columns): of the network at each place; some may be no number
    states: IntArray  # (states,): the numbers of the kept states with finite weights and loss
    path: Exact  # (states, 2): where the plane comes nearest to each of them
    path_losses: FloatArray  # (states,): of these states themselves, wherever they lie
    ground: FloatArray  # (states,): of the networks at the places of the path, on the plane
    centre: FloatArray  # (parameters,): weight, bias, layer by layer, row by row
    directions: Exact  # (2, parameters)
    share_told: float  # of the path's variance around the centre, by the two directions; 0 to 1
    moved: bool  # whether any of the states differs from the centre

    def parameters_at(self, x: float, y: float) -> FloatArray:
        """Return the weights that a place means, (parameters,)."""
        return parameters_at(self.centre, self.directions, x, y)

    def nearest_state(self, state: int | None) -> int:
        """Return the index of the last state on the path that is not after this one."""
        if state is None:
            return len(self.states) - 1
        return max(0, int(np.searchsorted(self.states, state, side="right")) - 1)


def parameters_at(centre: FloatArray, directions: Exact, x: float, y: float) -> FloatArray:
    """Return the weights at a place of a plane, (parameters,)."""
    exact = centre.astype(np.float64) + x * directions[0] + y * directions[1]
    with np.errstate(over="ignore"):  # beyond 32 bits they are infinite, and the loss is no number
        rounded: FloatArray = exact.astype(np.float32)
    return rounded
