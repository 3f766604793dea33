"""Shared helpers for the tests of one row's arithmetic."""

from __future__ import annotations

import json
import re

from streamlit.testing.v1 import AppTest

from tests.test_app import words_of

EPOCH, RATE = 7, 0.5
NUMBER = re.compile(r"-?\d+\.\d{4}|-?\d\.\d{2}e-\d+")
OUTPUT = (
    "The parts add up to #. With the output's bias, #, the output's sum is #. Sigmoid gives #. The "
    "target is {target}, so the squared error is #.\n\n**Back.** The gradient for this prediction "
    "is 2 × (# - {target}) / 10 = #; for the output's sum, this × # × (1 - #) = #."
)
UNIT = (
    "The products add up to #. With the unit's bias, #, its sum is #. {does}: #.\n\n"
    "**Back.** The gradient for this {label} is #: {whence}. Times the derivative of "
    "{label}{slope}, this is #, the gradient for the unit's sum. Multiply by each {x} for "
    "the weight's gradient; the bias gets it unchanged."
)
FROM_THE_OUTPUT = "the gradient for the output's sum, times the output weight"
FROM_A_LAYER = "the gradient for each sum in the next layer, times the weight between, all added up"


def numbers(page: AppTest, text: str) -> list[float]:
    """Return the numbers in a text on the page, at the places marked # in the pattern."""
    pattern = re.escape(text).replace(re.escape("#"), f"({NUMBER.pattern})")
    found = re.search(pattern, words_of(page))
    assert found, f"{text!r} is not among {words_of(page)!r}"
    return [float(each) for each in found.groups()]


def columns(page: AppTest, index: int) -> dict[str, list[float]]:
    """Return a table of the page, column by column, under its visible headings."""
    table = page.dataframe[index]
    labels = json.loads(table.proto.columns)
    named = [(str(name), column.tolist()) for name, column in table.value.items()]
    return {labels.get(name, {}).get("label") or name: column for name, column in named}
