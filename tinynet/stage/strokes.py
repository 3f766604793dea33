"""Painting on the plane: what the browser must know of it, and the points that it sends."""

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

NUMBERS = (-1.0, -0.5, 0.0, 0.5, 1.0)  # of a regression, that can be painted
RULES = {
    "most": MOST_POINTS,
    "binary": MOST_CLASSES,
    "numbers": NUMBERS,
    "middle": MIDDLE,
    "highest": HIGHEST,
    "steps": STEPS,
    "stepsOfANumber": STEPS_OF_A_NUMBER,
}


@dataclass(frozen=True)
class Stroke:
    """What was painted, all of it, and how many strokes it took this browser: it is told so."""

    painting: Painting
    number: int


def easel(settings: Settings, stroke: Stroke | None) -> dict[str, Any] | None:
    """Return what the browser must know to paint on; None where one cannot.

    That is on the plane of a built-in set, or of a painting: a file's rows go into no link.
    """
    data = settings.data
    if not isinstance(data, (str, Painting)) or not INPUT_FEATURES.applies(settings):
        return None
    own = data if isinstance(data, Painting) else None
    return {
        **RULES,
        "data": repr(data),
        "opens": own == STARTER,
        "points": list(chain.from_iterable(own.points)) if own else None,
        "stroke": stroke.number if stroke and stroke.painting == own else None,
    }


def read_stroke(value: object) -> Stroke | None:
    """Return what a browser has sent; None if it makes no sense, or is forged."""
    sent = value if isinstance(value, dict) else {}
    number, points, are_numbers = (sent.get(name) for name in ("stroke", "points", "numbers"))
    number = numbers.counted(number)
    if number is None or not isinstance(points, list) or not isinstance(are_numbers, bool):
        return None
    if len(points) % BYTES_OF_A_POINT or len(points) > BYTES_OF_A_POINT * MOST_POINTS:
        return None
    each = zip(*[iter(points)] * BYTES_OF_A_POINT, strict=True)
    try:
        return Stroke(Painting(tuple(each), numbers=are_numbers), number)
    except DataError:
        return None
