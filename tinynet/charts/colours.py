"""The one table of colours; each stands out on near-white and near-black alike.

They differ in lightness too, and blue and orange are told apart by everyone.
"""

from __future__ import annotations

BLUE = "#2f7fc1"  # the run; positive numbers
ORANGE = "#c0762b"  # the reference; negative numbers
DEEP, LIGHT = "#0c3b63", "#e4edf5"  # the best and the worst of a map
GREY = "#a0a4aa"  # what was before
PALE = "rgba(255, 255, 255, 0.55)"  # lines on coloured ground
FAINT = "rgba(128, 128, 128, 0.18)"  # grids
# Of classes, by their number; beside them stands a shape. Everyone can tell the first three apart,
# and of all those of the same shape: every fourth.
OF_CLASSES = (
    *(ORANGE, BLUE, "#b8285a", "#784bc3", "#0fa5a5"),
    *("#876900", "#a55aa5", "#c35aff", "#4b3cff", "#e15a78"),
)
# Of runs side by side, by their place; beside them stands a name, and the dash of the line.
OF_RUNS = (BLUE, ORANGE, "#3f9a6b", "#9264bd", "#b94f48", "#76828c", "#a08a1f", "#2f9fae")
