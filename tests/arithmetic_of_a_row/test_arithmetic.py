"""One row's arithmetic on the page: its numbers are autograd's, under the correct headings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.arithmetic import (
    EPOCH,
    FROM_A_LAYER,
    FROM_THE_OUTPUT,
    OUTPUT,
    RATE,
    UNIT,
    columns,
    numbers,
)
from tests.oracle import blobs_loop
from tests.page_in_app_test import opened
from tests.test_app import words_of

RELU = {
    "does": "ReLU keeps positive sums and sets negative ones to 0",
    "label": "ReLU",
    "slope": " (1 above zero, 0 below)",
}
CASES = [(3, 1), (7, 3), (9, 4), (3, 2)]  # rows and units; all outputs of the last case are 0
TARGETS = (1, 0, 0, 1, 1, 1, 0, 0, 1, 1)


def at(page: AppTest, row: int, unit: int) -> AppTest:
    page.segmented_control(key="row").set_value(row)
    return page.slider(key="unit").set_value(unit).run()


@pytest.mark.slow
@pytest.mark.parametrize(("row", "unit"), CASES)
def test_the_way_to_the_error_and_back_is_told_with_autograds_numbers(
    page: AppTest, made: Any, row: int, unit: int
) -> None:
    total, bias = made["sums"][1][row, 0], made["before"][3][0]
    prediction, slope = made["outputs"][1][row, 0], made["slopes"][1][row, 0]
    parts = made["outputs"][0][row] @ made["before"][2][0]
    error = (prediction - TARGETS[row]) ** 2
    by_prediction = slope / (prediction * (1 - prediction))  # without the derivative of the sigmoid

    told = numbers(at(page, row, unit), OUTPUT.format(target=TARGETS[row]))

    expected = [parts, bias, total, prediction, error, prediction, by_prediction]
    assert told == pytest.approx([*expected, prediction, prediction, slope], abs=5.1e-5)


@pytest.mark.parametrize(("row", "unit"), CASES)
def test_a_units_sum_and_what_comes_back_to_it_are_told_with_autograds_numbers(
    page: AppTest, made: Any, row: int, unit: int
) -> None:
    products, bias = made["x"][row] @ made["before"][0][unit], made["before"][1][unit]

    told = numbers(at(page, row, unit), UNIT.format(**RELU, whence=FROM_THE_OUTPUT, x="x"))

    total, relu = made["sums"][0][row, unit], made["outputs"][0][row, unit]
    back = made["slopes"][1][row, 0] * made["before"][2][0, unit]
    expected = [products, bias, total, relu, back, made["slopes"][0][row, unit]]
    assert told == pytest.approx(expected, abs=5.1e-5)


@pytest.mark.parametrize(("row", "unit"), CASES)
def test_every_column_holds_what_its_heading_says(
    page: AppTest, made: Any, row: int, unit: int
) -> None:
    weight, _, (output_weights,), _ = made["before"]
    x, (sums, _), (relu, _) = made["x"][row], made["sums"], made["outputs"]
    gradients, back = made["slopes"][0][row], made["slopes"][1][row, 0]
    at(page, row, unit)

    assert columns(page, 0) == {
        "unit": [0, 1, 2, 3, 4],
        "sum": about(sums[row]),
        "ReLU": about(relu[row]),
        "× out. weight": about(output_weights),
        "= part": about(relu[row] * output_weights),
        "grad of out. weight": about(back * relu[row]),
        "grad of sum": about(gradients),
    }
    assert columns(page, 1) == {
        "input": list(range(10)),
        "x": about(x),
        "× weight": about(weight[unit]),
        "= product": about(x * weight[unit]),
        "grad of weight": about(gradients[unit] * x),
    }


OF_A_CLASS = (
    "The parts add up to #. With the output's bias, #, output {output} is #. The exp of each "
    "output, divided by the sum of all these, is its softmax: the probability of its class."
)
OF_ITS_LOSS = (
    "The target is class {target}. Minus the logarithm of its softmax is the cross-entropy, #.\n\n"
    "**Back.** The gradient for output {output} is (# - {one}) / 30 = #: its softmax, minus 1 for "
    "the target class. Times a unit's ReLU,"
)


@pytest.fixture(scope="module")
def three() -> AppTest:
    query = {"data": "blobs", "rows": "30", "hidden": "4", "lr": "0.5", "epochs": "9"}
    return opened(tab="Look inside", **query)


@pytest.mark.parametrize(("row", "output"), [(0, 0), (7, 2), (13, 1), (29, 2)])
def test_the_way_of_several_outputs_is_told_with_autograds_numbers(
    three: AppTest, row: int, output: int
) -> None:
    run = blobs_loop([4], 0.5, 9, 0, rows=30)
    last, x, target = run["last epoch"], np.array(run["inputs"]), run["targets"][row]
    weight, bias, out_weight, out_bias = (np.array(each) for each in last["before"])
    hidden, slope = np.maximum(x @ weight.T + bias, 0)[row], np.array(last["slope"])[row]
    three.number_input(key="row of many").set_value(row)
    page = three.segmented_control(key="output").set_value(output).run()
    assert not page.exception

    total, softmax = last["y_pred"][row][output], last["softmax"][row]
    told = numbers(page, OF_A_CLASS.format(output=output))
    assert told == pytest.approx([hidden @ out_weight[output], out_bias[output], total], abs=5.1e-5)
    one = int(target == output)
    told = numbers(page, OF_ITS_LOSS.format(target=target, output=output, one=one))
    expected = [last["row losses"][row], softmax[output], slope[output]]
    assert told == pytest.approx(expected, abs=5.1e-5)
    assert columns(page, 0)["× out. weight"] == about(out_weight[output])
    assert columns(page, 0)["grad of out. weight"] == about(slope[output] * hidden)
    assert columns(page, 0)["grad of sum"] == about((slope @ out_weight) * (hidden > 0))
    assert columns(page, 1) == {
        "output": [0, 1, 2],
        "sum": about(np.array(last["y_pred"][row])),
        "exp": about(np.exp(last["y_pred"][row])),
        "softmax": about(np.array(softmax)),
        "y": [float(each == target) for each in range(3)],
        "grad of output": about(slope),
    }
    assert FROM_A_LAYER in words_of(page)


def about(numbers: Any) -> Any:
    return pytest.approx(numbers.tolist(), abs=1e-6)


def test_the_words_around_it_say_what_is_done() -> None:
    words = words_of(opened(tab="Look inside"))

    assert "Each hidden unit's sum goes through ReLU. Times its output weight, this is the" in words
    assert (
        "Times a unit's ReLU, this is the row's gradient for the unit's output weight. Times the "
        "output weight and the derivative of ReLU (1 above zero, 0 below), it is the gradient for "
        "the unit's sum. `backward()` adds the sum over all rows to every `.grad`."
    ) in words


def test_it_opens_on_the_unit_that_the_row_teaches_most(made: Any) -> None:
    page = opened(tab="Look inside", epoch=str(EPOCH), lr=str(RATE))

    assert page.slider(key="unit").value == np.abs(made["slopes"][0][0]).argmax()
