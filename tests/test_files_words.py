"""How the words of a column become numbers, gaps, days and classes, and what is said of it."""

from __future__ import annotations

from io import StringIO

import numpy as np
import pandas as pd
import pytest

from tests.frames import sheet_of
from tinynet import DataError, Settings, Table, table, train
from tinynet.registry.tasks import TASKS


def column(words: list[str], separator: str = ",") -> list[float]:
    """Return the numbers that a column of words is read as, in a file with this separator."""
    lines = [f'"{word}"{separator}{"pq"[row % 2]}' for row, word in enumerate(words)]
    sheet = sheet_of("\n".join([f"x{separator}t", *lines]) + "\n")
    assert sheet.column("x").is_number, sheet.frame
    return [float(each) for each in sheet.frame["x"]]


@pytest.mark.parametrize(
    ("words", "separator", "numbers"),
    [
        (["1,200", "950", "12,500"], ",", [1200, 950, 12500]),
        (["1,200", "950", "12,500"], "\t", [1200, 950, 12500]),
        (["1,200", "950", "12,500"], ";", [1200, 950, 12500]),
        (["1,200", "0,950", "12,5"], ";", [1.2, 0.95, 12.5]),
        (["1,200", "1,950", "2,125"], ";", [1.2, 1.95, 2.125]),
        (["1,200.5", "950.25"], ",", [1200.5, 950.25]),
        (["1.200", "950", "12.500"], ";", [1200, 950, 12500]),
        (["1.200.000", "3"], ",", [1200000, 3]),
        (["1.200,5", "950,25"], ";", [1200.5, 950.25]),
        (["-0.613", "0.819", "1.579"], ",", [-0.613, 0.819, 1.579]),
        (["1.125", "2", "3.375"], ",", [1.125, 2, 3.375]),
        (["1 200", "950"], ",", [1200, 950]),
        (["1\u202f200,5", "950"], ";", [1200.5, 950]),
        (["1'200.50", "950"], ",", [1200.5, 950]),
        (["12 %", "7.5%"], ",", [12, 7.5]),
        (["$1,200", "-$3.50"], ",", [1200, -3.5]),
        (["3,50 €", "1.200,00 €"], ";", [3.5, 1200]),
        (["\u22123.5", "2"], ",", [-3.5, 2]),
        (["1e-3", "+2"], ",", [0.001, 2]),
    ],
)
def test_numbers_are_read_by_the_shape_of_all_words_of_a_column(
    words: list[str], separator: str, numbers: list[float]
) -> None:
    assert column(words, separator) == numbers


def test_a_comma_that_separates_fields_is_no_decimal_comma() -> None:
    sheet = sheet_of('x,t\n"1,5",p\n"2,25",q\n')

    assert not sheet.column("x").is_number


def test_thousands_beside_decimals_leave_every_column_a_number_and_are_said() -> None:
    rows = '"52,000","1,000",1.5,a\n"61,500","2,000",2.5,b\n900,500,3.5,a\n"48,250","1,250",2.0,b\n'
    data = table(sheet_of(f"salary,bonus,score,grade\n{rows}"), target="grade")

    assert data.sheet.frame["salary"].tolist() == [52000, 61500, 900, 48250]
    assert data.sheet.frame["score"].tolist() == [1.5, 2.5, 3.5, 2.0]
    assert "Commas in “salary” group thousands." in data.story


def stray(**choices: str) -> Table:
    rows = "".join(f"{10 + 1.35 * row:.2f},{1 + row % 7 / 4:.2f}\n" for row in range(30))
    return table(sheet_of(f"bill,tip\n{rows}Total,91.35\n"), target="tip", **choices)  # type: ignore[arg-type]


def test_a_column_of_numbers_with_few_exceptions_is_a_column_of_numbers() -> None:
    data = stray()

    assert (data.data_set.rows, data.input_names) == (30, ("bill",))
    assert "30 of 31 words in “bill” are numbers; row 31 holds “Total”" in data.story
    with pytest.raises(DataError, match=r"no column to learn from\. “bill” has 31 different words"):
        stray(exceptions="words")


def test_a_column_of_words_with_a_few_numbers_stays_one_of_words() -> None:
    sheet = sheet_of("x,t\n" + "a,1\nb,2\n7,3\n" * 9)

    assert sheet.column("x").known == ("7", "a", "b")


@pytest.mark.parametrize(
    ("words", "gaps"),
    [
        (["None", "Some", "Marked"], []),
        (["DE", "NA", "FR"], []),
        (["male", "female", "NA"], ["NA"]),
        (["left", "right", "?"], ["?"]),
        (["+", "-"], []),
        (["yes", "no", "#N/A"], ["#N/A"]),
    ],
)
def test_a_word_that_is_a_class_is_no_gap_and_a_gap_is_said_by_its_word(
    words: list[str], gaps: list[str]
) -> None:
    text = "x,t\n" + "".join(f"{row % 5},{word}\n" for row, word in enumerate(words * 6))
    data = table(sheet_of(text), target="t")

    assert data.class_names == tuple(sorted(set(words) - set(gaps)))
    assert [f"“{each}” in “t” counts as a gap (6 rows)." in data.story for each in gaps] == [
        True
    ] * len(gaps)


def test_where_r_writes_na_for_a_number_it_does_for_a_code_too() -> None:
    text = "x,code,t\n" + "1,DE,p\nNA,FR,q\n3,NA,p\n4,DE,q\n" * 3

    data = table(sheet_of(text), target="t")

    assert data.data_set.rows == 6
    assert "6 rows of 12 left out because of gaps: 3 in “x”, 3 in “code”." in data.story


def test_case_and_outer_blanks_make_no_class_unless_asked_for() -> None:
    sheet = sheet_of("x,answer\n1,yes\n2,yes \n3,no\n4, no\n5,Yes\n6,NO\n7,yes\n8,no\n")

    assert table(sheet, target="answer").class_names == ("no", "yes")
    assert (
        "differ in case or outer blanks are one: “yes” and “no”"
        in table(sheet, target="answer").story
    )
    exact = table(sheet, target="answer", words="exact")
    assert exact.class_names == (" no", "NO", "Yes", "no", "yes", "yes ")


def test_as_many_different_numbers_as_rows_are_numbers() -> None:
    data = table(
        sheet_of("rooms,price\n1,100000\n2,240000\n3,310000\n4,505000\n6,1200000\n"), target="price"
    )

    assert data.task == "regression"


def test_the_most_frequent_class_of_a_file_is_its_baseline() -> None:
    rows = "".join(f"{row % 7},{row % 3},{int(row % 20 == 0)}\n" for row in range(400))
    data = table(sheet_of(f"a,b,ill\n{rows}"), target="ill")
    run = train(Settings(data=data, epochs=1))

    majority = TASKS[data.task].majority_class
    assert majority
    assert data.class_names[majority(run.targets)] == "0"


DAYS = "when,visitors\n" + "".join(
    f"2024-01-{row:02},{200 + 7 * row % 40}\n" for row in range(1, 29)
)


def test_dates_become_days_or_their_parts() -> None:
    dates = pd.read_csv(StringIO(DAYS), parse_dates=["when"])["when"]
    data = table(sheet_of(DAYS), target="visitors")
    parts = table(sheet_of(DAYS), target="visitors", dates=["year", "weekday"])

    assert data.sheet.frame["when"].tolist() == (dates - pd.Timestamp(0)).dt.days.tolist()
    assert data.input_names == ("when",)
    weekdays = sorted(dates.dt.day_name().unique())
    assert parts.input_names == ("when (year)", *(f"when (weekday)_{each}" for each in weekdays))
    x, _ = parts.data_set.draw(None)
    assert x[:, 0].tolist() == [2024] * 28
    assert [weekdays[each] for each in x[:, 1:].argmax(dim=1)] == dates.dt.day_name().tolist()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (["31.12.2023", "01.02.2024"], "2023-12-31"),
        (["02/03/2024", "13/03/2024"], "2024-03-02"),
        (["02/03/2024", "03/13/2024"], "2024-02-03"),
        (["2024-01-02T10:00:00Z", "2024-01-03T10:00:00Z"], "2024-01-02T10:00:00"),
        (["Jan 5, 2024", "Feb 6, 2024"], "2024-01-05"),
    ],
)
def test_the_order_of_day_and_month_is_that_of_the_whole_column(
    words: list[str], first: str
) -> None:
    since = np.datetime64(first) - np.datetime64("1970-01-01T00:00:00")

    assert column(words, ";")[0] == since / np.timedelta64(1, "D")


def test_days_and_months_that_may_be_either_stay_words_and_that_is_said() -> None:
    data = table(sheet_of("x,t\n01/02/2024,p\n03/04/2024,q\n"), target="t")

    assert not data.sheet.column("x").is_number
    assert "Day and month cannot be told apart in “x”: write dates as 2024-01-31." in data.story


def test_what_counts_the_rows_or_names_each_is_no_input_by_itself_and_that_is_said() -> None:
    generator = np.random.default_rng(1)
    frame = pd.DataFrame(
        {"u": generator.normal(size=40), "group": ["first"] * 20 + ["second"] * 20}
    )
    data = table(sheet_of(frame.to_csv()), target="group")  # saved with its index

    assert data.inputs == ("u",)
    assert "Left out: “Unnamed: 0” counts the rows." in data.story
    asked = table(data.sheet, target="group", inputs=["Unnamed: 0", "u"])
    assert "that gives the answer away" in asked.story
    assert "“Unnamed: 0” alone tells the target of every row" in asked.story
    shuffled = frame.assign(
        id=generator.permutation(40) + 500, name=[f"n{row}" for row in range(40)]
    )
    assert table(shuffled, target="group").inputs == ("u",)
    years = frame.assign(year=range(1980, 2020))
    assert table(years, target="group").inputs == ("u", "year")


def test_a_word_that_tells_its_class_alone_is_pointed_out() -> None:
    frame = pd.DataFrame({"u": [3, 1, 4] * 8, "code": list("abc") * 8, "t": [1.5, 2.5, 2.5] * 8})
    frame["t"] = frame["code"].map({"a": "p", "b": "q", "c": "q"})

    assert "“code” alone tells the target" in table(frame, target="t", inputs=["code"]).story
    frame.loc[0, "t"] = "q"
    assert "alone tells" not in table(frame, target="t", inputs=["code"]).story


GAPPED = pd.DataFrame(
    {
        "size": [1.0, None, 3.0, 8.0, None, 2.0] * 4,
        "colour": ["red", "blue", None, "red", "red", "blue"] * 4,
        "t": ["p", "q", "q", "q", "q", None] * 4,
    }
)


def test_gaps_are_filled_from_the_training_rows_with_a_column_that_says_so() -> None:
    import torch

    data = table(GAPPED, target="t", gaps="fill")
    run = train(Settings(data=data, epochs=1, test_share=0.4, seed=5))

    frame = GAPPED.dropna(subset=["t"])
    order = torch.randperm(len(frame), generator=torch.Generator().manual_seed(5)).numpy()
    ordered = frame.iloc[order]
    training = ordered.iloc[round(0.4 * len(frame)) :]
    size = ordered["size"].fillna(training["size"].mean())
    known = size.loc[training.index].to_numpy()[: len(training)]
    colour = ordered["colour"].fillna(training["colour"].mode()[0])
    expected = [
        (size - known.mean()) / known.std(),
        colour == "blue",
        colour == "red",
        ordered["size"].isna(),
        ordered["colour"].isna(),
    ]
    assert data.input_names[3:] == ("size is missing", "colour is missing")
    got = np.concatenate([run.test_inputs, run.inputs])
    np.testing.assert_allclose(got, np.stack(expected, axis=1).astype(float), atol=1e-6)


def test_columns_with_gaps_can_be_left_out_instead_of_rows() -> None:
    frame = GAPPED.assign(whole=[5, 6, 7] * 8)

    assert table(frame, target="t").data_set.rows == 8
    data = table(frame, target="t", gaps="columns")
    assert (data.inputs, data.data_set.rows) == (("whole",), 20)
    assert "4 rows of 24 left out because of gaps: 4 in “t”." in data.story
