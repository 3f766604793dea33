"""What a hundred real files had: other dates, keys, blanks, codes, and rows of other lengths."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.frames import sheet_of
from tinynet import DataError, Settings, table, to_script, train
from tinynet.export.proof import prove
from tinynet.user_data import read_sheet


def test_na_is_a_code_among_codes_though_a_few_words_are_none() -> None:
    codes = [f"{first}{second}" for first in "DEFGH" for second in "ERS"]
    sheet = sheet_of("\n".join(["code,t", *(f"{each},1" for each in [*codes, "Kosovo", "NA"])]))

    assert sheet.column("code").gaps == 0


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("1 12-15 years 3\n2 9 4\n", "Row 1 has 4 words between blanks, but there are 3 names."),
        ("1 2 3\n4 5\n", "Row 2 has 2 words between blanks, but there are 3 names."),
    ],
)
def test_names_between_blanks_above_rows_of_other_lengths_are_refused_with_the_row(
    rows: str, sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        sheet_of(f"a b c\n{rows}")


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ("2010/01/{:02} 13:00", "%Y/%m/%d %H:%M"),
        ("2010/01/{:02} 00:00:07", "%Y/%m/%d %H:%M:%S"),
        ("3/{}/2010 1:05 PM", "%m/%d/%Y %I:%M %p"),
        ("Jan {} 2000", "%b %d %Y"),
        ("Mar-{}-1995", "%b-%d-%Y"),
        ("{}-Aug-84", "%d-%b-%y"),
        ("{} June 2020", "%d %B %Y"),
        ("195803{:02}", "%Y%m%d"),
    ],
)
def test_dates_in_other_words_and_in_eight_digits_count_days(written: str, way: str) -> None:
    words = [written.format(day) for day in range(1, 29)]
    if way == "%d %B %Y":
        words[5] = "6 May 2020"

    sheet = sheet_of("\n".join(["when;t", *(f"{each};{at}" for at, each in enumerate(words))]))

    days = (pd.to_datetime(pd.Series(words), format=way) - pd.Timestamp(0)) / pd.Timedelta(days=1)
    assert sheet.column("when").is_days
    assert sheet.frame["when"].tolist() == days.tolist()


def test_eight_digits_that_are_no_dates_are_numbers() -> None:
    text = "\n".join(["x,t", *(f"{19580101 + 7 * row},{row}" for row in range(30))])

    assert sheet_of(text).frame["x"].tolist() == [19580101 + 7 * row for row in range(30)]


def test_a_blank_among_numbers_or_words_is_a_gap() -> None:
    sheet = sheet_of("x\tw\tt\n" + "1\ta\t5\n2\tb\t6\n \t \t7\n" * 9)

    assert sheet.frame["x"].dtype.kind == "f"
    assert [sheet.column(each).gaps for each in "xwt"] == [9, 9, 0]
    assert sheet.column("w").known == ("a", "b")


def test_blanks_after_separators_belong_to_no_name_and_no_word() -> None:
    sheet = sheet_of('  size,   kind,  t\n1.5,   "a, b", 1\n2.5, "c", 2\n')

    assert [each.name for each in sheet.columns] == ["size", "kind", "t"]
    assert sheet.column("kind").known == ("a, b", "c")
    assert table(sheet_of("a ,t \n1,2\n3,4\n"), target="t").target == "t "


@pytest.mark.parametrize("name", ["AirportID", "pidnum", "CDS_CODE", "identifier", "ID"])
def test_a_key_is_no_input_even_if_a_few_rows_share_it(name: str) -> None:
    rows = "".join(f"{7000 + 13 * (row - row % 9 // 8)},{row % 5},{row % 2}\n" for row in range(60))

    data = table(sheet_of(f"{name},x,t\n{rows}"), target="t")

    assert data.inputs == ("x",)
    assert f"“{name}” has a different whole number in most rows" in data.story


def test_a_target_that_gaps_leave_with_one_value_is_refused_with_the_reason() -> None:
    rows = "".join(f"{row},{('', 'died', '', 'left')[row % 4]},{row % 2}\n" for row in range(20))

    with pytest.raises(DataError, match=r"the same in all rows.* 10 rows with gaps are left out"):
        table(sheet_of(f"x,why,t\n{rows}"), target="t")


@pytest.mark.parametrize("write", [pd.DataFrame.to_json, pd.DataFrame.to_parquet])
def test_a_target_before_its_only_input_trains_from_json_and_parquet_too(write: Any) -> None:
    frame = pd.DataFrame({"t": [1.5, 2, 3.25, 5], "x": [4.0, 8, 15, 16]})
    out = BytesIO()
    write(frame, out, **({"orient": "records"} if write is pd.DataFrame.to_json else {}))

    run = train(Settings(data=table(read_sheet(out.getvalue(), "a"), target="t"), epochs=3))

    x = frame["x"].to_numpy()
    np.testing.assert_allclose(run.inputs.ravel(), (x - x.mean()) / x.std(), rtol=1e-6)
    assert prove(to_script(run), run, lambda _: None).differing == ()


@pytest.mark.parametrize("first", ["5.1,3.5,setosa", "150,4,setosa", "-1,2,setosa"])
def test_a_first_row_of_values_is_not_taken_for_names(first: str) -> None:
    with pytest.raises(DataError, match="; it must hold the names of the columns"):
        sheet_of(f"{first}\n4.9,3.0,setosa\n6.2,2.9,virginica\n")


@pytest.mark.parametrize("names", ["country,1990,1995,2000", "x,y,2020,z"])
def test_years_are_names(names: str) -> None:
    rows = "".join(f"{n % 3},{n % 5},{n % 7},{n % 2}\n" for n in range(30))

    assert [each.name for each in sheet_of(f"{names}\n{rows}").columns] == names.split(",")
