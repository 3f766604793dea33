"""Colours: everyone can tell the class colours apart, on light and dark backgrounds."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tinynet.charts.colours import OF_CLASSES
from tinynet.registry.data_sets import DATA_SETS
from tinynet.user_data.columns import MOST_CLASSES

Exact = npt.NDArray[np.float64]


def matrix(text: str) -> Exact:
    return np.array([[float(each) for each in row.split()] for row in text.split(",")])


# Simulated vision without red, green or blue cones (Machado and others, 2009).
EYES = {
    "all cones": np.eye(3),
    "no red": matrix("0.152 1.053 -0.205, 0.115 0.786 0.099, -0.004 -0.048 1.052"),
    "no green": matrix("0.367 0.861 -0.228, 0.280 0.673 0.047, -0.012 0.043 0.969"),
    "no blue": matrix("1.256 -0.077 -0.179, -0.078 0.931 0.148, 0.005 0.691 0.304"),
}
# OKLab, where equal distances look equal (Ottosson, 2020).
CONES = matrix("0.4122 0.5363 0.0514, 0.2119 0.6807 0.1074, 0.0883 0.2817 0.6300")
AXES = matrix("0.2105 0.7936 -0.0041, 1.9780 -2.4286 0.4506, 0.0259 0.7828 -0.8087")


def light(colour: str) -> Exact:
    """Return the linear red, green and blue of a colour, from 0 to 1."""
    parts = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def brightness(colour: str) -> float:
    return float(light(colour) @ (0.2126, 0.7152, 0.0722)) + 0.05


@pytest.mark.parametrize("eye", EYES)
def test_everyone_can_tell_the_colours_of_the_classes_apart(eye: str) -> None:
    seen: list[Any] = [
        AXES @ np.cbrt(CONES @ np.clip(EYES[eye] @ light(colour), 0, 1)) for colour in OF_CLASSES
    ]

    def nearest(colours: list[Any]) -> float:
        return float(min(np.linalg.norm(one - other) for one, other in combinations(colours, 2)))

    assert nearest(seen[:3]) > 0.12
    assert min(nearest(seen[shape::4]) for shape in range(4)) > 0.11
    assert nearest(seen) > 0.055


@pytest.mark.parametrize("ground", ["#fdfdfc", "#14191f"])
def test_they_stand_out_in_both_themes(ground: str) -> None:
    for colour in OF_CLASSES:
        darker, brighter = sorted(map(brightness, (colour, ground)))

        assert brighter / darker > 2.8


def test_there_is_one_for_every_class_of_every_data_set() -> None:
    assert max(each.classes for each in DATA_SETS.values()) <= len(OF_CLASSES) == MOST_CLASSES
    assert len(set(OF_CLASSES)) == len(OF_CLASSES)
