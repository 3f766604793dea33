"""Small pictures of the data sets: a few rows of each, as points."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import torch

from tinynet.charts.colours import BLUE, OF_CLASSES, ORANGE
from tinynet.registry.tasks import HALF
from tinynet.settings import DATA, Settings
from tinynet.stage.user_data import STARTER
from tinynet.training.data import draw_data
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
    data = draw_data(settings, torch.Generator().manual_seed(0))
    batch = data.training.take(slice(ROWS))
    places, targets = data.points[:ROWS], batch.targets.reshape(len(batch), -1)[:, 0].double()
    if len(places) == 0:  # rows without a place: one beside the other, by target
        places = torch.arange(len(targets))[:, None]
    if places.shape[1] < PLANE:
        places = torch.cat([places, targets[:, None]], dim=1)
    low, high = places.min(dim=0).values, places.max(dim=0).values
    shares = ((places - low) / (high - low)).tolist()
    return [
        Point(round(x, 3), round(1 - y, 3), _colour(settings, target))
        for (x, y), target in zip(shares, targets.tolist(), strict=True)
    ]


def _colour(settings: Settings, target: float) -> str:
    if settings.task.has_output_per_class:
        return OF_CLASSES[int(target)]
    middle = HALF if settings.task.has_classes else 0
    return BLUE if target > middle else ORANGE
