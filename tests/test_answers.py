"""A file of new rows with its answers: the rows as they were written, and no live formula."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.frames import mixed, sheet_of
from tinynet import Run, Settings, table, train
from tinynet.export.answers import to_answers
from tinynet.training.prediction import predictor_of

NEW = """\
on,=note,size,colour
True,"=HYPERLINK(""http://a.example"")",-0.50,red
False," +cmd|'/c calc'!A0",4.10,"green, dark"
True,@SUM(A1),,blue
True,-3.5e2,1.00,red
False,"two
lines; -1",2.25,blue
"""


def answers_of(run: Run, text: str) -> tuple[list[str], list[list[str]]]:
    """Return the heading and the rows of the answers, as the csv module reads them."""
    content = to_answers(predictor_of(run), sheet_of(text, "new.csv"))
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return heading, rows


@pytest.fixture(scope="module")
def colours() -> Run:
    data: Any = mixed("colour", inputs=["size", "on"])
    return train(Settings(data=data, epochs=20, test_share=0.2))


@pytest.fixture(scope="module")
def prices() -> Run:
    return train(Settings(data=mixed(), epochs=20))


def test_the_answers_come_first_then_the_columns_as_they_are_written(prices: Run) -> None:
    heading, rows = answers_of(prices, NEW)

    expected = prices.predict(pd.read_csv(io.StringIO(NEW)))["price"]
    assert heading == ["price", "on", "'=note", "size", "colour"]
    assert [row[0] for row in rows] == ["" if np.isnan(each) else repr(each) for each in expected]
    assert expected.isna().tolist() == [False, False, True, False, False]
    assert [row[3] for row in rows] == ["-0.50", "4.10", "", "1.00", "2.25"]
    assert [row[4] for row in rows] == ["red", "green, dark", "blue", "red", "blue"]


def test_a_word_that_a_spreadsheet_would_calculate_becomes_text_and_a_number_stays(
    prices: Run,
) -> None:
    _, rows = answers_of(prices, NEW)

    assert [row[2] for row in rows] == [
        '\'=HYPERLINK("http://a.example")',
        "' +cmd|'/c calc'!A0",
        "'@SUM(A1)",
        "-3.5e2",
        "two\nlines; -1",
    ]


def test_probabilities_follow_and_no_column_of_the_file_is_lost(colours: Run) -> None:
    heading, rows = answers_of(colours, NEW)

    names = [f"probability of {word}" for word in ("blue", "green, dark", "red")]
    expected = colours.predict(pd.read_csv(io.StringIO(NEW)))
    assert heading == ["predicted colour", *names, "on", "'=note", "size", "colour"]
    assert [row[0] for row in rows] == expected["colour"].fillna("").tolist()
    shares = [[float(each or "nan") for each in row[1:4]] for row in rows]
    np.testing.assert_array_equal(shares, expected[names])


def test_a_class_that_is_a_whole_number_stays_whole_beside_a_gap() -> None:
    rows = "".join(f"{n % 9},{3 + n % 2}\n" for n in range(30))
    run = train(Settings(data=table(sheet_of(f"x,t\n{rows}"), target="t"), epochs=5))

    _, answers = answers_of(run, "x,name\n5,a\n,b\n")

    assert [row[0] for row in answers] == [f"{run.predict(np.array([[5.0]]))['t'][0]}", ""]
