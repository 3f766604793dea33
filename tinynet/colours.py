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
