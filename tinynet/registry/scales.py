"""The scales of the inputs, for data whose columns differ in size."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """`x_scaled` replaces the data set's own expression that scales x; "" keeps it."""

    label: str
    words: str
    x_scaled: str = ""


SCALES = {
    "standardised": Scale("Standardised", "each column gets mean 0 and deviation 1"),
    "raw": Scale("Raw", "the numbers stay as they are", "x.float()"),
}
