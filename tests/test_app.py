"""The page's script in Streamlit's own test harness: no browser, every widget."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from tests.oracle import article_loop
from tests.page_in_app_test import components, opened, printed, script_of, stage, with_link
from tests.visitor import losses_of_the_stage
from tinynet import Settings
from tinynet.links.address import read_address


def seen(text: str) -> str:
    """Return the visible text of a message that is escaped against markdown."""
    return text.replace("\\", "").replace("\u2060", "")


def figures(page: AppTest) -> dict[str, str]:
    return {each["label"]: each["value"] for each in stage(page)["figures"]["each"]}


def knobs(page: AppTest) -> dict[str, Any]:
    sliders = [*page.slider, *page.select_slider]
    names = ("hidden", "lr", "epochs", "seed")
    return {slider.key: slider.value for slider in sliders if slider.key in names}


def test_a_tab_chosen_in_the_breath_of_a_slider_is_the_one_that_is_drawn() -> None:
    page = opened()
    page.segmented_control(key="tab").set_value("Code")
    page.select_slider(key="lr").set_value(0.5)
    page.run()

    assert "tinynet_player" not in components(page)
    assert "lr=0.5" in script_of(page)


def test_the_page_opens_on_the_article() -> None:
    page = opened()

    assert not page.exception
    assert not page.warning
    assert knobs(page) == {"hidden": 5, "lr": 0.01, "epochs": 50, "seed": 0}
    assert stage(page)["figures"]["rows"] == 10
    assert figures(page)["Parameters"] == "61"
    assert printed(page) == article_loop([5], 0.01, 50, 0)["losses"]


def test_every_slider_drives_the_training() -> None:
    page = opened()
    page.slider(key="hidden").set_value(7)
    page.select_slider(key="lr").set_value(0.5)
    page.select_slider(key="epochs").set_value(100)
    page.slider(key="seed").set_value(3).run()

    assert printed(page) == article_loop([7], 0.5, 100, 3)["losses"]
    assert figures(page)["Parameters"] == "85"


def test_the_final_loss_is_the_one_after_the_last_update() -> None:
    page = opened(lr="0.5")

    losses = losses_of_the_stage(components(page)["tinynet_player"], stage(page))
    assert losses[-1] == article_loop([5], 0.5, 50, 0)["final_loss"]


def test_the_table_holds_the_predictions() -> None:
    expected = article_loop([5], 0.5, 50, 0)["predictions"]

    table = opened(lr="0.5").dataframe[0].value

    assert table["prediction"].tolist() == [each for (each,) in expected]
    assert set(table["correct"]) <= {"✓", "✖"}


def test_back_to_the_article_puts_every_slider_back() -> None:
    page = opened(hidden="9", lr="0.5", epochs="100", seed="4", forget="true")
    page.button(key="back").click().run()

    assert knobs(page) == {"hidden": 5, "lr": 0.01, "epochs": 50, "seed": 0}
    assert not page.toggle(key="forget").value
    assert printed(page) == article_loop([5], 0.01, 50, 0)["losses"]


@pytest.mark.slow
def test_new_first_weights_are_another_seed_of_theirs_and_nothing_else() -> None:
    page = opened(hidden="9", seed="4")
    before, drawn = knobs(page), []
    for _ in range(5):
        page.button(key="new weights").click().run()
        drawn.append(int(page.query_params["weight_seed"]))
        assert knobs(page) == before
        expected = article_loop([9], 0.01, 50, 4, weight_seed=drawn[-1])
        assert printed(page) == expected["losses"]

    assert all(after != before for before, after in pairwise(drawn))
    assert all(0 <= seed <= 999 for seed in drawn)


def test_the_permalink_means_the_settings_on_the_screen() -> None:
    page = with_link(hidden="9", lr="0.013", seed="4")
    link = next(code.value for code in page.code if "v=2" in code.value)

    assert read_address(parse_qs(urlsplit(link).query)).settings == Settings((9,), 0.013, seed=4)
    assert any("agree to about six digits" in each.value for each in page.caption)


def test_the_permalink_means_the_tab_and_the_epoch_too() -> None:
    page = with_link(tab="Look inside", epoch="7")
    link = next(code.value for code in page.code if "v=2" in code.value)

    assert link.endswith("&tab=Look+inside&epoch=7")


def test_a_value_between_the_stops_stays_while_other_sliders_move() -> None:
    page = opened(lr="0.013", epochs="77")
    page.slider(key="hidden").set_value(6).run()

    assert printed(page) == article_loop([6], 0.013, 77, 0)["losses"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        {"hidden": "abc"},
        {"hidden": "1_0"},
        {"lr": "nan"},
        {"lr": "1e999"},
        {"epochs": "inf"},
        {"epochs": "-5"},
        {"seed": ""},
        {"seed": ["1", "2"]},
        {"device": "tpu"},
        {"hidden": "<script>alert(1)</script>"},
        {"lr": "9" * 20_000},
        {"nonsense": "1"},
    ],
)
def test_a_wrong_address_opens_the_article_with_a_notice(query: dict[str, Any]) -> None:
    page = opened(**query)

    assert not page.exception
    assert len(page.warning) == 1
    assert knobs(page) == {"hidden": 5, "lr": 0.01, "epochs": 50, "seed": 0}


def test_a_notice_stays_until_a_setting_is_changed() -> None:
    page = opened(hidden="abc").run()
    assert page.warning

    page.slider(key="hidden").set_value(6).run()
    assert not page.warning


def test_a_device_that_this_machine_lacks_becomes_the_cpu_with_a_notice() -> None:
    page = opened(device="xpu:7", hidden="6")

    assert not page.exception
    assert "no xpu:7 here" in seen(page.warning[0].value)
    assert printed(page) == article_loop([6], 0.01, 50, 0)["losses"]


def is_told_of_start(page: AppTest) -> bool:
    """Tell whether the page says that the settings came with the data."""
    return any("These settings came with the data" in seen(each.value) for each in page.markdown)


def words_of(page: AppTest) -> str:
    return "\n".join(each.value for each in page.markdown)
