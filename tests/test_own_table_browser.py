"""The form and the file of new rows in a browser."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from urllib.parse import urlencode

import pandas as pd
import pytest
from playwright.sync_api import FilePayload, Locator, Page, Position, expect

from tests.browser import Server, opened, settled
from tinynet import Settings, train, worst_rows
from tinynet.links.address import View, shortened
from tinynet.ui.sidebar.file_actions import opened_by
from tinynet.user_data.examples import EXAMPLES

pytestmark = pytest.mark.usefixtures("no_errors")
IRIS: Settings = opened_by(EXAMPLES[0])
NEW = """\
petal width (cm),petal length (cm),sepal width (cm),sepal length (cm),=id
1.5,5.1,2.8,6.3,=1
"""


def scrolled_to(page: Page, server: Server) -> Locator:
    """Open Iris, and scroll to the form."""
    opened(page, f"{server.address}?{urlencode(dict(shortened(IRIS, View())))}")
    page.locator(".st-key-player").hover()
    page.mouse.wheel(0, 700)
    form = page.locator(".st-key-predict")
    form.wait_for()
    form.scroll_into_view_if_needed()
    settled(page)
    return form


def test_a_key_on_a_field_changes_the_answer_and_nothing_else(page: Page, server: Server) -> None:
    form, first = scrolled_to(page, server), pd.read_csv(io.BytesIO(EXAMPLES[0].sheet.content))
    address = page.url

    form.get_by_role("slider", name="petal length (cm)").press("End")

    row = first.iloc[[0]].assign(**{"petal length (cm)": first["petal length (cm)"].max()})
    expected = train(IRIS).predict(row).iloc[0]
    expect(form.locator(".answer strong")).to_have_text(expected["species"])
    for name, share in expected.iloc[1:].items():
        word = str(name).removeprefix("probability of ")
        label = form.locator(".shares").get_by_text(word, exact=True)
        expect(label.locator("xpath=following-sibling::div[2]")).to_have_text(f"{share:.4f}")
    assert page.url == address


def test_a_file_of_new_rows_comes_back_with_its_answers(
    page: Page, server: Server, tmp_path: Path
) -> None:
    scrolled_to(page, server)
    part = page.locator(".st-key-new_rows")

    new = FilePayload(name="new.csv", mimeType="text/csv", buffer=NEW.encode())
    part.locator("input[type=file]").set_input_files(new)
    expect(part.get_by_text("new.csv: 1 row answered.")).to_be_visible()
    with page.expect_download() as download:
        part.get_by_role("button", name="Rows with answers").click()

    download.value.save_as(tmp_path / "answers.csv")
    assert download.value.suggested_filename == "new answers.csv"
    with (tmp_path / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        heading, row = csv.reader(file)
    numbers = {"sepal length (cm)": 6.3, "sepal width (cm)": 2.8, "petal length (cm)": 5.1}
    expected = train(IRIS).predict(pd.DataFrame([{**numbers, "petal width (cm)": 1.5}]))
    answer, *shares = expected.iloc[0]
    assert row[0] == answer
    assert [float(each) for each in row[1:4]] == [float(each) for each in shares]
    assert heading[-2:] == ["sepal length (cm)", "'=id"]
    assert row[4:] == ["1.5", "5.1", "2.8", "6.3", "'=1"]


def test_a_selected_wrong_row_is_on_the_stage_until_all_are_picked_and_stays_in_the_form(
    page: Page, server: Server
) -> None:
    form, run = scrolled_to(page, server), train(IRIS)
    worst = worst_rows(run, test=True).iloc[0]
    values = pd.read_csv(io.BytesIO(EXAMPLES[0].sheet.content)).iloc[worst["row"] - 1]

    first = Position(x=17, y=52)  # the box before the first row: the table is drawn on a canvas
    page.locator(".st-key-mistakes .stDataFrameGlideDataEditor").first.click(position=first)

    told = f"In the file, row {worst['row']} has “{values['species']}”."
    field = form.get_by_role("slider", name="petal width (cm)")
    expect(form.get_by_text(told)).to_be_visible()
    expect(field).to_have_value(f"{values['petal width (cm)']:g}")
    expect(form.locator(".answer strong")).to_have_text(worst["answer"])
    picker = page.get_by_label("Row of the batch that fills the nodes")
    expect(picker.locator("option:checked")).to_have_text(str(worst["row"]))
    expect(page.locator(".st-key-player .key")).to_contain_text(f"value for row {worst['row']}")
    picker.select_option("all")
    expect(picker.locator("option")).to_have_count(11)
    expect(page.locator(".st-key-player .key")).to_contain_text(
        "mean of the first 10 training rows"
    )
    page.get_by_role("radio", name="Code").click()
    expect(form).to_have_count(0)
    page.get_by_role("radio", name="Watch").click()
    page.locator(".st-key-player").hover()
    page.mouse.wheel(0, 700)
    expect(form.get_by_text(told)).to_be_visible()
