"""The page without a browser: runs, comparisons, tabs."""

from __future__ import annotations

import json
import logging
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from tests.oracle import article_loop
from tests.page_in_app_test import (
    components,
    opened,
    plain_text,
    printed,
    script_of,
    stage,
    with_link,
)
from tests.visitor import facts_of
from tinynet import Run, Settings
from tinynet.export import to_script
from tinynet.links.address import read_address
from tinynet.training.train import Training
from tinynet.ui import seen as seen_runs
from tinynet.ui.runs import STORE
from tinynet.ui.sidebar.sidebar import MORE


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
    """Make every run count as looked at from now on, or none."""
    monkeypatch.setattr(seen_runs, "LONG_ENOUGH", 0 if rested else 60)


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_long_printout_is_cut_in_the_middle() -> None:
    page = opened(epochs="2000")
    lines = plain_text(page, "epoch:").splitlines()

    assert len(lines) == 1_001
    losses = article_loop([5], 0.01, 2_000, 0)["losses"]
    whole = [f"epoch:  {epoch}  loss:  {loss}" for epoch, loss in enumerate(losses)]
    assert lines == [*whole[:500], "… 1,000 lines …", *whole[1_500:]]
    assert "All 2,000 lines" in [each.proto.label for each in page.get("download_button")]


def test_the_page_takes_its_runs_from_the_store_of_the_server() -> None:
    opened(hidden="11")

    assert isinstance(STORE.find(Settings((11,))), Run)


def test_the_code_tab_shows_the_script_of_the_settings_in_both_forms() -> None:
    page = opened(tab="Code", hidden="9", seed="4")
    assert script_of(page) == to_script(Settings((9,), seed=4))

    page.segmented_control(key="form").set_value("Class").run()
    assert script_of(page) == to_script(Settings((9,), seed=4), "class")

    page.select_slider(key="lr").set_value(0.5).run()
    assert script_of(page) == to_script(Settings((9,), 0.5, seed=4), "class")


@pytest.mark.slow
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
    assert any("no memory" in code.value for code in page.code)  # the script is still shown
    assert "no memory" in caplog.text


def test_a_shorter_run_takes_the_epoch_along_to_its_last() -> None:
    page = opened(tab="Look inside", epoch="40")
    page.select_slider(key="epochs").set_value(10).run()
    assert facts_of(components(page)["tinynet_lines"])["epoch"] == 9


def test_a_run_of_one_epoch_can_be_opened() -> None:
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


@pytest.mark.slow
def test_a_row_picked_inside_takes_the_server_less_than_100_ms() -> None:
    page = opened(tab="Look inside", epoch="7")
    times = []
    for number in range(15):
        start = time.process_time()  # independent of the load on the machine
        page.segmented_control(key="row").set_value(number % 10).run()
        times.append(time.process_time() - start)

    assert sorted(times)[len(times) // 2] < 0.1


def test_only_the_open_tab_is_drawn() -> None:
    assert not opened().get("popover")[1:]
    assert components(opened()).keys() == {
        *("tinynet_asking", "tinynet_data_picker", "tinynet_history", "tinynet_player"),
    }
    assert components(opened(tab="Code")).keys() == {
        *("tinynet_asking", "tinynet_data_picker", "tinynet_history"),
    }


def chart_of(page: AppTest) -> str:
    return json.dumps(stage(page)["chart"])
