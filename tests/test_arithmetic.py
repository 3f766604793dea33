"""One row's arithmetic on the page: each number is autograd's, each heading stands over its own."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.oracle import article_loop
from tests.test_app import opened, words_of

EPOCH, RATE = 7, 0.5
NUMBER = re.compile(r"-?\d+\.\d{4}|-?\d+e-\d+")
OUTPUT = (
    "The parts add up to #; with the output's bias, #, that is #. The sigmoid makes it #; the "
    "target is {target}, the squared error #.\n\n**Back.** The loss changes with this prediction "
    "by 2 × (# - {target}) / 10 = #, and with the output's sum by that × # × (1 - #) = #."
)
UNIT = (
    "The products add up to #; with the unit's bias, #, that is its sum, #. Each x times the "
    "gradient to that sum, #, is what this row sends back to the weight; to the bias it sends that "
    "gradient itself."
)
CASES = [(3, 1), (7, 3), (9, 4), (3, 2)]  # rows and units; the last lets nothing through
TARGETS = (1, 0, 0, 1, 1, 1, 0, 0, 1, 1)


@pytest.fixture(scope="module")
def made() -> Any:
    """What the article's loop makes in that epoch, by autograd."""
    run = article_loop([5], RATE, EPOCH + 1, 0)
    tensors = ("before", "sums", "outputs", "slopes")
    arrays = {name: [np.array(each) for each in run["last epoch"][name]] for name in tensors}
    return {**arrays, "x": np.array(run["inputs"])}


@pytest.fixture(scope="module")
def page() -> AppTest:
    return opened(tab="Look inside", epoch=str(EPOCH), lr=str(RATE))


def at(page: AppTest, row: int, unit: int) -> AppTest:
    page.segmented_control(key="row").set_value(row)
    return page.slider(key="unit").set_value(unit).run()


def numbers(page: AppTest, text: str) -> list[float]:
    """Return the numbers of a text on the page, which stand there for its signs #."""
    pattern = re.escape(text).replace(re.escape("#"), f"({NUMBER.pattern})")
    found = re.search(pattern, words_of(page))
    assert found, f"{text!r} is not among {words_of(page)!r}"
    return [float(each) for each in found.groups()]


@pytest.mark.parametrize(("row", "unit"), CASES)
def test_the_way_to_the_error_and_back_is_told_with_autograds_numbers(
    page: AppTest, made: Any, row: int, unit: int
) -> None:
    total, bias = made["sums"][1][row, 0], made["before"][3][0]
    prediction, slope = made["outputs"][1][row, 0], made["slopes"][1][row, 0]
    parts = made["outputs"][0][row] @ made["before"][2][0]
    error = (prediction - TARGETS[row]) ** 2
    by_prediction = slope / (prediction * (1 - prediction))  # the sigmoid's part taken out again

    told = numbers(at(page, row, unit), OUTPUT.format(target=TARGETS[row]))

    expected = [parts, bias, total, prediction, error, prediction, by_prediction]
    assert told == pytest.approx([*expected, prediction, prediction, slope], abs=5.1e-5)


@pytest.mark.parametrize(("row", "unit"), CASES)
def test_a_units_sum_and_what_comes_back_to_it_are_told_with_autograds_numbers(
    page: AppTest, made: Any, row: int, unit: int
) -> None:
    products, bias = made["x"][row] @ made["before"][0][unit], made["before"][1][unit]

    told = numbers(at(page, row, unit), UNIT)

    expected = [products, bias, made["sums"][0][row, unit], made["slopes"][0][row, unit]]
    assert told == pytest.approx(expected, abs=5.1e-5)


@pytest.mark.parametrize(("row", "unit"), CASES)
def test_every_column_holds_what_its_heading_says(
    page: AppTest, made: Any, row: int, unit: int
) -> None:
    weight, _, (output_weights,), _ = made["before"]
    x, (sums, _), (relu, _) = made["x"][row], made["sums"], made["outputs"]
    slopes, back = made["slopes"][0][row], made["slopes"][1][row, 0]
    at(page, row, unit)

    assert columns(page, 0) == {
        "unit": [0, 1, 2, 3, 4],
        "sum": about(sums[row]),
        "ReLU": about(relu[row]),
        "× out. weight": about(output_weights),
        "= part": about(relu[row] * output_weights),
        "grad of out. weight": about(back * relu[row]),
        "grad of sum": about(slopes),
    }
    assert columns(page, 1) == {
        "input": list(range(10)),
        "x": about(x),
        "× weight": about(weight[unit]),
        "= product": about(x * weight[unit]),
        "grad of weight": about(slopes[unit] * x),
    }


def about(numbers: Any) -> Any:
    return pytest.approx(numbers.tolist(), abs=1e-6)


def columns(page: AppTest, index: int) -> dict[str, list[float]]:
    """Return a table on the page, column by column, under the headings that one reads."""
    table = page.dataframe[index]
    labels = json.loads(table.proto.columns)
    named = [(str(name), column.tolist()) for name, column in table.value.items()]
    return {labels.get(name, {}).get("label") or name: column for name, column in named}


def test_the_words_around_it_say_what_is_done() -> None:
    words = words_of(opened(tab="Look inside"))

    assert "Each hidden unit's sum goes through ReLU, times its output weight: its part" in words
    assert (
        "Times a unit's ReLU, that is this row's gradient to its output weight; times the output "
        "weight, its gradient to the unit's sum, or 0 where ReLU let nothing through. Summed over "
        "all rows, they are what `backward()` adds to every `.grad`."
    ) in words


def test_it_opens_on_the_unit_that_the_row_teaches_most(made: Any) -> None:
    page = opened(tab="Look inside", epoch=str(EPOCH), lr=str(RATE))

    assert page.slider(key="unit").value == np.abs(made["slopes"][0][0]).argmax()
