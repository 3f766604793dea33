"""New rows for tables with filled gaps or split dates, and rows that are read as the table was."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from contextlib import chdir, redirect_stdout
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from tests.frames import sheet_of
from tinynet import DataError, Run, Settings, importance, load, save, table, to_script, train
from tinynet.export.answers import answered
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.prediction import predictor_of

DAYS = pd.date_range("2023-11-20", periods=40, freq="11D")
GAPPED = pd.DataFrame(
    {
        "size": [1.0, None, 3.0, 8.0, None, 2.0, 5.5, 4.0] * 5,
        "colour": ["red", "blue", None, "red", "red", "blue", "red", "blue"] * 5,
        "day": [None if at % 9 == 4 else each for at, each in enumerate(DAYS.strftime("%d.%m.%Y"))],
        "price": [f"{1000 + 37 * at % 5000:,.2f}" for at in range(40)],
    }
)
NEW = pd.DataFrame(
    {
        "size": [2.5, None, None, 7.0],
        "colour": [None, "red", "blue", None],
        "day": ["06.05.2024", "01.02.2024", None, "31.12.2024"],
    }
)
# Continues a script: the rows that it knows and new rows go through its own functions together.
OF_NEW_ROWS = """
import io, json
known = len(frame)
new = pd.read_json(io.StringIO({new!r}), orient='split', dtype=False)
new['day'] = days_in(new['day'], written='%d.%m.%Y')
both = pd.concat([frame[inputs], new[inputs]], ignore_index=True)
both = dates_as(both, dates=['day'], parts={parts})
both = columns_with_gaps(both, words={words})
rows = order[{tests}:]
both = filled(both, usual_of(both, rows, {numbers}))
both = torch.cat([standardise(both[:, :{count}], rows), both[:, {count}:].float()], dim=1)
with torch.no_grad():
    print(json.dumps(model(both[known:]).double().tolist()))
"""


@pytest.fixture(scope="module")
def priced() -> Run:
    data = table(GAPPED, target="price", gaps="fill", dates=["year", "month"])
    return train(Settings((4,), 0.05, 30, data=data, test_share=0.25, optimizer="adam"))


def printed_by(script: str, files: Mapping[str, bytes], folder: Path) -> list[str]:
    """Return what a script prints beside its files; a fresh process would take seconds."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    out = io.StringIO()
    with (
        fresh_torch_state(),
        torch.random.fork_rng(devices=()),
        redirect_stdout(out),
        chdir(folder),
    ):
        exec(compile(script, "script", "exec"), {})  # noqa: S102 - our own script
    return out.getvalue().splitlines()


def test_filled_gaps_and_split_dates_answer_with_the_bits_of_the_scripts_model(
    priced: Run, tmp_path: Path
) -> None:
    settings = priced.settings
    data: Any = settings.data
    numbers = settings.data_set.x_usual.partition("rows, ")[2][:-1]

    answers = priced.predict(NEW)

    parts = {"parts": list(data.parts), "words": data.words, "count": data.count_of_numbers}
    new, tests = NEW.to_json(orient="split"), settings.test_rows
    lines = OF_NEW_ROWS.format(new=new, tests=tests, numbers=numbers, **parts)
    *losses, last = printed_by(to_script(settings) + lines, settings.files, tmp_path)
    bits = np.array(json.loads(last))
    assert losses == [*priced.printed(0, len(priced.losses))]
    prices = GAPPED["price"].str.replace(",", "").astype(float).to_numpy()
    order = torch.randperm(40, generator=torch.Generator().manual_seed(0)).numpy()
    known = prices[order[settings.test_rows :]]
    expected = bits.ravel() * known.std() + known.mean()
    np.testing.assert_allclose(answers["price"], expected, rtol=1e-12)
    assert len(set(answers["price"])) == len(NEW)


def test_a_gap_counts_and_a_date_counts_however_it_is_written(priced: Run) -> None:
    columns = priced.settings.data_set.columns
    assert [each.name for each in columns] == [
        *("size", "day (year)", "colour", "day (month)"),
        *(
            "size is missing",
            "colour is missing",
            "day (year) is missing",
            "day (month) is missing",
        ),
    ]
    filled = NEW.assign(size=NEW["size"].fillna(1e3), colour=NEW["colour"].fillna("red"))

    marked, unmarked = priced.predict(NEW), priced.predict(filled)

    assert (marked["price"] != unmarked["price"]).tolist() == [True, True, True, True]
    july, march = (priced.predict(NEW.assign(day=f"05.{month}.2024")) for month in ("07", "03"))
    again = priced.predict(NEW.assign(day=pd.Timestamp("2024-07-19")))
    pd.testing.assert_frame_equal(july, again)
    assert (july["price"] != march["price"]).all()


def test_a_saved_network_fills_and_splits_as_before(priced: Run, tmp_path: Path) -> None:
    save(priced, tmp_path / "net")
    NEW.to_csv(tmp_path / "new.csv", sep=";", index=False)

    network = load(tmp_path / "net")

    pd.testing.assert_frame_equal(network.predict(NEW), priced.predict(NEW))
    pd.testing.assert_frame_equal(network.predict(tmp_path / "new.csv"), priced.predict(NEW))


def test_all_inputs_of_a_column_are_shuffled_together(priced: Run) -> None:
    x, y, generator = priced.test_inputs, priced.test_targets, np.random.default_rng(0)
    w1, b1, w2, b2 = (each[-1] for each in priced.checkpoints.parameters)
    names = priced.settings.data_set.input_names
    places = [at for at, name in enumerate(names) if name.startswith("day")]

    def errors_of(inputs: np.ndarray) -> float:
        y_pred = np.maximum(inputs @ w1.T + b1, 0) @ w2.T + b2
        return float(((y - y_pred) ** 2).sum() / ((y - y.mean()) ** 2).sum())

    lost = []
    for _ in range(10):
        shuffled = x.copy()
        shuffled[:, places] = x[generator.permutation(len(x))][:, places]
        lost.append(errors_of(shuffled) - errors_of(x))

    found = importance(priced).set_index("column")
    assert set(found.index) == {"size", "colour", "day"}
    assert [*found.loc["day"]] == pytest.approx([np.mean(lost), np.std(lost)], rel=1e-3)


def test_a_gap_in_a_column_that_had_none_gets_no_answer() -> None:
    inputs = ["size", "colour", "day"]
    whole = GAPPED.assign(day=range(40))
    data = table(whole, target="price", inputs=inputs, gaps="fill")
    run = train(Settings(data=data, epochs=2))

    answers = run.predict(NEW.assign(day=[1, float("nan"), 3, 4]))

    assert answers["price"].isna().tolist() == [False, True, False, False]


def test_a_file_of_new_rows_is_read_as_the_table_was() -> None:
    rows = [
        (f"{n % 12 + 1}/{n % 28 + 1}/2024", f"{n % 3 + 1},{n:03}", "Ab"[n % 2]) for n in range(30)
    ]
    lines = [
        f'{day},"{size}",{"?" if size == "2,007" else sort},{size[-1]}' for day, size, sort in rows
    ]
    data = table(sheet_of("\n".join(["when,size,sort,t", *lines])), target="t", task="regression")
    run = train(Settings(data=data, epochs=20))
    new = sheet_of("sort;when;size\nB ;1/2/2024;1,200\n?;1/2/2024;2\nA;;2,000\n", "new.csv")

    answers = answered(predictor_of(run), new)

    day = (pd.Timestamp("2024-01-02") - pd.Timestamp(0)).days
    row = pd.DataFrame({"when": [day], "size": [1200], "sort": ["b"]})
    assert answers["t"][0] == run.predict(row)["t"][0]
    assert answers["t"].isna().tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"size": "big"}, "Row 2 of “size” holds “big”; it must be a number."),
        (
            {"day": "2024"},
            "Row 2 of “day” holds “2024”; it must be a date, written as in the table.",
        ),
        ({"colour": "pink"}, "Row 2 of “colour” holds “pink”; the network knows “blue”, “red”."),
    ],
)
def test_a_word_that_cannot_be_read_gets_a_sentence(
    priced: Run, change: dict[str, str], sentence: str
) -> None:
    rows = NEW.astype(object)
    rows.loc[1, list(change)] = list(change.values())

    with pytest.raises(DataError) as refusal:
        priced.predict(rows)

    assert str(refusal.value) == sentence


def test_the_first_of_many_rows_that_cannot_be_read_is_found_at_once(priced: Run) -> None:
    rows = pd.concat([NEW] * 2500, ignore_index=True)
    rows.loc[[9000, 9990], "day"] = "31.02.2024"
    start = process_time()

    with pytest.raises(DataError, match=r"^Row 9,001 of “day” holds “31\.02\.2024”; it must be a"):
        priced.predict(rows)

    assert process_time() - start < 3  # reading row by row takes 10 s


def test_dates_of_any_year_count_days_and_are_split() -> None:
    days = [date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29), date(1969, 7, 20)]
    lines = [f"{each} 06:00:00,{at}" for at, each in enumerate(days * 3)]
    parts = ("days", "year", "month")

    data = table(sheet_of("\n".join(["day,t", *lines])), target="t", task="regression", dates=parts)

    x, _ = data.data_set.draw()
    assert x[:4, 0].tolist() == [(each - date(1970, 1, 1)).days + 0.25 for each in days]
    assert x[:4, 1].tolist() == [each.year for each in days]
    named = data.input_names.index("day (month)_February")
    assert x[:4, named].tolist() == [0, 0, 1, 0]


def test_a_target_may_be_named_like_a_probability() -> None:
    frame = pd.DataFrame({"size": [1.0, 2, 3, 4] * 3, "probability of yes": ["yes", "no"] * 6})
    run = train(Settings(data=table(frame, target="probability of yes"), epochs=2))

    answers = run.predict(frame)

    answer, no, yes = answers.to_numpy().T
    assert answers.columns[0] == "predicted probability of yes"
    np.testing.assert_allclose((no + yes).astype(float), 1)
    assert [*answer] == [["no", "yes"][share > 0.5] for share in yes]
