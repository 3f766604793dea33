"""Landscape: the loss over a plane through the weights of a run, and the run's path; plain data.

PyTorch computes each loss from the weights at a point of the plane, which are
`centre + x * directions[0] + y * directions[1]`, computed in 64 bits and rounded to 32.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from tinynet.settings import Settings
from tinynet.training.record import FloatArray, IntArray, Record

Directions = Literal["path", "random"]
Exact = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Landscape(Record):
    """The loss of all training rows, without penalties, over a plane; arrays are read-only.

    The centre of the plane, (0, 0), is the run's last state with finite weights and loss. The two
    directions are orthogonal.
    """

    settings: Settings
    kind: Directions  # along the run's path, or random
    x: Exact  # (columns,): coordinates along the first direction
    y: Exact  # (rows,): coordinates along the second
    losses: FloatArray  # (rows, columns): may contain NaN and infinity
    states: IntArray  # (states,): the checkpoints with finite weights and loss
    path: Exact  # (states, 2): their projections onto the plane
    path_losses: FloatArray  # (states,): of the states themselves, off the plane
    ground: FloatArray  # (states,): of their projections
    centre: FloatArray  # (parameters,): weight, bias, layer by layer, row by row
    directions: Exact  # (2, parameters)
    explained_variance: float  # the share of the path's variance within the plane, 0 to 1
    moved: bool  # whether any state differs from the centre

    def parameters_at(self, x: float, y: float) -> FloatArray:
        """Return the weights at a point of the plane, (parameters,)."""
        return parameters_at(self.centre, self.directions, x, y)

    def nearest_state(self, state: int | None) -> int:
        """Return the index of the path's last state at or before this state."""
        if state is None:
            return len(self.states) - 1
        return max(0, int(np.searchsorted(self.states, state, side="right")) - 1)


def parameters_at(centre: FloatArray, directions: Exact, x: float, y: float) -> FloatArray:
    """Return the weights at a point of a plane, (parameters,)."""
    exact = centre.astype(np.float64) + x * directions[0] + y * directions[1]
    with np.errstate(over="ignore"):  # weights beyond 32 bits become infinite
        rounded: FloatArray = exact.astype(np.float32)
    return rounded
