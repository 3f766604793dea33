"""How the choices of reading a file stand in a link, and what is no choice."""

from __future__ import annotations

from io import StringIO

import pandas as pd
import pytest

from tests.frames import sheet_of
from tinynet import DataError, Table, table
from tinynet.user_data import at_hand, read_user_data

THOUSANDS = 'population,rich\n"1,200",no\n950,no\n"12,500",yes\n430,no\n"7,800",yes\n"23,400",yes\n'


def test_a_link_without_letters_means_what_pandas_alone_reads() -> None:
    sheet = sheet_of(THOUSANDS)
    data = table(sheet, target="rich")
    with at_hand([sheet]):
        former = read_user_data(data.text().removesuffix(".t"))
        again = read_user_data(data.text())

    assert again == data
    assert isinstance(former, Table)
    pandas = pd.read_csv(StringIO(THOUSANDS), decimal=",")
    assert former.sheet.frame["population"].tolist() == pandas["population"].tolist()
    assert former != data
    assert former.text() == data.text().removesuffix(".t")


@pytest.mark.parametrize(
    "choices",
    [
        {"gaps": "fill"},
        {"words": "exact"},
        {"exceptions": "words"},
        {"dates": ["month"]},
        {"dates": ["days", "year", "weekday"], "gaps": "fill"},
    ],
)
def test_a_link_holds_every_choice(choices: dict[str, object]) -> None:
    rows = "".join(
        f"2024-{row % 9 + 1:02}-07,{row or ''},{['Yes', 'yes ', 'no'][row % 3]},{row % 2}\n"
        for row in range(30)
    )
    sheet = sheet_of(f"when,x,word,t\n{rows}2024-01-02,Total,no,1\n")
    inputs = ["when", "word"] if "exceptions" in choices else ["when", "x", "word"]
    data = table(sheet, target="t", inputs=inputs, **choices)  # type: ignore[arg-type]

    with at_hand([sheet]):
        assert read_user_data(data.text()) == data


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"gaps": "mean"}, "gaps must be 'rows' or 'columns' or 'fill', not 'mean'"),
        ({"dates": ["hour"]}, "dates must be some of days, year, month, weekday"),
        ({"target": "riches"}, "no column “riches” in mixed.csv; it has “population” and “rich”"),
    ],
)
def test_a_wrong_choice_is_refused_with_what_is_allowed(
    choice: dict[str, object], sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        table(sheet_of(THOUSANDS), **{"target": "rich", **choice})  # type: ignore[arg-type]
