"""Run -> pandas data frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from tinynet.analysis.epoch import Epoch
from tinynet.links.pins import varying_knobs
from tinynet.registry.losses import LOSSES, Loss
from tinynet.registry.tasks import HALF, softmax
from tinynet.training.record import FloatArray
from tinynet.training.run import Run
from tinynet.training.scores import answers, are_correct, probabilities


def _row_losses(loss: Loss, y_pred: FloatArray, y: FloatArray) -> FloatArray:
    """Return the loss of each row; inf where it is too large for a number."""
    with np.errstate(over="ignore"):
        losses: FloatArray = loss.row_losses(y_pred, y).ravel()
    return losses


def prediction_table(
    run: Run, *, test: bool = False, y_pred: FloatArray | None = None
) -> pd.DataFrame:
    """Return a row for each given prediction, or for each prediction after the last update.

    Columns: row, target, prediction, the row's loss under its name ("squared error") and, for
    classes, correct. In a multiclass task the prediction is the class; probability is one more
    column.
    """
    last, y = (run.test_predictions, run.test_targets) if test else (run.predictions, run.targets)
    y_pred = last if y_pred is None else y_pred
    loss = LOSSES[run.settings.loss]
    table = {
        "row": range(len(y)),
        "target": y.ravel(),
        **_predicted(run, y_pred),
        loss.row_label: _row_losses(loss, y_pred, y),
    }
    if run.has_classes:
        table["target"] = y.ravel().astype(int)
        table["correct"] = are_correct(run.settings, y_pred, y)
    return pd.DataFrame(table)


def _predicted(run: Run, y_pred: FloatArray) -> dict[str, Any]:
    """Return the prediction columns: a number, or a class and its probability."""
    if not run.settings.task.has_output_per_class:
        return {"prediction": y_pred.ravel()}
    classes = answers(run.settings, y_pred)
    shares = np.take_along_axis(probabilities(run.settings, y_pred), classes[:, None], axis=1)
    return {"prediction": classes, "probability": shares.ravel()}


def compared(names: Sequence[str], runs: Sequence[Run]) -> pd.DataFrame:
    """Return one row for each run: its name, the knobs that differ, its results and its time.

    Columns: run, the labels of the knobs, loss, test loss if there are test rows, correct (the
    share of rows) or R², parameters, ms.
    """
    varying = varying_knobs(run.settings for run in runs)
    rows = [
        {
            "run": name,
            **{knob.label: knob.brief(getattr(run.settings, knob.name)) for knob in varying},
            "loss": run.final_loss,
            "test loss": run.final_test_loss,
            "correct": run.accuracy,
            "test correct": run.test_accuracy,
            "R²": run.r_squared,
            "parameters": run.parameter_count,
            "ms": 1000 * run.seconds,
        }
        for name, run in zip(names, runs, strict=True)
    ]
    table, optional = pd.DataFrame(rows), ["test loss", "correct", "test correct", "R²"]
    return table.drop(columns=[name for name in optional if table[name].isna().all()])


def confusion_matrix(table: pd.DataFrame, classes: int = 2) -> pd.DataFrame:
    """Count the rows of a prediction table by target (index) and predicted class (columns)."""
    predicted = table["prediction"].to_numpy()
    if "probability" not in table:  # the prediction is the probability of class 1
        predicted = (predicted > HALF).astype(int)
    # pandas' crosstab would take a sixth of the server's time for a moved slider.
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (table["target"].to_numpy(), predicted), 1)
    return pd.DataFrame(counts)


def unit_table(epoch: Epoch, layer: int, row: int) -> pd.DataFrame:
    """Return the values of each unit of a layer for one row.

    Columns: unit, sum, output, gradient to the sum.
    """
    trace = epoch.layers[layer]
    return pd.DataFrame(
        {
            "unit": range(trace.sums.shape[1]),
            "sum": trace.sums[row],
            "output": trace.outputs[row],
            "gradient to the sum": trace.gradients[row],
        }
    )


def sum_table(x: FloatArray, epoch: Epoch, layer: int, row: int, unit: int) -> pd.DataFrame:
    """Return the terms of one unit's sum for one row, and the gradient to each weight.

    `x` holds the inputs of the epoch's batch, (rows, inputs); later layers take the outputs of the
    layer before. Columns: input, x, weight, product, gradient to the weight.
    """
    inputs = (epoch.layers[layer - 1].outputs if layer else x)[row]
    weights = epoch.before[2 * layer][unit]
    return pd.DataFrame(
        {
            "input": range(len(inputs)),
            "x": inputs,
            "weight": weights,
            "product": inputs * weights,
            "gradient to the weight": epoch.layers[layer].gradients[row, unit] * inputs,
        }
    )


def class_table(epoch: Epoch, row: int, target: int) -> pd.DataFrame:
    """Return the softmax of one row's outputs step by step, and the gradient to each output.

    Columns: output, sum, exp, softmax, y (one-hot), gradient to the output.
    """
    sums = epoch.y_pred[row]
    with np.errstate(over="ignore"):
        powers = np.exp(sums)
    return pd.DataFrame(
        {
            "output": range(len(sums)),
            "sum": sums,
            "exp": powers,
            "softmax": softmax(sums),
            "y": (np.arange(len(sums)) == target).astype(int),
            "gradient to the output": epoch.layers[-1].gradients[row],
        }
    )


def output_table(x: FloatArray, epoch: Epoch, row: int, output: int = 0) -> pd.DataFrame:
    """Return the terms of an output's sum for one row, and their gradients.

    With hidden layers, a row for each unit of the last layer: unit, sum, output, weight, product,
    gradient to the weight, gradient to the sum. Without hidden layers: as `sum_table`.
    """
    last = len(epoch.layers) - 1
    into = sum_table(x, epoch, last, row, output)
    if not last:
        return into
    units = unit_table(epoch, last - 1, row)
    return units[["unit", "sum", "output"]].join(
        [into[["weight", "product", "gradient to the weight"]], units[["gradient to the sum"]]]
    )
