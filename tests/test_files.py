"""Files: the processing of their columns, checked with pandas and NumPy; and invalid tables."""

from __future__ import annotations

import io
import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.combinations import different
from tests.frames import MIXED, mixed, sheet_of
from tinynet import DataError, Settings, Table, table, train
from tinynet.export import to_script
from tinynet.export.proof import prove
from tinynet.user_data.examples import EXAMPLES


def penguins(**changes: Any) -> Settings:
    """Return settings that predict the penguins' weights from eleven inputs (no plane)."""
    (its,) = (each for each in EXAMPLES if each.label == "Penguins")
    data = table(its.sheet, target=its.target, inputs=its.inputs)
    return Settings(data=data, **{**its.changes, **changes})


def plane(task: str) -> Table:
    generator = np.random.default_rng(5)
    frame = pd.DataFrame({"x": generator.normal(size=60), "y": 1e4 * generator.random(60) + 3e5})
    targets: dict[str, Any] = {
        "binary": np.where(frame["x"] > 0, "up", "down"),
        "multiclass": [2, 4, 9] * 20,
        "regression": frame["x"] * 700,
    }
    return table(frame.assign(t=targets[task]), target="t")


def test_numbers_are_standardised_with_the_training_rows_alone() -> None:
    run = train(Settings(data=mixed(inputs=["size"]), test_share=0.4, epochs=1, seed=3))

    rows = pd.read_csv(io.StringIO(MIXED), sep=";", decimal=",")[["size", "price"]].dropna()
    both = np.concatenate([run.inputs, run.test_inputs]).ravel()
    assert len(both) == len(rows) == 20
    assert (run.inputs.mean(), run.inputs.std()) == pytest.approx((0, 1), abs=1e-6)
    slope, offset = np.polyfit(np.sort(both), np.sort(rows["size"]), 1)
    np.testing.assert_allclose(np.sort(both) * slope + offset, np.sort(rows["size"]), atol=1e-5)
    assert (run.targets.mean(), run.targets.std()) == pytest.approx((0, 1), abs=1e-6)


def test_words_become_a_column_each_and_rows_with_gaps_are_left_out() -> None:
    data = mixed()
    run = train(Settings(data=data, epochs=1))

    assert data.input_names == (
        *("size", "colour_blue", "colour_green, dark", "colour_red", "on_False", "on_True"),
    )
    frame = pd.read_csv(io.StringIO(MIXED), sep=";", decimal=",")
    frame = frame[["size", "colour", "on", "price"]].dropna()
    assert len(run.inputs) == len(frame) == 19
    size = (frame["size"] - frame["size"].mean()) / frame["size"].std(ddof=0)
    columns = [size, *(frame["colour"] == each for each in ("blue", "green, dark", "red"))]
    columns += [frame["on"] == each for each in (False, True)]
    np.testing.assert_allclose(run.inputs, np.stack(columns, axis=1).astype(float), atol=1e-6)


def test_a_column_of_words_bears_the_name_of_its_word_even_where_that_is_a_number() -> None:
    huge = 10**23  # too large for a pandas number, so the whole column holds Python's numbers
    data = table(sheet_of("w,t\n" + f"{huge},1\n5,2\n10,4\n" * 2), target="t")

    x, _ = data.data_set.draw(None)

    names = [data.input_names[row.argmax()] for row in x[:3]]
    assert names == [f"w_{huge}", "w_5", "w_10"]


def test_what_was_done_stands_in_sentences() -> None:
    told = mixed().story

    assert "2 rows of 21 left out because of gaps" in told
    assert "“id” has 21 different words; an input may have 20" in told
    assert "“same” is the same in all rows" in told
    assert "“empty” is empty" in told
    assert "2 text columns one-hot encoded into 5" in told


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["yes", "no"], "binary"),
        ([True, False], "binary"),
        ([0, 1], "binary"),
        ([2.5, 7.5], "binary"),
        (["a", "b", "c"], "multiclass"),
        ([1, 2, 3], "multiclass"),
        (list("abcdefghij"), "multiclass"),
        ([0.5, 1, 2], "regression"),
        (list(range(11)), "regression"),
    ],
)
def test_the_target_tells_the_task(values: list[object], task: str) -> None:
    frame = pd.DataFrame({"x": range(22), "t": (values * 22)[:22]})

    data = table(frame, target="t")

    assert data.task == task
    assert Settings(data=data).outputs == (len(values) if task == "multiclass" else 1)


def test_the_task_is_guessed_in_the_rows_that_remain() -> None:
    frame = pd.DataFrame({"x": [*range(20), None], "z": range(21), "t": [*"pq" * 10, "r"]})

    data = table(frame, target="t")

    assert (data.task, data.tasks) == ("binary", ["binary"])
    assert table(frame, target="t", inputs=["z"]).task == "multiclass"


def test_a_column_of_mostly_gaps_is_an_input_only_if_it_is_asked_for() -> None:
    note = [1, 2, *[None] * 20]
    frame = pd.DataFrame({"x": range(22), "note": note, "t": ["p", "q"] * 11})

    data = table(frame, target="t")

    assert data.inputs == ("x",)
    assert data.data_set.rows == 22
    assert "Left out: “note” has a gap in 20 of 22 rows." in data.story
    asked = table(frame, target="t", inputs=["x", "note"])
    assert asked.data_set.rows == 2
    assert "Left out" not in asked.story
    assert table(frame[["note", "t"]], target="t").inputs == ("note",)


def test_the_guess_can_be_changed_to_what_fits() -> None:
    frame = pd.DataFrame({"x": range(9), "t": [1, 2, 3] * 3, "w": list("abc") * 3})

    assert table(frame, target="t", task="regression").task == "regression"
    with pytest.raises(DataError, match="“A number” needs numbers; the target “w” has 3"):
        table(frame, target="w", task="regression")
    with pytest.raises(DataError, match="“Two classes” needs two different values"):
        table(frame, target="t", task="binary")


@pytest.mark.slow
@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_the_script_prints_the_losses_of_a_table(task: str) -> None:
    settings = Settings((4, 3), 0.1, 12, data=plane(task), features=("x2", "x1*x2"))

    assert different(settings) == []
    assert different(replace(settings, test_share=0.3, batch_size=7, optimizer="adam")) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [
        mixed(),
        mixed("colour"),
        mixed("on", inputs=["colour"]),
        *(table(each.sheet, target=each.target) for each in EXAMPLES),
    ],
    ids=repr,
)
def test_the_script_reads_the_very_file(data: Table) -> None:
    assert different(Settings(data=data, epochs=9, test_share=0.3)) == []


def test_the_page_can_run_the_script_without_the_file() -> None:
    run = train(Settings(data=mixed(), epochs=5, test_share=0.5))

    proof = prove(to_script(run.settings), run, lambda _: None)

    assert proof.verdict == "5 of 5 losses identical to the chart."


def test_tables_are_equal_where_the_file_and_every_choice_are() -> None:
    again = mixed()
    as_commas = table(
        sheet_of(pd.read_csv(io.StringIO(MIXED), sep=";", decimal=",").to_csv(index=False)),
        target="price",
    )

    assert (again, hash(again)) == (mixed(), hash(mixed()))
    assert again.sheet.fingerprint == as_commas.sheet.fingerprint
    assert again != as_commas  # their scripts differ
    others = [
        mixed("colour"),
        mixed(inputs=["size"]),
        table(sheet_of(MIXED.replace("4,0", "4,5")), target="price"),
    ]
    assert len({again, *others}) == 4
    assert pickle.loads(pickle.dumps(again)) == again  # noqa: S301 - our own
