"""What a network that has learned a table is used for: a form, a file of new rows, its mistakes."""

from __future__ import annotations

import io
import re
from datetime import date
from html import unescape
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.combinations import run_beside_its_file
from tests.file_panel import OWN, asked_for_a_file, bring, refusal_of
from tests.frames import MIXED
from tests.page_in_app_test import opened
from tests.test_app import seen
from tests.test_text import HOSTILE
from tinynet import Run, Settings, errors, table, to_script, train
from tinynet.settings import DATA
from tinynet.ui.session import VISIT
from tinynet.ui.text import inert_label
from tinynet.user_data import read_sheet

# Continues a script: the output of its model for one more row of two numbers.
OF_ONE_ROW = """
known = torch.tensor(pd.read_csv('own.csv')[['size', 'height']].to_numpy(dtype=float))
both = torch.cat([known, torch.tensor([{row}], dtype=torch.float64)])
with torch.no_grad():
    print(model(standardise(both, rows))[-1].item())
"""


def settings_of(page: AppTest) -> Settings:
    settings: Settings = page.session_state[VISIT].settings
    return settings


def run_of(page: AppTest) -> Run:
    return train(settings_of(page))


def html_with(page: AppTest, start: str) -> str:
    return next(each.value for each in page.html if each.value.startswith(start))


def answer(page: AppTest) -> str:
    found = re.search(r"<strong>(.*)</strong>", html_with(page, '<div class="answer"'))
    return unescape(found[1]) if found else ""


def shares(page: AppTest) -> list[str]:
    return re.findall(r"<div>(\d\.\d{4})</div>", html_with(page, '<div class="answer"'))


def told(page: AppTest) -> str:
    return seen("\n".join(each.value for each in (*page.markdown, *page.caption)))


def answered(page: AppTest, content: str, name: str = "new.csv") -> AppTest:
    """Bring a file of new rows."""
    upload = next(each for each in page.file_uploader if str(each.key).startswith("new rows"))
    upload.set_value((name, content.encode(), "text/csv"))
    return page.run()


def table_with(page: AppTest, *columns: str) -> pd.DataFrame:
    """Return the first table with these columns."""
    tables = (each.value for each in page.dataframe)
    found: pd.DataFrame = next(each for each in tables if {*columns} <= {*each.columns})
    return found


@pytest.fixture(scope="module")
def own() -> AppTest:
    return bring(asked_for_a_file(), OWN)


@pytest.fixture(scope="module")
def priced() -> AppTest:
    return bring(asked_for_a_file(), MIXED, "mixed.csv")


@pytest.mark.slow
def test_a_moved_field_is_answered_with_the_numbers_of_the_scripts_model(own: AppTest) -> None:
    own.slider(key="field 0").set_value(12.0)
    own.slider(key="field 1").set_value(3.0).run()

    settings = settings_of(own)
    script = to_script(settings) + OF_ONE_ROW.format(row=[12, 3])
    logit = float(run_beside_its_file(settings, script)[-1])
    share = logit if "Sigmoid" in script else 1 / (1 + np.exp(-logit))
    assert answer(own) == "ab"[share > 0.5]
    assert shares(own) == [f"{1 - share:.4f}", f"{share:.4f}"]


def test_a_row_of_the_file_fills_the_fields_and_its_target_is_told(own: AppTest) -> None:
    own.number_input(key="row of the form").set_value(5).run()

    size, height, kind = OWN.splitlines()[5].split(",")
    assert [own.slider(key=f"field {at}").value for at in (0, 1)] == [float(size), float(height)]
    assert f"In the file, row 5 has “{kind}”." in told(own)
    own.slider(key="field 1").set_value((int(height) + 1) % 7).run()
    assert "In the file" not in told(own)
    number = own.number_input(key="row of the form")
    assert (number.value, number.proto.placeholder) == (None, "changed")
    number.set_value(5).run()
    assert own.slider(key="field 1").value == float(height)
    assert "In the file, row 5" in told(own)


def test_an_edit_stays_if_the_browser_had_yet_to_hear_of_the_edit_before(own: AppTest) -> None:
    own.number_input(key="row of the form").set_value(5).run()
    edited = [3.0, 4.0]

    own.slider(key="field 1").set_value(edited[1]).run()
    own.number_input(key="row of the form").set_value(5)  # as the browser still has it
    own.slider(key="field 0").set_value(edited[0]).run()

    assert [own.slider(key=f"field {at}").value for at in (0, 1)] == edited
    assert own.number_input(key="row of the form").value is None


def test_the_story_of_a_table_points_to_the_form(own: AppTest) -> None:
    assert "Further down, *Predict* answers new rows." in told(own)
    assert any("Predict</h2>" in each.value for each in own.html)
    assert "Further down" not in told(opened(data="moons"))


@pytest.mark.slow
def test_a_field_offers_what_the_file_has_and_the_answer_is_in_its_unit(priced: AppTest) -> None:
    size, colour, on = (f"field {at}" for at in range(3))
    assert priced.selectbox(key=colour).options == ["blue", "green, dark", "red"]
    assert priced.selectbox(key=on).options == ["False", "True"]
    assert (priced.slider(key=size).min, priced.slider(key=size).max) == (0, 9.5)

    priced.selectbox(key=colour).select("green, dark")
    priced.selectbox(key=on).select("False")
    priced.slider(key=size).set_value(3.25).run()

    row = pd.DataFrame({"size": [3.25], "colour": ["green, dark"], "on": [False]})
    assert answer(priced) == f"{run_of(priced).predict(row)['price'][0]:,.3f}"


def test_a_row_with_a_gap_leads_to_the_next_row_that_is_used(priced: AppTest) -> None:
    priced.number_input(key="row of the form").set_value(3).run()

    assert priced.slider(key="field 0").value == 4.0
    assert "In the file, row 4 has “45.00”." in told(priced)


def test_a_gap_is_an_empty_field_and_a_date_that_is_split_is_one_field() -> None:
    lines = [
        f"{at % 7},{'' if at % 5 == 2 else 'uv'[at % 2]},2024-03-{at + 1},{at}" for at in range(28)
    ]
    lines[4] = ",u,2024-03-05,4"
    content = "\n".join(["self,kind,day,price", *lines]).encode()
    data = table(read_sheet(content, "own.csv"), target="price", gaps="fill", dates=["weekday"])
    page = opened(**{DATA.parameter: data.text()})
    bring(page, content, "own.csv")

    assert page.date_input(key="field 2").value == date(2024, 3, 1)
    page.number_input(key="row of the form").set_value(5).run()
    assert page.number_input(key="field 0").value is None
    page.selectbox(key="field 1").set_value(None)
    page.date_input(key="field 2").set_value(date(2024, 3, 9)).run()

    row = pd.DataFrame({"self": [None], "kind": [None], "day": ["2024-03-09"]})
    assert float(answer(page)) == pytest.approx(run_of(page).predict(row)["price"][0], abs=0.051)


def test_a_file_of_new_rows_is_answered_and_a_row_with_a_gap_is_not(priced: AppTest) -> None:
    new = "on,size,colour,x\nTrue,1.5,red,7\nFalse,,red,8\nTrue,2,blue,9\n"

    answered(priced, new)

    expected = run_of(priced).predict(pd.read_csv(io.StringIO(new)))["price"]
    table = table_with(priced, "price", "x")
    np.testing.assert_array_equal(table["price"], expected)
    assert list(table.columns) == ["price", "on", "size", "colour", "x"]
    assert "new.csv: 2 rows answered. 1 row with a gap: no answer." in told(priced)
    assert "new" not in str(priced.query_params[DATA.parameter])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("size,colour\n1,red\n", "new.csv: The rows lack “on”. They have “size”, “colour”."),
        (
            "size,colour,on\n1,pink,True\n",
            "new.csv: Row 1 of “colour” holds “pink”; the network knows “blue”,",
        ),
        ("a,b\n1,2,3\n", "Row 1 has 3 fields; the first row names 2 columns."),
    ],
)
def test_new_rows_that_do_not_fit_get_a_sentence(
    priced: AppTest, content: str, sentence: str
) -> None:
    assert refusal_of(answered(priced, content)).startswith(sentence)


@pytest.mark.slow
def test_new_rows_are_of_one_table_and_another_table_does_not_see_them() -> None:
    page = answered(bring(asked_for_a_file(), OWN), "size,height\n1,2\n")
    assert "new.csv: 1 row answered." in told(page)

    page.session_state["file panel"] = True
    page = bring(page.run(), MIXED, "mixed.csv")

    assert "new.csv" not in told(page)
    assert not page.error


def test_the_largest_errors_come_first_with_their_row_and_unit(priced: AppTest) -> None:
    run, file = run_of(priced), pd.read_csv(io.StringIO(MIXED), sep=";", decimal=",")
    table = table_with(priced, "answer", "error")

    known = file.loc[table["row"] - 1].reset_index(drop=True)
    assert len(table) == len(run.test_targets)
    assert table["target"].tolist() == known["price"].tolist()
    assert table["size"].tolist() == known["size"].tolist()
    off = (run.predict(known)["price"] - known["price"]).abs()
    np.testing.assert_allclose(table["error"], off, atol=1e-4)
    assert table["error"].is_monotonic_decreasing
    shown = re.findall(r"<td>([\d.,]+)</td>", html_with(priced, '<table class="confusion"><tr><th'))
    expected = [off.mean(), np.sqrt((off**2).mean())]
    assert shown == [f"{each:,.3f}" for each in expected]
    assert errors(run, test=True).mae == pytest.approx(expected[0])


def test_the_wrong_rows_are_those_whose_word_is_not_that_of_the_file() -> None:
    page = opened(data="moons")
    page.selectbox(key=DATA.parameter).select("file").run()
    page.button(key="example Iris").click().run()

    run, table = run_of(page), table_with(page, "answer", "probability")
    data: Any = run.settings.data
    file = pd.read_csv(io.BytesIO(data.sheet.content))
    said = run.predict(file)
    wrong = {int(row) + 1 for row in np.flatnonzero(said["species"] != file["species"])}
    assert set(table["row"]) <= wrong
    assert len(table) == (~run.test_correct).sum()
    assert table["answer"].tolist() == said["species"][table["row"] - 1].tolist()
    of_target = [
        said.loc[row - 1, f"probability of {word}"]
        for row, word in zip(table["row"], table["target"], strict=True)
    ]
    np.testing.assert_allclose(table["probability"], of_target, rtol=1e-5)
    assert sorted(of_target) == pytest.approx(of_target)
    assert f"Wrong: {len(table)} of 60 test rows, the least likely target first." in told(page)


def test_numbers_of_any_size_move_in_at_least_a_hundred_stops_and_keep_their_digits() -> None:
    rows = "".join(f"{(n + 1) * 1.2e20},{n * 1.37e-12},{n % 2}\n" for n in range(40))

    page = bring(asked_for_a_file(), f"large,small,t\n{rows}")

    for key, largest in (("field 0", 4.8e21), ("field 1", 39 * 1.37e-12)):
        field = page.slider(key=key)
        assert field.max == pytest.approx(largest, rel=1e-3)
        assert field.step <= (field.max - field.min) / 100
    row = pd.DataFrame({"large": [1.2e20], "small": [0.0]})
    assert shares(page) == [f"{each:.4f}" for each in run_of(page).predict(row).iloc[0, 1:]]


def test_words_of_a_file_are_never_markup() -> None:
    word, name = "<img src=x>", "![a](http://a.example)"
    rows = "".join(f"{n % 3},{n % 7},{('no', word)[n % 2]}\n" for n in range(40))

    page = bring(asked_for_a_file(), f'"{name}",b,kind\n{rows}')

    assert not page.exception
    assert "&lt;img src=x&gt;" in html_with(page, '<div class="answer"')
    assert not any(word in each.value for each in page.html)
    assert seen(page.slider(key="field 0").label) == name
    assert name not in page.slider(key="field 0").label


def test_a_label_keeps_harmless_words_bare_and_no_mark_that_means_something() -> None:
    harmless = ("petal length (cm)", "bill_length_mm", "a, b", "Größe")

    assert [inert_label(each) for each in harmless] == [*harmless]
    assert [each for each in HOSTILE if inert_label(each) == each] == []


@pytest.mark.parametrize("query", [{}, {"data": "moons"}, {"data": "plane", "lr": "10"}])
def test_other_data_have_no_form(query: dict[str, str]) -> None:
    page = opened(**query)

    assert not page.file_uploader
    assert not page.number_input
    assert not any("Predict</h2>" in each.value for each in page.html)
