"""A visitor's own data on the page: in the address, and in the list of data sets."""

from __future__ import annotations

from tests.forks import run_fresh
from tests.page_in_app_test import opened, printed
from tests.test_app import seen
from tests.test_painting import THREE, TWO
from tinynet import Settings, to_script
from tinynet.settings import DATA
from tinynet.stage.user_data import STARTER


def test_a_link_opens_a_painting_and_back_from_other_data_leads_to_it() -> None:
    losses = run_fresh(to_script(Settings(data=THREE)))

    page = opened(data=THREE.text())
    assert not page.warning
    assert page.selectbox(key=DATA.parameter).value == "painting"
    assert [f"epoch:  {epoch}  loss:  {loss}" for epoch, loss in enumerate(printed(page))] == losses

    page.selectbox(key=DATA.parameter).select("moons").run()
    assert page.query_params["data"] == "moons"
    page.selectbox(key=DATA.parameter).select("painting").run()
    assert page.query_params["data"] == THREE.text()


def test_who_has_painted_nothing_yet_can_begin_with_a_few_points() -> None:
    page = opened()
    page.selectbox(key=DATA.parameter).select("painting").run()

    assert page.query_params["data"] == STARTER.text()
    assert len(page.dataframe[0].value) == len(STARTER.points)


def test_a_link_that_spells_no_painting_opens_on_the_article_and_says_so() -> None:
    page = opened(data=TWO.text()[:-1])

    assert page.selectbox(key=DATA.parameter).value == "dummy"
    assert "Data: the link says something unreadable" in seen(page.warning[0].value)


def test_own_data_stand_behind_the_articles_batch_not_at_the_end_of_a_long_list() -> None:
    options = opened().selectbox(key=DATA.parameter).options

    assert options[:4] == ["The article's batch", "A file, digits, iris…", "Painting", "XOR"]
