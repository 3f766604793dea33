"""Examples to start from: small files, whose sources and licences README.md tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tinynet.user_data.sheet import Sheet, read_sheet

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Example:
    """A file, what is to be learned from it, and how a network does."""

    file: str
    label: str
    words: str
    source: str
    target: str
    changes: Mapping[str, Any]  # of the article's settings
    claim: str  # how it goes with them; tried over thirty seeds
    inputs: tuple[str, ...] | None = None  # None is all that can be some

    @property
    def sheet(self) -> Sheet:
        """What is in the file."""
        return _sheet(self.file)


EXAMPLES = (
    Example(
        "iris.csv",
        "Iris",
        "150 flowers: which of three species, by four measures.",
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
        claim="With the settings that it opens on, at least 95 % of the test rows end right, with "
        "27 of the first 30 seeds.",
    ),
    Example(
        "penguins.csv",
        "Penguins",
        "344 penguins: how heavy, by their measures, species, island and sex.",
        "K. B. Gorman and others, 2014, in palmerpenguins; CC0.",
        target="body mass (g)",
        changes={
            "hidden_units": (8,),
            "learning_rate": 0.02,
            "epochs": 100,
            "test_share": 0.3,
            "optimizer": "adam",
        },
        claim="With the settings that it opens on, R² of the test rows ends above 0.8, with each "
        "of the first 30 seeds.",
        inputs=(
            *("species", "island", "bill length (mm)", "bill depth (mm)"),
            *("flipper length (mm)", "sex"),
        ),
    ),
)


def example_sheets() -> list[Sheet]:
    """Return the sheets of all examples."""
    return [each.sheet for each in EXAMPLES]


@cache
def _sheet(file: str) -> Sheet:
    return read_sheet(HERE / file)
