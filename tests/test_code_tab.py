"""The code tab: its texts about the script, before and after it has run here."""

from __future__ import annotations

import pytest

from tests.oracle import article_loop
from tests.page_in_app_test import opened, printed
from tests.test_app import words_of
from tinynet import Settings, export
from tinynet.export import to_script

TEXT = "*Run it here* runs exactly this code and compares its output with the chart."


def test_before_it_has_run_it_says_what_running_does() -> None:
    assert TEXT in words_of(opened(tab="Code", hidden="20"))


def test_after_it_has_run_a_tick_stands_before_the_verdict() -> None:
    page = opened(tab="Code", hidden="20")
    page.button(key="prove").click().run()

    verdict = "**50 of 50 losses identical to the chart.** The server ran exactly the code below."
    assert f":material/check_circle: {verdict}" in words_of(page)
    assert TEXT not in words_of(page)


def test_a_script_that_prints_something_else_is_warned_of_and_its_own_lines_are_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = to_script(Settings((20,), 0.02))
    monkeypatch.setattr(export, "to_script", lambda *_: other)
    page = opened(tab="Code", hidden="20")
    page.button(key="prove").click().run()

    assert (
        ":material/warning: **1 of 50 losses identical to the chart; different in epoch 1, 2, 3, "
        in (words_of(page))
    )
    assert printed(page) == article_loop([20], 0.02, 50, 0)["losses"]


def test_the_line_that_loads_the_weights_names_their_file() -> None:
    page = opened(tab="Code", hidden="9", seed="4")
    (line,) = (each.value for each in page.code if "load_state_dict" in each.value)

    stem = "tinynet_hidden9_lr0.01_epochs50_cpu_seed4"
    assert line == f'model.load_state_dict(torch.load("{stem}.pt", weights_only=True))'
    labels = [each.proto.label for each in page.get("download_button")]
    assert labels == [
        *("The script (.py)", "The notebook (.ipynb)"),
        *("The trained weights (.pt)", "The network for tinynet.load (.safetensors)"),
        *("The living picture (.html)", "The losses (.csv)"),
    ]
