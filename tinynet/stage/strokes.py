"""Painting on the plane: what the browser needs for it, and the points that it sends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any

from tinynet.settings import Settings
from tinynet.settings.knobs import INPUT_FEATURES
from tinynet.stage import numbers
from tinynet.stage.user_data import STARTER
from tinynet.user_data import DataError, Painting
from tinynet.user_data.painting import (
    BYTES_OF_A_POINT,
    HIGHEST,
    MIDDLE,
    MOST_CLASSES,
    MOST_POINTS,
    STEPS,
    STEPS_OF_A_NUMBER,
)

NUMBERS = (-1.0, -0.5, 0.0, 0.5, 1.0)  # targets of a regression that can be painted
RULES = {
    "most": MOST_POINTS,
    "classes": MOST_CLASSES,
    "numbers": NUMBERS,
    "middle": MIDDLE,
    "highest": HIGHEST,
    "steps": STEPS,
    "stepsOfANumber": STEPS_OF_A_NUMBER,
}


@dataclass(frozen=True)
class Stroke:
    """A whole painting, and the number of the stroke that completed it."""

    painting: Painting
    number: int


def easel(settings: Settings, stroke: Stroke | None) -> dict[str, Any] | None:
    """Return what the browser needs for painting; None where painting is impossible.

    A painting starts from a built-in data set or another painting, not from a file, because a
    link must not contain a file's rows.
    """
    data = settings.data
    if not isinstance(data, (str, Painting)) or not INPUT_FEATURES.applies(settings):
        return None
    painting = data if isinstance(data, Painting) else None
    return {
        **RULES,
        "data": repr(data),
        "opens": painting == STARTER,
        "points": list(chain.from_iterable(painting.points)) if painting else None,
        "stroke": stroke.number if stroke and stroke.painting == painting else None,
    }


def read_stroke(value: object) -> Stroke | None:
    """Return the stroke that a browser sent; None if it is invalid or forged."""
    sent = value if isinstance(value, dict) else {}
    number, points, are_numbers = (sent.get(name) for name in ("stroke", "points", "numbers"))
    number = numbers.read_count(number)
    if number is None or not isinstance(points, list) or not isinstance(are_numbers, bool):
        return None
    if len(points) % BYTES_OF_A_POINT or len(points) > BYTES_OF_A_POINT * MOST_POINTS:
        return None
    each = zip(*[iter(points)] * BYTES_OF_A_POINT, strict=True)
    try:
        return Stroke(Painting(tuple(each), numbers=are_numbers), number)
    except DataError:
        return None
