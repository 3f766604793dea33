"""Many networks at once: Settings and axes -> the final loss of every combination, for a picture.

grid    the cells: every combination of the axes' values, and which of them can train together
record  what a sweep leaves behind: Sweep
calls   the calls of the tables' entries, by autograd where an entry has none
layers  one layer of many networks, in as few products as can be
block   networks that train together
turns   Sweeping, in turns that one can stop after; sweep, to the end

All networks of a block are trained in the same tensor operations: one network more is one more
slice. Such sums round differently than those of a network alone, so its numbers are good for
colours; whoever wants a number to the last bit asks `train` for that one cell.
"""

from __future__ import annotations

from tinynet.sweeping.grid import MOST_CELLS
from tinynet.sweeping.record import Sweep
from tinynet.sweeping.turns import Sweeping, sweep

__all__ = ["MOST_CELLS", "Sweep", "Sweeping", "sweep"]
