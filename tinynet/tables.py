"""Run -> pandas frames."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tinynet.epoch import Epoch
from tinynet.parts.losses import LOSSES
from tinynet.pins import varying_knobs
from tinynet.run import HALF, FloatArray, Run, are_right


def prediction_table(
    run: Run, *, test: bool = False, y_pred: FloatArray | None = None
) -> pd.DataFrame:
    """Return the predictions, a row of the data each: after the last update, or those given.

    Columns: row, target, prediction, the row's share of the loss under its name ("squared
    difference"; its mean is the loss) and, of classes, right.
    """
    last, y = (run.test_predictions, run.test_targets) if test else (run.predictions, run.targets)
    y_pred = last if y_pred is None else y_pred
    loss = LOSSES[run.settings.loss]
    table = {
        "row": range(len(y)),
        "target": y.ravel(),
        "prediction": y_pred.ravel(),
        loss.of_a_row: loss.of_rows(y_pred, y).ravel(),
    }
    if run.task == "classes":
        table["target"] = y.ravel().astype(int)
        table["right"] = are_right(y_pred, y)
    return pd.DataFrame(table)


def compared(names: Sequence[str], runs: Sequence[Run]) -> pd.DataFrame:
    """Return a row for each run: its name, the knobs that differ, how it ended, and what it took.

    Columns: run, the labels of the knobs, loss, where there are test rows test loss, right (the
    share of the rows) or R², parameters, ms.
    """
    varying = varying_knobs(run.settings for run in runs)
    rows = [
        {
            "run": name,
            **{knob.label: knob.text(getattr(run.settings, knob.name)) for knob in varying},
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


def confusion_matrix(table: pd.DataFrame) -> pd.DataFrame:
    """Return how many rows of each target (index) a prediction table says 0 or 1 of (columns)."""
    says = (table["prediction"] > HALF).astype(int)
    return pd.crosstab(table["target"], says).reindex(index=[0, 1], columns=[0, 1], fill_value=0)


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


def output_table(x: FloatArray, epoch: Epoch, row: int) -> pd.DataFrame:
    """Return what the output's sum is made of in one row, and what the row sends back.

    With hidden layers: each unit of the last one, its sum, output, weight, product, gradient to the
    weight, gradient to the sum. Without: as `sum_table`.
    """
    last = len(epoch.layers) - 1
    into = sum_table(x, epoch, last, row, 0)
    if not last:
        return into
    units = unit_table(epoch, last - 1, row)
    return units[["unit", "sum", "output"]].join(
        [into[["weight", "product", "gradient to the weight"]], units[["gradient to the sum"]]]
    )
