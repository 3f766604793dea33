"""A script of a beginner, and what several of the scripts share."""

from __future__ import annotations

from typing import NamedTuple

from tinynet import Settings
from tinynet.user_data import Painting

XOR = Painting(((128, 128, 0), (128, 178, 1), (178, 128, 1), (178, 178, 0)))
LINE = Painting(tuple((128, 128 + 25 * each, 128 + 10 * each) for each in range(4)), numbers=True)
TARGETS = "[[1.0], [0.0], [0.0], [1.0], [1.0], [1.0], [0.0], [0.0], [1.0], [1.0]]"
LOOP = """
for epoch in range(100):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
"""


class Beginner(NamedTuple):
    """A script, its settings, and the lines that are not understood."""

    script: str
    settings: Settings
    others: dict[str, str] = {}  # noqa: RUF012 - never changed
