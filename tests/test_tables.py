"""Tables: a row of the batch each, and the arithmetic of the loss."""

from __future__ import annotations

import numpy as np
import pytest

from tinynet import Run, Settings, train
from tinynet.epoch import Epoch
from tinynet.explain import explain
from tinynet.tables import hidden_unit_table, input_table, prediction_table

RUN = train(Settings((7,), 0.5, 60, seed=3))


def test_it_holds_row_target_prediction_squared_error_and_right(article_run: Run) -> None:
    table = prediction_table(article_run)

    assert list(table) == ["row", "target", "prediction", "squared error", "right"]
    assert table["row"].tolist() == list(range(10))
    assert table["target"].tolist() == [1, 0, 0, 1, 1, 1, 0, 0, 1, 1]
    assert table["prediction"].tolist() == article_run.predictions.ravel().tolist()
    assert table["right"].sum() == article_run.right.sum()


def test_the_squared_errors_are_those_of_numpy_by_hand(article_run: Run) -> None:
    difference = article_run.predictions.astype(float) - article_run.targets
    by_hand = (difference**2).ravel()

    assert prediction_table(article_run)["squared error"].tolist() == pytest.approx(by_hand)


@pytest.fixture(scope="module")
def opened() -> Epoch:
    """Epoch 30 of a run with some units off in some rows."""
    return explain(RUN, 30)


@pytest.mark.parametrize("row", range(10))
def test_a_rows_arithmetic_by_hand_comes_to_its_prediction_and_back(
    opened: Epoch, row: int
) -> None:
    weight, bias, output_weight, output_bias = (each.astype(float) for each in opened.before)
    x, target = RUN.inputs[row].astype(float), float(RUN.targets[row, 0])
    sums = weight @ x + bias
    relu = np.maximum(sums, 0)
    prediction = 1 / (1 + np.exp(-(output_weight[0] @ relu + output_bias[0])))
    back = 2 * (prediction - target) / 10 * prediction * (1 - prediction)

    table = hidden_unit_table(opened, row)
    assert list(table) == [
        *("unit", "sum", "ReLU", "output weight", "part"),
        *("gradient to the output weight", "gradient to the sum"),
    ]
    assert table["unit"].tolist() == list(range(7))
    assert table["output weight"].tolist() == output_weight[0].tolist()
    assert table["sum"].tolist() == pytest.approx(sums, abs=1e-6)
    assert table["ReLU"].tolist() == pytest.approx(relu, abs=1e-6)
    assert table["part"].sum() + output_bias[0] == pytest.approx(
        np.log(prediction / (1 - prediction)), abs=1e-5
    )
    assert opened.y_pred[row, 0] == pytest.approx(prediction, abs=1e-6)
    assert table["gradient to the output weight"].tolist() == pytest.approx(back * relu, abs=1e-6)
    by_unit = back * output_weight[0] * (sums > 0)
    assert table["gradient to the sum"].tolist() == pytest.approx(by_unit, abs=1e-6)
    for unit in range(len(sums)):
        inputs = input_table(RUN, opened, row, unit)
        assert list(inputs) == ["input", "x", "weight", "product", "gradient to the weight"]
        assert inputs["input"].tolist() == list(range(10))
        assert inputs["x"].tolist() == x.tolist()
        assert inputs["weight"].tolist() == weight[unit].tolist()
        assert inputs["product"].sum() + bias[unit] == pytest.approx(sums[unit], abs=1e-6)
        assert inputs["gradient to the weight"].tolist() == pytest.approx(
            by_unit[unit] * x, abs=1e-6
        )


def test_what_the_rows_send_back_adds_up_to_the_gradients(opened: Epoch) -> None:
    tables = [hidden_unit_table(opened, row) for row in range(10)]
    to_output = sum(table["gradient to the output weight"].to_numpy() for table in tables)
    to_unit_2 = sum(
        input_table(RUN, opened, row, 2)["gradient to the weight"].to_numpy() for row in range(10)
    )

    assert to_output == pytest.approx(opened.gradients[2][0], abs=1e-6)
    assert to_unit_2 == pytest.approx(opened.gradients[0][2], abs=1e-6)


def test_their_mean_is_the_final_loss(article_run: Run) -> None:
    mean = np.mean(prediction_table(article_run)["squared error"])

    assert mean == pytest.approx(article_run.final_loss, rel=1e-6)
