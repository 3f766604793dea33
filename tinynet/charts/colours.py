"""The colours; each is visible on near-white and near-black.

They also differ in lightness, and everyone can distinguish blue and orange.
"""

from __future__ import annotations

BLUE = "#2f7fc1"  # the run; positive numbers
ORANGE = "#c0762b"  # the reference; negative numbers
DEEP, LIGHT = "#0c3b63", "#e4edf5"  # the best and the worst of a map
GREY = "#a0a4aa"  # the previous run
PALE = "rgba(255, 255, 255, 0.55)"  # lines on a coloured background
FAINT = "rgba(128, 128, 128, 0.18)"  # grids
# Classes, by number; each also has one of four shapes. Everyone can distinguish the first three
# colours, and the colours that share a shape.
OF_CLASSES = (
    *(ORANGE, BLUE, "#b8285a", "#784bc3", "#0fa5a5"),
    *("#876900", "#a55aa5", "#c35aff", "#4b3cff", "#e15a78"),
)
# Runs in one chart, by position; each also has a name and a dash style.
OF_RUNS = (BLUE, ORANGE, "#3f9a6b", "#9264bd", "#b94f48", "#76828c", "#a08a1f", "#2f9fae")
