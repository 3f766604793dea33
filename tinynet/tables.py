"""Run -> pandas frames."""

from __future__ import annotations

import pandas as pd

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
