"""Tables: a row of the batch each, and the arithmetic of the loss."""

from __future__ import annotations

import numpy as np
import pytest

from tinynet import Run
from tinynet.tables import prediction_table


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


def test_their_mean_is_the_final_loss(article_run: Run) -> None:
    mean = np.mean(prediction_table(article_run)["squared error"])

    assert mean == pytest.approx(article_run.final_loss, rel=1e-6)
