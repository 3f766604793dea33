"""Tables: one row of the batch per line, and the arithmetic of the loss."""

from __future__ import annotations

import numpy as np
import pytest

from tinynet import Run, Settings, train
from tinynet.analysis.epoch import Epoch
from tinynet.analysis.explain import explain
from tinynet.analysis.tables import (
    compared,
    confusion_matrix,
    output_table,
    prediction_table,
    sum_table,
    unit_table,
)

RUN = train(Settings((7,), 0.5, 60, seed=3))


def test_it_holds_row_target_prediction_squared_error_and_right(article_run: Run) -> None:
    table = prediction_table(article_run)

    assert list(table) == ["row", "target", "prediction", "squared error", "correct"]
    assert table["row"].tolist() == list(range(10))
    assert table["target"].tolist() == [1, 0, 0, 1, 1, 1, 0, 0, 1, 1]
    assert table["prediction"].tolist() == article_run.predictions.ravel().tolist()
    assert table["correct"].sum() == article_run.correct.sum()


def test_the_squared_errors_are_those_of_numpy_by_hand(article_run: Run) -> None:
    difference = article_run.predictions.astype(float) - article_run.targets
    by_hand = (difference**2).ravel()

    assert prediction_table(article_run)["squared error"].tolist() == pytest.approx(by_hand)


def test_other_predictions_of_the_same_rows_have_their_own_errors_and_verdicts() -> None:
    y_pred = np.where(np.arange(10) < 5, 0.9, 0.2).astype(np.float32).reshape(10, 1)
    table = prediction_table(RUN, y_pred=y_pred)

    assert table["prediction"].tolist() == y_pred.ravel().tolist()
    assert table["squared error"].tolist() == pytest.approx(((y_pred - RUN.targets) ** 2).ravel())
    assert table["correct"].tolist() == [
        (index < 5) == (target == 1) for index, target in enumerate(RUN.targets.ravel())
    ]


@pytest.mark.parametrize("says", [(0, 1), (0,), (1,)])
def test_the_confusion_matrix_counts_each_answer_to_each_target(says: tuple[int, ...]) -> None:
    predictions = [0.1 + 0.8 * says[row % len(says)] for row in range(10)]
    table = prediction_table(RUN, y_pred=np.array(predictions, np.float32).reshape(10, 1))
    counts = confusion_matrix(table)

    for target in (0, 1):
        for answer in (0, 1):
            by_hand = sum(
                round(prediction) == answer and y == target
                for prediction, y in zip(predictions, RUN.targets.ravel(), strict=True)
            )
            assert counts.loc[target, answer] == by_hand
    assert counts.to_numpy().sum() == 10


@pytest.fixture(scope="module")
def opened() -> Epoch:
    """Epoch 30 of a run in which some units are 0 for some rows."""
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

    table = output_table(RUN.inputs, opened, row)
    assert list(table) == [
        *("unit", "sum", "output", "weight", "product"),
        *("gradient to the weight", "gradient to the sum"),
    ]
    assert table["unit"].tolist() == list(range(7))
    assert table["weight"].tolist() == output_weight[0].tolist()
    assert table["sum"].tolist() == pytest.approx(sums, abs=1e-6)
    assert table["output"].tolist() == pytest.approx(relu, abs=1e-6)
    assert table["product"].sum() + output_bias[0] == pytest.approx(
        np.log(prediction / (1 - prediction)), abs=1e-5
    )
    assert opened.y_pred[row, 0] == pytest.approx(prediction, abs=1e-6)
    assert table["gradient to the weight"].tolist() == pytest.approx(back * relu, abs=1e-6)
    by_unit = back * output_weight[0] * (sums > 0)
    assert table["gradient to the sum"].tolist() == pytest.approx(by_unit, abs=1e-6)
    for unit in range(len(sums)):
        inputs = sum_table(RUN.inputs, opened, 0, row, unit)
        assert list(inputs) == ["input", "x", "weight", "product", "gradient to the weight"]
        assert inputs["input"].tolist() == list(range(10))
        assert inputs["x"].tolist() == x.tolist()
        assert inputs["weight"].tolist() == weight[unit].tolist()
        assert inputs["product"].sum() + bias[unit] == pytest.approx(sums[unit], abs=1e-6)
        assert inputs["gradient to the weight"].tolist() == pytest.approx(
            by_unit[unit] * x, abs=1e-6
        )


def test_what_the_rows_send_back_adds_up_to_the_gradients(opened: Epoch) -> None:
    tables = [output_table(RUN.inputs, opened, row) for row in range(10)]
    to_output = sum(table["gradient to the weight"].to_numpy() for table in tables)
    to_unit_2 = sum(
        sum_table(RUN.inputs, opened, 0, row, 2)["gradient to the weight"].to_numpy()
        for row in range(10)
    )

    assert to_output == pytest.approx(opened.gradients[2][0], abs=1e-6)
    assert to_unit_2 == pytest.approx(opened.gradients[0][2], abs=1e-6)


def test_their_mean_is_the_final_loss(article_run: Run) -> None:
    mean = np.mean(prediction_table(article_run)["squared error"])

    assert mean == pytest.approx(article_run.final_loss, rel=1e-6)


DEEP = train(Settings((6, 4), 0.5, 30, data="moons", activation="tanh", batch_size=30))


@pytest.mark.parametrize("row", [0, 17, 29])
def test_a_row_of_a_batch_goes_through_any_layer_as_in_numpy_by_hand(row: int) -> None:
    opened = explain(DEEP, 20, 3)
    x, target = (each[opened.rows[row]].astype(float) for each in (DEEP.inputs, DEEP.targets))
    weight_1, bias_1, weight_2, bias_2, weight_3, bias_3 = (
        each.astype(float) for each in opened.before
    )
    tanh_1 = np.tanh(weight_1 @ x + bias_1)
    tanh_2 = np.tanh(weight_2 @ tanh_1 + bias_2)
    prediction = 1 / (1 + np.exp(-(weight_3 @ tanh_2 + bias_3)))
    back_3 = 2 * (prediction - target) / 30 * prediction * (1 - prediction)
    back_2 = (weight_3.T @ back_3) * (1 - tanh_2**2)
    back_1 = (weight_2.T @ back_2) * (1 - tanh_1**2)
    inputs = DEEP.inputs[opened.rows]

    for layer, back, outputs in ((0, back_1, tanh_1), (1, back_2, tanh_2), (2, back_3, prediction)):
        units = unit_table(opened, layer, row)
        assert units["output"].tolist() == pytest.approx(outputs, abs=1e-6)
        assert units["gradient to the sum"].tolist() == pytest.approx(back, abs=1e-7)
        by_output = opened.layers[layer].output_gradients[row]
        slope = prediction * (1 - prediction) if layer == 2 else 1 - outputs**2
        assert (by_output * slope).tolist() == pytest.approx(back, abs=1e-7)
    third = sum_table(inputs, opened, 1, row, 3)
    assert third["x"].tolist() == pytest.approx(tanh_1, abs=1e-6)
    assert third["product"].tolist() == pytest.approx(weight_2[3] * tanh_1, abs=1e-6)
    assert third["gradient to the weight"].tolist() == pytest.approx(back_2[3] * tanh_1, abs=1e-7)
    output = output_table(inputs, opened, row)
    assert output["product"].tolist() == pytest.approx(weight_3[0] * tanh_2, abs=1e-6)
    assert output["gradient to the sum"].tolist() == pytest.approx(back_2, abs=1e-7)


def test_without_hidden_layers_the_output_is_made_of_the_inputs() -> None:
    run = train(Settings((), data="plane", epochs=5))
    opened = explain(run, 3)
    (weight,), (bias,) = (each.astype(float) for each in opened.before)

    table = output_table(run.inputs, opened, 150)
    assert list(table) == ["input", "x", "weight", "product", "gradient to the weight"]
    assert table["x"].tolist() == run.inputs[150].tolist()
    prediction = weight @ run.inputs[150] + bias
    assert table["product"].sum() + bias == pytest.approx(prediction, abs=1e-6)
    slope = 2 * (prediction - run.targets[150, 0]) / 200
    assert table["gradient to the weight"].tolist() == pytest.approx(
        slope * run.inputs[150], abs=1e-7
    )


def test_runs_side_by_side_show_what_differs_and_how_they_ended() -> None:
    first, second = train(Settings()), train(Settings(learning_rate=0.5, zero_gradients=False))
    table = compared(["one", "two"], [first, second])

    assert list(table.columns) == [
        *("run", "Learning rate", "Forget zero_grad()", "loss", "correct", "parameters", "ms")
    ]
    assert table["run"].tolist() == ["one", "two"]
    assert table["Learning rate"].tolist() == ["0.01", "0.5"]
    assert table["Forget zero_grad()"].tolist() == ["false", "true"]
    assert table["loss"].tolist() == [first.final_loss, second.final_loss]
    assert table["correct"].tolist() == [each.correct.sum() / 10 for each in (first, second)]
    assert table["parameters"].tolist() == [61, 61]
    assert table["ms"].tolist() == [1000 * first.seconds, 1000 * second.seconds]


def test_runs_of_numbers_have_no_rows_right_and_test_rows_are_told() -> None:
    runs = [train(Settings(data="plane", epochs=3, test_share=share)) for share in (0.0, 0.5)]
    table = compared(["none", "half"], runs)

    assert list(table.columns) == [
        *("run", "Test rows", "loss", "test loss", "R²", "parameters", "ms")
    ]
    assert table["test loss"].isna().tolist() == [True, False]
    assert table["R²"].tolist() == [run.r_squared for run in runs]
