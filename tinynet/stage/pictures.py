"""Small pictures of the data sets: a few rows of each, as points."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from tinynet.charts.colours import BLUE, OF_CLASSES, ORANGE
from tinynet.registry.tasks import HALF
from tinynet.settings import DATA, Settings
from tinynet.stage.user_data import STARTER
from tinynet.training.prediction import data_of
from tinynet.user_data import Painting

ROWS = 60
PLANE = 2  # dimensions


class Point(NamedTuple):
    """A row in a picture: its place, from 0 (left, top) to 1, and its colour."""

    x: float
    y: float
    colour: str


@cache
def pictures() -> dict[str, list[Point]]:
    """Map the name of each data set, and of a painting, to the points of its picture."""
    painting = {Painting.kind: _points(Settings(data=STARTER))}
    return {name: _points(Settings(data=name)) for name in DATA.table} | painting


def _points(settings: Settings) -> list[Point]:
    data = data_of(settings)
    places, targets = (
        data.points[:ROWS].numpy(),
        data.training.targets[:ROWS].reshape(-1, 1).numpy(),
    )
    if len(places) == 0:  # rows without a place lie side by side, by target
        places = np.hstack([np.arange(len(targets))[:, None], targets])
    elif places.shape[1] < PLANE:
        places = np.hstack([places, targets])
    low, high = places.min(axis=0), places.max(axis=0)
    shares = np.round((places - low) / (high - low), 3).tolist()
    return [
        Point(x, round(1 - y, 3), _colour(settings, target))
        for (x, y), target in zip(shares, targets[:, 0].tolist(), strict=True)
    ]


def _colour(settings: Settings, target: float) -> str:
    if settings.task.has_output_per_class:
        return OF_CLASSES[int(target)]
    middle = HALF if settings.task.has_classes else 0
    return BLUE if target > middle else ORANGE
