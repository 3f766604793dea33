"""Measures of a run in the words and units of its data, against NumPy and the file itself."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.frames import MIXED, mixed
from tinynet import Run, Settings, class_scores, errors, importance, table, train, worst_rows


def in_the_file() -> pd.DataFrame:
    """The used rows of the file, by their number from 1."""
    frame = pd.read_csv(io.StringIO(MIXED), sep=";", decimal=",")
    frame.index += 1
    return frame[["size", "colour", "on", "price"]].dropna()


@pytest.fixture(scope="module")
def prices() -> Run:
    return train(Settings((4,), 0.05, 60, data=mixed(), test_share=0.4, optimizer="adam", seed=2))


@pytest.fixture(scope="module")
def colours() -> Run:
    return train(Settings(data=mixed("colour", inputs=["size", "on"]), test_share=0.4, seed=2))


@pytest.mark.parametrize("test", [False, True])
def test_the_errors_of_a_price_are_in_its_unit(prices: Run, *, test: bool) -> None:
    rows = worst_rows(prices, test=test)

    file = in_the_file()
    answers = prices.predict(file)["price"]
    difference = (file["price"] - answers)[rows["row"]]
    found = errors(prices, test=test)
    assert found.mae == pytest.approx(difference.abs().mean())
    assert found.rmse == pytest.approx(np.sqrt((difference**2).mean()))
    assert len(rows) == (8 if test else 11)


def test_the_worst_price_comes_first_with_its_row_in_the_file(prices: Run) -> None:
    file = in_the_file()
    tests, training = worst_rows(prices, test=True), worst_rows(prices)

    assert sorted([*tests["row"], *training["row"]]) == list(file.index)
    for rows in (tests, training):
        assert rows["target"].tolist() == file["price"][rows["row"]].tolist()
        assert (rows["error"].diff().dropna() <= 0).all()
        np.testing.assert_allclose(rows["error"], (rows["target"] - rows["answer"]).abs())


def test_a_class_has_its_row_word_and_probability(colours: Run) -> None:
    file = in_the_file()
    rows = worst_rows(colours)

    assert rows["target"].tolist() == file["colour"][rows["row"]].tolist()
    predicted = colours.predict(file).loc[rows["row"]]
    assert rows["answer"].tolist() == predicted["colour"].tolist()
    of_target = [
        predicted.loc[row, f"probability of {word}"]
        for row, word in zip(rows["row"], rows["target"], strict=True)
    ]
    np.testing.assert_allclose(rows["probability"], of_target, rtol=1e-5)
    assert rows["probability"].is_monotonic_increasing
    assert rows["correct"].tolist() == (rows["target"] == rows["answer"]).tolist()


def test_the_scores_of_a_class_count_its_rows() -> None:
    run = train(Settings((8,), 0.1, 30, data="arms", noise=0.5, test_share=0.5))

    scores = class_scores(run, test=True)

    y, found = run.test_targets.ravel(), run.test_predictions.argmax(axis=1)
    for each in range(3):
        hits = ((y == each) & (found == each)).sum()
        precision, recall = hits / (found == each).sum(), hits / (y == each).sum()
        of_class: Any = scores.loc[each]
        assert of_class["precision"] == pytest.approx(precision)
        assert of_class["recall"] == pytest.approx(recall)
        assert of_class["F1"] == pytest.approx(2 * precision * recall / (precision + recall))
        assert of_class["rows"] == (y == each).sum()


def test_a_class_that_nobody_answers_has_no_precision() -> None:
    run = train(Settings(data=mixed("on", inputs=["size"]), epochs=1, initialisation="zeros"))

    scores = class_scores(run)

    assert scores.index.tolist() == [False, True]
    assert scores["recall"].tolist() == [1, 0]
    assert scores["precision"].isna().tolist() == [False, True]
    assert scores["F1"].tolist()[1] == 0


def test_what_makes_no_sense_gets_a_sentence(prices: Run, colours: Run) -> None:
    with pytest.raises(ValueError, match="Classes have no error in a unit"):
        errors(colours)
    with pytest.raises(ValueError, match="A regression has no right and wrong"):
        class_scores(prices)
    without_test = train(Settings(epochs=1))
    with pytest.raises(ValueError, match="There are no test rows"):
        worst_rows(without_test, test=True)
    with pytest.raises(ValueError, match="measured on test rows: set test_share"):
        importance(without_test)
    with pytest.raises(ValueError, match="repeats must be from 1 to 100, not 0"):
        importance(prices, 0)


def made_up() -> pd.DataFrame:
    """Rows whose target follows the words and nothing else."""
    generator = np.random.default_rng(3)
    word = generator.choice(["a", "b", "c"], 120)
    frame = pd.DataFrame({"noise": generator.normal(size=120), "word": word})
    return frame.assign(t=np.array([0.0, 5.0, -3.0])[[*map("abc".index, word)]])


def test_a_column_that_decides_matters_and_noise_does_not() -> None:
    data = table(made_up(), target="t", task="regression")
    run = train(Settings((), 0.05, 300, data=data, test_share=0.4, optimizer="adam"))

    found = importance(run)

    assert found["column"].tolist() == ["word", "noise"]
    assert found["importance"][0] > 1
    assert abs(found["importance"][1]) < 0.05
    pd.testing.assert_frame_equal(found, importance(run))
    order = np.random.default_rng(0).permutation(len(run.test_targets))  # the first shuffle
    shuffled = run.test_inputs.copy()
    shuffled[:, 1:] = shuffled[order, 1:]  # all three inputs of the word together
    weight, bias = (each[-1] for each in run.checkpoints.parameters)
    y_pred, y = shuffled @ weight.T + bias, run.test_targets
    lost = ((y_pred - y) ** 2).sum() / ((y - y.mean()) ** 2).sum() - (1 - (run.test_r_squared or 0))
    assert importance(run, 1)["importance"][0] == pytest.approx(lost, rel=1e-4)


def test_the_importance_of_points_counts_all_their_features() -> None:
    run = train(
        Settings((), 0.1, 200, data="circles", test_share=0.5, features=("x1^2", "x2^2"), noise=0)
    )

    found = importance(run).set_index("column")["importance"]

    assert set(found.index) == {"x1", "x2"}
    assert (found > 0.1).all()
