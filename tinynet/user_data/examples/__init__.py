"""Example files, with their sources and licences in README.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tinynet.user_data.pixels import START_OF_PIXELS
from tinynet.user_data.sheet import Sheet, read_sheet

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Example:
    """A file, the column to learn from it, and how well a network does."""

    file: str
    label: str
    words: str
    source: str
    target: str
    changes: Mapping[str, Any]  # differences from the article's settings
    claim: str  # the result with these settings, tried on thirty seeds
    inputs: tuple[str, ...] | None = None  # None for all columns that can be inputs

    @property
    def sheet(self) -> Sheet:
        """The sheet in the file."""
        return _sheet(self.file)


EXAMPLES = (
    Example(
        "iris.csv",
        "Iris",
        "150 flowers: predict the species, one of three, from four measurements.",
        "R. A. Fisher, 1936; the UCI Machine Learning Repository has it under CC BY 4.0.",
        target="species",
        changes={
            "hidden_units": (8, 8),
            "learning_rate": 0.05,
            "epochs": 200,
            "test_share": 0.4,
            "activation": "sigmoid",
            "optimizer": "adam",
            "l2": 0.003,
        },
        claim="With its recommended settings, at least 95 % of the test rows end correct, with 27 "
        "of the first 30 seeds.",
    ),
    Example(
        "penguins.csv",
        "Penguins",
        "344 penguins: predict the body mass from measurements, species, island and sex.",
        "K. B. Gorman and others, 2014, in palmerpenguins; CC0.",
        target="body mass (g)",
        changes={
            "hidden_units": (8,),
            "learning_rate": 0.02,
            "epochs": 100,
            "test_share": 0.3,
            "optimizer": "adam",
        },
        claim="With its recommended settings, R² of the test rows ends above 0.8, with each of the "
        "first 30 seeds.",
        inputs=(
            *("species", "island", "bill length (mm)", "bill depth (mm)"),
            *("flipper length (mm)", "sex"),
        ),
    ),
    Example(
        "digits.csv.gz",
        "Digits",
        "1,797 handwritten digits of 8 × 8 pixels: read them, and draw your own.",
        "E. Alpaydin and C. Kaynak, 1998; the UCI Machine Learning Repository has it under "
        "CC BY 4.0.",
        target="digit",
        changes=START_OF_PIXELS,
        claim="With its recommended settings, at least 95 % of the test rows end correct, with "
        "each of the first 30 seeds.",
    ),
)


def example_sheets() -> list[Sheet]:
    """Return the sheets of all examples."""
    return [each.sheet for each in EXAMPLES]


@cache
def _sheet(file: str) -> Sheet:
    return read_sheet(HERE / file)
