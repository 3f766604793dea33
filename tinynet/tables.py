"""Run -> pandas frames."""

from __future__ import annotations

import pandas as pd

from tinynet.epoch import Epoch
from tinynet.run import Run


def prediction_table(run: Run) -> pd.DataFrame:
    """Return the predictions after the last update, a row of the batch each.

    Columns: row, target, prediction, squared error (its mean is the final loss), right.
    """
    predictions, targets = run.predictions.ravel(), run.targets.ravel()
    return pd.DataFrame(
        {
            "row": range(len(targets)),
            "target": targets.astype(int),
            "prediction": predictions,
            "squared error": (predictions - targets) ** 2,
            "right": run.right,
        }
    )


def hidden_unit_table(epoch: Epoch, row: int) -> pd.DataFrame:
    """Return one row's way through the hidden units and back, for a network of one hidden layer.

    Columns: unit, sum, ReLU, output weight, part (ReLU times output weight), gradient to the
    output weight, gradient to the sum.
    """
    hidden, output = epoch.layers
    output_weights = epoch.before[2][0]
    return pd.DataFrame(
        {
            "unit": range(len(output_weights)),
            "sum": hidden.sums[row],
            "ReLU": hidden.outputs[row],
            "output weight": output_weights,
            "part": hidden.outputs[row] * output_weights,
            "gradient to the output weight": output.gradients[row, 0] * hidden.outputs[row],
            "gradient to the sum": hidden.gradients[row],
        }
    )


def input_table(run: Run, epoch: Epoch, row: int, unit: int) -> pd.DataFrame:
    """Return how one hidden unit's sum comes about in one row, and what the row sends back.

    Columns: input, x, weight, product, gradient to the weight.
    """
    x, weights = run.inputs[row], epoch.before[0][unit]
    return pd.DataFrame(
        {
            "input": range(len(x)),
            "x": x,
            "weight": weights,
            "product": x * weights,
            "gradient to the weight": epoch.layers[0].gradients[row, unit] * x,
        }
    )
