"""Run -> pandas frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from tinynet.analysis.epoch import Epoch
from tinynet.links.pins import varying_knobs
from tinynet.registry.losses import LOSSES
from tinynet.registry.tasks import HALF, softmax
from tinynet.training.run import FloatArray, Run
from tinynet.training.scores import answers, are_correct, probabilities


def prediction_table(
    run: Run, *, test: bool = False, y_pred: FloatArray | None = None
) -> pd.DataFrame:
    """Return the predictions, a row of the data each: after the last update, or those given.

    Columns: row, target, prediction, the row's share of the loss under its name ("squared
    difference"; its mean is the loss) and, of classes, right. Of several classes the prediction is
    the class itself, and its probability stands beside it.
    """
    last, y = (run.test_predictions, run.test_targets) if test else (run.predictions, run.targets)
    y_pred = last if y_pred is None else y_pred
    loss = LOSSES[run.settings.loss]
    table = {
        "row": range(len(y)),
        "target": y.ravel(),
        **_predicted(run, y_pred),
        loss.row_label: loss.row_losses(y_pred, y).ravel(),
    }
    if run.has_classes:
        table["target"] = y.ravel().astype(int)
        table["right"] = are_correct(run.settings, y_pred, y)
    return pd.DataFrame(table)


def _predicted(run: Run, y_pred: FloatArray) -> dict[str, Any]:
    """Return the columns that tell the predictions: a number, or a class and its probability."""
    if not run.settings.task.has_output_per_class:
        return {"prediction": y_pred.ravel()}
    said = answers(run.settings, y_pred)
    shares = np.take_along_axis(probabilities(run.settings, y_pred), said[:, None], axis=1)
    return {"prediction": said, "probability": shares.ravel()}


def compared(names: Sequence[str], runs: Sequence[Run]) -> pd.DataFrame:
    """Return a row for each run: its name, the knobs that differ, how it ended, and what it took.

    Columns: run, the labels of the knobs, loss, where there are test rows test loss, right (the
    share of the rows) or R², parameters, ms.
    """
    varying = varying_knobs(run.settings for run in runs)
    rows = [
        {
            "run": name,
            **{knob.label: knob.brief(getattr(run.settings, knob.name)) for knob in varying},
            "loss": run.final_loss,
            "test loss": run.final_test_loss,
            "right": run.accuracy,
            "test right": run.test_accuracy,
            "R²": run.r_squared,
            "parameters": run.parameter_count,
            "ms": 1000 * run.seconds,
        }
        for name, run in zip(names, runs, strict=True)
    ]
    table, optional = pd.DataFrame(rows), ["test loss", "right", "test right", "R²"]
    return table.drop(columns=[name for name in optional if table[name].isna().all()])


def confusion_matrix(table: pd.DataFrame, classes: int = 2) -> pd.DataFrame:
    """Return how many rows of each target (index) a prediction table says each class of (columns).

    There are so many classes.
    """
    says = table["prediction"].to_numpy()
    if "probability" not in table:  # then it is that of class 1
        says = (says > HALF).astype(int)
    # By hand: pandas' crosstab takes a sixth of all that a moved slider costs the server.
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (table["target"].to_numpy(), says), 1)
    return pd.DataFrame(counts)


def unit_table(epoch: Epoch, layer: int, row: int) -> pd.DataFrame:
    """Return what each unit of a layer makes of one row, and what comes back to it.

    Columns: unit, sum, output, gradient to the sum.
    """
    its = epoch.layers[layer]
    return pd.DataFrame(
        {
            "unit": range(its.sums.shape[1]),
            "sum": its.sums[row],
            "output": its.outputs[row],
            "gradient to the sum": its.gradients[row],
        }
    )


def sum_table(x: FloatArray, epoch: Epoch, layer: int, row: int, unit: int) -> pd.DataFrame:
    """Return how one unit's sum comes about in one row, and what the row sends back.

    `x` holds the inputs of the epoch's batch, (rows, inputs); a later layer's inputs are the
    outputs of the one before. Columns: input, x, weight, product, gradient to the weight.
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
    """Return what a criterion of several classes makes of one row's outputs, and what comes back.

    Columns: output, sum, exp, softmax, y (1 for the row's own class), gradient to the output.
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
    """Return what an output's sum is made of in one row, and what the row sends back.

    With hidden layers: each unit of the last one, its sum, output, weight, product, gradient to the
    weight, gradient to the sum. Without: as `sum_table`.
    """
    last = len(epoch.layers) - 1
    into = sum_table(x, epoch, last, row, output)
    if not last:
        return into
    units = unit_table(epoch, last - 1, row)
    return units[["unit", "sum", "output"]].join(
        [into[["weight", "product", "gradient to the weight"]], units[["gradient to the sum"]]]
    )
