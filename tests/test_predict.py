"""Predictions for new rows: the bits of the script's own model, in the words of the data."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.combinations import run_beside_its_file
from tests.frames import MIXED, mixed, sheet_of
from tinynet import DataError, Run, Settings, table, to_script, train

NEW = pd.DataFrame(
    {
        "on": [True, False, True, True],
        "colour": ["red", "green, dark", "blue", "red"],
        "size": [4.0, -2.5, 1e9, 0.125],
        "unknown": [1, 2, 3, 4],
    }
)
# Continues a script: encodes new rows with the script's own functions, beside the rows it knows.
OF_NEW_ROWS = """
import io, json
known = pd.read_csv('mixed.csv', sep=';', decimal=',')[[*inputs, {target!r}]].dropna()[inputs]
new = pd.read_json(io.StringIO({new!r}), orient='split', dtype=False)[inputs]
both = columns_of(pd.concat([known, new], ignore_index=True), {words})
count = len(known)
rows = order[{tests}:] if {tests} else slice(count)
{scaled}
with torch.no_grad():
    y_pred = model(both[count:])
print(json.dumps(y_pred.double().tolist()))
"""


def bits_of_the_script(settings: Settings, words: list[str], scaled: str) -> Any:
    """Return the outputs that the script's own model prints for the new rows."""
    data: Any = settings.data
    new = NEW[list(data.inputs)].to_json(orient="split")
    tests = settings.test_rows
    lines = OF_NEW_ROWS.format(target=data.target, new=new, words=words, tests=tests, scaled=scaled)
    printed = run_beside_its_file(settings, to_script(settings) + lines)
    return np.array(json.loads(printed[-1]))


def prices() -> np.ndarray[Any, Any]:
    return np.array([10, 20, 45, 61, 7, 19, 1, 2, 8, 9, 95, 96, 97, 98, 98.5, 98.75, 99, 99, 99])


@pytest.mark.parametrize("test_share", [0, 0.3])
def test_an_answer_in_the_files_unit_comes_from_the_bits_of_the_scripts_model(
    test_share: float,
) -> None:
    settings = Settings((4, 3), 0.1, 30, data=mixed(), test_share=test_share, optimizer="adam")
    run = train(settings)

    answers = run.predict(NEW)

    scaled = "both = torch.cat([standardise(both[:, :1], rows), both[:, 1:].float()], dim=1)"
    bits = bits_of_the_script(settings, ["colour", "on"], scaled).ravel()
    places = np.r_[: len(prices())]
    if test_share:
        import torch

        order = torch.randperm(19, generator=torch.Generator().manual_seed(0))
        places = order[settings.test_rows :].numpy()
    known = prices()[places]
    assert list(answers.columns) == ["price"]
    np.testing.assert_allclose(answers["price"], bits * known.std() + known.mean(), rtol=1e-12)
    assert len(set(bits)) > 1


def test_a_class_comes_in_the_files_words_with_the_probability_of_each() -> None:
    settings = Settings((5,), 0.1, 40, data=mixed("colour", inputs=["size", "on"]), test_share=0.2)
    run = train(settings)

    answers = run.predict(NEW)

    scaled = "both = torch.cat([standardise(both[:, :1], rows), both[:, 1:].float()], dim=1)"
    logits = bits_of_the_script(settings, ["on"], scaled)
    words = np.array(["blue", "green, dark", "red"])
    assert answers["colour"].tolist() == words[logits.argmax(axis=1)].tolist()
    logits -= logits.max(axis=1, keepdims=True)
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    names = [f"probability of {word}" for word in words]
    assert list(answers.columns) == ["colour", *names]
    np.testing.assert_allclose(answers[names], shares, rtol=1e-5)


def test_two_classes_have_two_probabilities_and_keep_their_type() -> None:
    run = train(Settings(data=mixed("on", inputs=["size"]), epochs=5))

    answers = run.predict(NEW)

    sizes = answers["probability of True"]
    assert answers["on"].tolist() == (sizes > 0.5).tolist()
    np.testing.assert_allclose(answers["probability of False"], 1 - sizes, rtol=1e-6)


@pytest.mark.parametrize(
    "settings",
    [
        Settings((9, 4), 0.5, 60, seed=6),
        Settings((8,), 0.1, 20, data="moons", features=("x2", "x1*x2", "sin(x1)"), test_share=0.3),
        Settings((8,), 0.1, 20, data="arms", batch_size=7),
        Settings((3,), 0.1, 20, data="curve"),
    ],
    ids=repr,
)
def test_known_points_get_the_outputs_of_the_run_bit_for_bit(settings: Settings) -> None:
    run = train(settings)
    points = run.points if len(run.points) else run.inputs
    names = [f"x{at + 1}" for at in range(points.shape[1])]

    as_array, as_frame = run.predict(points), run.predict(pd.DataFrame(points, columns=names))

    pd.testing.assert_frame_equal(as_array, as_frame)
    assert as_array.columns[0] == "y"
    if not run.has_classes:
        assert as_array["y"].tolist() == run.predictions.ravel().tolist()
        return
    assert as_array["y"].tolist() == run.answers.tolist()
    one = as_array["probability of 1"].to_numpy()
    assert one.tolist() == run.probabilities[:, -1 if run.task == "binary" else 1].tolist()


def test_a_file_of_new_rows_is_read_and_a_row_with_a_gap_gets_no_answer(tmp_path: Path) -> None:
    run = train(Settings(data=mixed(), epochs=3))
    file = tmp_path / "new.csv"
    file.write_text(MIXED)

    answers = run.predict(file)

    frame = pd.read_csv(io.StringIO(MIXED), sep=";", decimal=",")
    gaps = frame[["size", "colour"]].isna().any(axis=1)
    assert answers["price"].isna().tolist() == gaps.tolist()
    whole = run.predict(frame[~gaps])
    pd.testing.assert_frame_equal(answers[~gaps], whole)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda frame: frame.drop(columns=["size", "on"]),
            "The rows lack “size”, “on”. They have “colour”, “unknown”.",
        ),
        (
            lambda frame: frame.replace("blue", "pink"),
            "Row 3 of “colour” holds “pink”; the network knows “blue”, “green, dark”, “red”.",
        ),
        (
            lambda frame: frame.assign(size=["1", "2", "three", "4"]),
            "Row 3 of “size” holds “three”; it must be a number.",
        ),
        (
            lambda frame: frame.assign(size=[1, np.nan, np.inf, 4]),
            "Row 3 of “size” holds “inf”; it must be a number.",
        ),
        (
            lambda frame: pd.concat([frame, frame], axis=1),
            "The rows have more than one column “size”.",
        ),
        (
            lambda frame: frame.to_numpy(),
            "An array must be rows × 3 (“size”, “colour”, “on”), not 4 × 4.",
        ),
    ],
)
def test_rows_that_do_not_fit_get_a_sentence(
    change: Callable[[pd.DataFrame], Any], sentence: str
) -> None:
    run = trained()

    with pytest.raises(DataError) as refusal:
        run.predict(change(NEW))

    assert str(refusal.value) == sentence


def trained() -> Run:
    return train(Settings(data=mixed(), epochs=1))


def test_a_network_whose_outputs_are_not_finite_answers_nothing() -> None:
    run = train(Settings((4,), 10, 200, data="plane"))
    assert not np.isfinite(run.predictions).all()

    with pytest.raises(DataError, match="diverged"):
        run.predict(run.points)


def test_a_word_that_looks_like_a_number_is_still_a_word() -> None:
    data = table(sheet_of("w,t\n" + f"{10**23},1\n5,2\n10,4\n" * 2), target="t")
    run = train(Settings(data=data, epochs=2))

    answers = run.predict(pd.DataFrame({"w": ["10", "5"]}))

    same = run.predict(pd.DataFrame({"w": [10, 5]}))
    pd.testing.assert_frame_equal(answers, same)
    assert run.predictions[[2, 1]].argmax(axis=1).tolist() == [
        [1, 2, 4].index(each) for each in answers["t"]
    ]
