"""Files on the page: uploaded, refused, named by a link, and forgotten at the end of the visit."""

from __future__ import annotations

import logging

import pytest
from streamlit.testing.v1 import AppTest

from tests.combinations import run_beside_its_file
from tests.file_panel import OWN, asked_for_a_file, bring, refusal_of
from tests.frames import MIXED, sheet_of
from tests.page_in_app_test import opened, printed
from tests.test_app import is_told_of_start
from tinynet import Settings, Table, table, to_script
from tinynet.settings import DATA
from tinynet.ui.session import VISIT
from tinynet.ui.sidebar.file_actions import OPEN
from tinynet.ui.sidebar.file_panel import labels_of


def unfolded(page: AppTest) -> AppTest:
    """Open the panel, which the harness closes in every run."""
    page.session_state[OPEN] = True
    return page


def test_a_file_that_is_brought_is_trained_on_and_its_script_prints_the_losses() -> None:
    page = asked_for_a_file()
    assert len(printed(page)) == 50  # the previous run stays until the upload

    bring(page, OWN)

    assert not page.error
    settings = Settings(
        *((16, 16), 0.03, 100),
        data=table(sheet_of(OWN, "own.csv"), target="kind"),
        activation="tanh",
        optimizer="adam",
        l2=0.001,
        test_share=0.3,
    )
    lines = run_beside_its_file(settings, to_script(settings))
    assert [f"{each}" for each in printed(page)] == [line.rpartition("  ")[2] for line in lines]
    assert page.selectbox(key="file target").value == "kind"
    assert "28 training rows" in "".join(each.value for each in page.markdown)


def test_a_file_brings_its_settings_along_which_is_told_and_can_be_undone() -> None:
    page = opened(lr="0.5")
    bring(page.selectbox(key=DATA.parameter).select(Table.kind).run(), OWN)

    assert is_told_of_start(page)
    page.button(key="undo").click().run()
    data = table(sheet_of(OWN, "own.csv"), target="kind")
    assert page.session_state[VISIT].settings == Settings(learning_rate=0.5, data=data)
    assert not is_told_of_start(page)


@pytest.mark.slow
def test_another_file_brings_them_too_but_another_target_leaves_the_knobs_alone() -> None:
    page = bring(asked_for_a_file(), OWN)
    page.select_slider(key="epochs").set_value(20).run()
    unfolded(page).run().selectbox(key="file target").select("size").run()
    assert page.session_state[VISIT].settings.epochs == 20
    assert not is_told_of_start(page)

    bring(unfolded(page).run(), MIXED, "mixed.csv")

    data = table(sheet_of(MIXED), target="price")
    assert page.session_state[VISIT].settings == Settings.starting(data)
    assert is_told_of_start(page)


@pytest.mark.slow
def test_target_task_and_inputs_can_be_changed() -> None:
    page = bring(asked_for_a_file(), OWN)

    page.selectbox(key="file target").select("height").run()
    assert page.query_params["data"].endswith(".1.5.multiclass")
    assert page.session_state[OPEN]  # the panel stays open to show the result
    unfolded(page).run().multiselect(key="file inputs").set_value(["size"]).run()
    assert page.query_params["data"].endswith(".1.1.multiclass")
    unfolded(page).run().multiselect(key="file inputs").set_value([])
    page.session_state[OPEN] = True
    page.run()
    assert "There is no column to learn from" in refusal_of(page)
    assert page.query_params["data"].endswith(".1.1.multiclass")


def test_the_task_follows_the_rows_that_other_inputs_leave() -> None:
    rows = "".join(f"{n % 11},{n % 7},{'pq'[n % 2]}\n" for n in range(40))
    page = bring(asked_for_a_file(), f"x,z,t\n{rows},3,r\n")
    assert page.query_params["data"].endswith(".3.binary")

    unfolded(page).run().multiselect(key="file inputs").set_value(["z"]).run()

    assert page.query_params["data"].endswith(".2.multiclass")


GAPPED = "w,x,z,t\n" + "".join(
    f"{n},{'' if n % 2 else n},{n % 7 if n % 2 else ''},{'pq'[n % 3 % 2]}\n"
    for n in range(39, -1, -1)
)


@pytest.mark.slow
def test_where_all_columns_leave_no_row_one_is_the_input_and_others_can_be_picked() -> None:
    page = bring(asked_for_a_file(), GAPPED)

    assert "0 can be used" in refusal_of(page)
    assert "The only input for now is “w”" in refusal_of(page)
    unfolded(page).run().multiselect(key="file inputs").set_value(["x"]).run()
    assert not page.error
    assert page.query_params["data"].endswith(".3.2.binary")


@pytest.mark.slow
def test_another_target_that_all_columns_cannot_tell_has_one_input_too() -> None:
    page = bring(asked_for_a_file(), GAPPED)

    unfolded(page).run().selectbox(key="file target").select("x").run()

    assert "The only input for now is “w”" in refusal_of(page)
    assert page.query_params["data"].endswith(".1.1.regression")


def test_a_target_that_nothing_tells_is_not_begun_on() -> None:
    rows = "".join(f"{n},{n % 7},\n" for n in range(30)) + ",,1\n,,2\n"

    page = bring(asked_for_a_file(), "x,z,t\n" + rows)

    assert not page.error
    assert page.query_params["data"].endswith(".1.1.multiclass")


def test_columns_that_would_look_alike_are_numbered_and_none_is_lost() -> None:
    long = "how many of them there are, counted in "
    rows = "".join(f"{n},{n % 7},{n % 5},{n % 3},{'ab'[n % 2]}\n" for n in range(39, -1, -1))
    page = bring(asked_for_a_file(), f'"{long}1","{long}2",a," a",kind\n' + rows)

    inputs = unfolded(page).run().multiselect(key="file inputs")

    assert inputs.value == [f"{long}1", f"{long}2", "a", " a"]
    assert len(set(inputs.options)) == 4
    assert [each[:3] for each in inputs.options] == ["1. ", "2. ", "3. ", "4. "]


def test_columns_that_look_different_bear_their_names_alone() -> None:
    assert labels_of(["a", "2. b"]) == {"a": "a", "2. b": "2. b"}


def test_a_file_that_is_no_table_is_refused_and_the_run_stays(
    caplog: pytest.LogCaptureFixture,
) -> None:
    page = asked_for_a_file()
    before = printed(page)

    with caplog.at_level(logging.DEBUG):
        bring(page, b"secret,b\n1,2,3\n")

    assert refusal_of(page).startswith("Row 1 has 3 fields; the first row names 2 columns.")
    assert printed(page) == before
    assert "secret" not in caplog.text


SEVERAL_WAYS = "when,size,answer\n" + "".join(
    f"2024-01-{n + 1:02},{n % 7 or ''},{('Yes', 'yes ', 'no')[n % 3]}\n" for n in range(28)
)


@pytest.mark.slow
def test_what_can_be_read_in_several_ways_is_a_choice() -> None:
    page = bring(asked_for_a_file(), SEVERAL_WAYS)
    assert page.query_params["data"].endswith(".2.3.binary.t")

    unfolded(page).run().segmented_control(key="file gaps").set_value("fill").run()
    assert page.query_params["data"].endswith(".2.3.binary.ft")
    unfolded(page).run().segmented_control(key="file words").set_value("exact").run()
    assert page.query_params["data"].endswith(".2.3.multiclass.ftx")
    unfolded(page).run().multiselect(key="file dates").set_value(["weekday"]).run()
    assert page.query_params["data"].endswith(".2.3.multiclass.fkntx")
