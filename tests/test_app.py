"""The page's script, run by Streamlit's own test harness: no browser, every widget."""

from __future__ import annotations

import json
import logging
import time
from html import unescape
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from tests.browser import PAGE
from tests.oracle import article_loop
from tests.visitor import facts_of, losses_of_the_stage
from tinynet import Run, Settings
from tinynet.export import to_script
from tinynet.links.address import read_address
from tinynet.training.train import Training
from tinynet.ui import seen as seen_runs
from tinynet.ui.runs import STORE
from tinynet.ui.sidebar.sidebar import MORE
from tinynet.ui.story.share import OPEN


def opened(**query: str | list[str]) -> AppTest:
    """Open the page with these parameters in its address."""
    page = AppTest.from_file(PAGE, default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    return to_the_end(page.run())


def to_the_end(page: AppTest) -> AppTest:
    """Ask for more of a long run, as the browser does, until it has come to its end."""
    while any('role="progressbar"' in each.value for each in page.html):
        page.run()
    return page


def with_link(**query: str) -> AppTest:
    """Open the page, and on it the link to share."""
    page = opened(**query)
    page.session_state[OPEN] = True
    return page.run()


def seen(text: str) -> str:
    """Return what one sees of a text that is kept from being read as markdown."""
    return text.replace("\\", "").replace("\u2060", "")


def stage(page: AppTest) -> dict[str, Any]:
    """Return the facts that the stage was given, before its numbers."""
    return facts_of(components(page)["tinynet_player"])


def figures(page: AppTest) -> dict[str, str]:
    return {each["label"]: each["value"] for each in stage(page)["figures"]["each"]}


def knobs(page: AppTest) -> dict[str, Any]:
    sliders = [*page.slider, *page.select_slider]
    names = ("hidden", "lr", "epochs", "seed")
    return {slider.key: slider.value for slider in sliders if slider.key in names}


def printed(page: AppTest) -> list[float]:
    return [float(line.rpartition("  ")[2]) for line in plain_text(page, "epoch:").splitlines()]


def plain_text(page: AppTest, start: str) -> str:
    """Return the text of the box that begins so."""
    boxes = (box.value.partition(">")[2].removesuffix("</pre>") for box in page.html)
    return unescape(next(box for box in boxes if box.startswith(start)))


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
    assert "Anyone with this link sees this exact run." in words_of(page)
    assert any("agree to about six digits" in each.value for each in page.caption)


def test_the_permalink_means_the_tab_and_the_epoch_too() -> None:
    page = with_link(tab="Look inside", epoch="7")
    link = next(code.value for code in page.code if "v=2" in code.value)

    assert link.endswith("&tab=Look+inside&epoch=7")


def test_a_value_between_the_stops_stays_while_other_sliders_move() -> None:
    page = opened(lr="0.013", epochs="77")
    page.slider(key="hidden").set_value(6).run()

    assert printed(page) == article_loop([6], 0.013, 77, 0)["losses"]


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


def test_a_failed_run_is_a_sentence_for_the_visitor_and_a_log_line_for_the_host(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr(Training, "advance", fail)
    with caplog.at_level(logging.ERROR):
        page = opened(hidden="33", seed="31")

    assert not page.exception
    assert "could not be trained" in page.error[0].value
    assert "hidden_units=(33,)" in caplog.text
    assert "no memory" in caplog.text

    monkeypatch.undo()
    assert not page.slider(key="hidden").set_value(6).run().error


def test_the_link_means_the_settings_on_the_screen_also_where_their_run_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = with_link(tab="Look inside", epoch="40", hidden="34")
    monkeypatch.setattr(Training, "advance", None)
    page.select_slider(key="epochs").set_value(10).run()
    link = next(code.value for code in page.code if "v=2" in code.value)
    address = read_address(parse_qs(urlsplit(link).query))

    assert page.error
    assert address.notices == ()
    assert address.settings == Settings((34,), epochs=10)


def rested_on(monkeypatch: pytest.MonkeyPatch, *, rested: bool) -> None:
    """Have every run count as looked at from now on, or none."""
    monkeypatch.setattr(seen_runs, "LONG_ENOUGH", 0 if rested else 60)


def test_the_run_before_is_the_last_that_the_visitor_rested_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = opened(hidden="6")
    assert "before: " not in chart_of(page)
    rested_on(monkeypatch, rested=True)
    page.slider(key="hidden").set_value(7).run()
    assert "before: hidden units 6" in chart_of(page)

    rested_on(monkeypatch, rested=False)
    for flown_over in (8, 9, 10):
        page.slider(key="hidden").set_value(flown_over).run()
    assert "before: hidden units 6" in chart_of(page)

    rested_on(monkeypatch, rested=True)
    page.slider(key="hidden").set_value(6).run()
    assert "before: hidden units 10" in chart_of(page)


def test_a_run_is_not_compared_with_its_own_first_part(monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(hidden="6")
    rested_on(monkeypatch, rested=True)
    page.button(key="train_on").click().run()
    assert "before: " not in chart_of(page)

    page.button(key="undo").click().run()
    assert "before: epochs 100" in chart_of(page)


def test_a_run_is_never_compared_with_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(hidden="6")
    rested_on(monkeypatch, rested=True)
    page.slider(key="hidden").set_value(7).run()
    rested_on(monkeypatch, rested=False)
    page.slider(key="hidden").set_value(6).run()

    assert "before: " not in chart_of(page)


@pytest.mark.parametrize(("key", "value"), [("data", "circles"), ("loss", "l1")])
def test_a_run_on_other_data_or_of_another_loss_is_no_run_before(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str
) -> None:
    page = opened(data="moons")
    page.session_state[MORE] = True
    page.run()
    rested_on(monkeypatch, rested=True)
    page.selectbox(key=key).set_value(value).run()
    assert "before" not in chart_of(page)

    page.slider(key="hidden").set_value(7).run()
    assert "before: hidden units" in chart_of(page)


def test_a_long_printout_is_cut_in_the_middle() -> None:
    page = opened(epochs="5000")
    lines = plain_text(page, "epoch:").splitlines()

    assert len(lines) == 1_001
    losses = article_loop([5], 0.01, 5_000, 0)["losses"]
    whole = [f"epoch:  {epoch}  loss:  {loss}" for epoch, loss in enumerate(losses)]
    assert lines == [*whole[:500], "… 4,000 lines …", *whole[4_500:]]
    assert "All 5,000 lines" in [each.proto.label for each in page.get("download_button")]


def test_the_page_takes_its_runs_from_the_store_of_the_server() -> None:
    opened(hidden="11")

    assert isinstance(STORE.find(Settings((11,))), Run)


def is_told_of_start(page: AppTest) -> bool:
    """Tell whether the page says that the settings came with the data."""
    return any("These settings came with the data" in seen(each.value) for each in page.caption)


def script_of(page: AppTest) -> str:
    return next(code.value for code in page.code if code.value.startswith("import torch")) + "\n"


def test_the_code_tab_shows_the_script_of_the_settings_in_both_forms() -> None:
    page = opened(tab="Code", hidden="9", seed="4")
    assert script_of(page) == to_script(Settings((9,), seed=4))

    page.segmented_control(key="form").set_value("Class").run()
    assert script_of(page) == to_script(Settings((9,), seed=4), "class")

    page.select_slider(key="lr").set_value(0.5).run()
    assert script_of(page) == to_script(Settings((9,), 0.5, seed=4), "class")


@pytest.mark.parametrize("form", ["Sequential", "Class"])
def test_run_it_here_says_that_the_losses_are_the_charts_and_shows_them(form: str) -> None:
    page = opened(tab="Code", hidden="20")
    page.segmented_control(key="form").set_value(form).run()
    page.button(key="prove").click().run()

    assert any("50 of 50 losses identical to the chart" in each.value for each in page.markdown)
    assert printed(page) == article_loop([20], 0.01, 50, 0)["losses"]

    page.slider(key="hidden").set_value(21).run()
    assert not any("identical" in each.value for each in page.markdown)


def test_a_script_that_fails_here_is_a_sentence_and_a_log_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    page = opened(tab="Code")
    monkeypatch.setattr("tinynet.export.to_script", lambda *_: "raise RuntimeError('no memory')")
    page.button(key="prove").click().run()

    assert not page.exception
    assert "could not be run here" in page.error[0].value
    assert any("no memory" in code.value for code in page.code)  # the script is still there
    assert "no memory" in caplog.text


def words_of(page: AppTest) -> str:
    return "\n".join(each.value for each in page.markdown)


def test_a_shorter_run_takes_the_epoch_along_to_its_last() -> None:
    page = opened(tab="Look inside", epoch="40")
    page.select_slider(key="epochs").set_value(10).run()
    assert page.number_input(key="epoch").value == 9


def test_a_run_of_one_epoch_has_no_slider_and_needs_none() -> None:
    page = opened(tab="Look inside", epoch="40")
    page.select_slider(key="epochs").set_value(1).run()
    assert not page.exception

    page.slider(key="hidden").set_value(1).run()
    assert not page.exception


def test_a_forgotten_zero_grad_drives_the_run_and_is_told_in_every_tab() -> None:
    page = opened(lr="0.1")
    page.toggle(key="forget").set_value(True).run()
    expected = article_loop([5], 0.1, 50, 0, zero_gradients=False)["losses"]

    assert printed(page) == expected
    assert "Missing here: optimizer.zero_grad()" in plain_text(page, "for epoch")
    assert "optimizer.zero_grad()" not in script_of(opened(tab="Code", forget="true")).replace(
        "# Missing here: optimizer.zero_grad()", ""
    )
    inside = opened(tab="Look inside", forget="true", epoch="3")
    assert b"holds the sum of the gradients" in components(inside)["tinynet_lines"]


def test_a_row_picked_inside_takes_the_server_less_than_100_ms() -> None:
    page = opened(tab="Look inside", epoch="7")
    times = []
    for number in range(15):
        start = time.process_time()  # the same on a busy machine
        page.segmented_control(key="row").set_value(number % 10).run()
        times.append(time.process_time() - start)

    assert sorted(times)[len(times) // 2] < 0.1


def test_only_the_open_tab_is_drawn() -> None:
    assert not opened().get("popover")[1:]
    assert components(opened()).keys() == {
        *("tinynet_asking", "tinynet_history", "tinynet_player"),
    }
    assert components(opened(tab="Code")).keys() == {"tinynet_asking", "tinynet_history"}


def chart_of(page: AppTest) -> str:
    return json.dumps(stage(page)["chart"])


def components(page: AppTest) -> dict[str, bytes]:
    """Return what each component on the page was given."""
    drawn = (each.proto for each in page.get("bidi_component"))
    return {each.component_name: each.bytes for each in drawn}
