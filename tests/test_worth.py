"""What a network is worth, on the page: beside simpler models, and what matters to it."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.page_in_app_test import opened
from tinynet import Settings, importance, rivals, train

QUICK = {"data": "moons", "rows": "20", "test": "0.5", "epochs": "9", "hidden": "3"}
SETTINGS = Settings((3,), data="moons", rows=20, test_share=0.5, epochs=9)


def lines(page: AppTest, first: str) -> list[tuple[str, float, str]]:
    """Return the name, the length in percent and the text of each bar below a first name."""
    line = r'<div>([^<]+)</div><div class="share"><div style="width:([\d.]+)%"></div></div>'
    of_each = (re.findall(rf"{line}<div>([^<]+)</div>", each.value) for each in page.html)
    found = next(each for each in of_each if each and each[0][0] == first)
    return [(name, float(length), text) for name, length, text in found]


def pressed(page: AppTest, label: str, told: str) -> AppTest:
    """Press a button, and wait for the sentence below the result as the browser does."""
    next(each for each in page.button if each.label == label).click().run()
    while not any(told in each.value for each in page.caption):
        page.run()
    assert label not in [each.label for each in page.button]
    return page


@pytest.mark.slow
def test_a_press_shows_the_network_beside_simpler_models() -> None:
    page = pressed(opened(**QUICK), "Compare on 5 splits", "standard deviation of 5 seeds")

    shown = lines(page, "This network")

    expected = rivals(SETTINGS)
    assert [name.lower() for name, _, _ in shown] == [each.name for each in expected]
    assert [text for *_, text in shown] == [
        f"{each.mean:.2f} ± {each.spread:.2f}" for each in expected
    ]
    assert [length for _, length, _ in shown] == pytest.approx(
        [100 * each.mean for each in expected]
    )
    again = opened(**QUICK)  # another visitor, who need not press
    assert lines(again, "This network") == shown


def test_a_press_shows_what_each_column_matters_and_without_test_rows_there_is_none() -> None:
    page = pressed(opened(**QUICK), "Shuffle each column", "when a column is shuffled")

    expected = importance(train(SETTINGS))
    shown = lines(page, expected["column"][0])
    assert [name for name, _, _ in shown] == expected["column"].tolist()
    lost = [f"{mean:.2f} ± {spread:.2f}" for _, mean, spread in expected.itertuples(index=False)]
    assert [text for *_, text in shown] == lost
    told = [each.value for each in opened().caption]
    assert "This is measured on test rows, and there are none. Set *Test rows*." in told
