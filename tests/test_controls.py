"""The sidebar: each control has an explanation, and a new seed differs from the current one."""

from __future__ import annotations

import secrets

import pytest

from tests.page_in_app_test import opened
from tests.test_app import knobs
from tinynet.training.devices import processor

MEANINGS = {
    "Hidden units": "The number of units in this hidden layer. ",
    "Learning rate": "The size of each update. ",
    "Epochs": "How many times training goes through all training rows.",
    "Seed": "Seeds PyTorch's random generator, which draws the data",
}


def test_every_slider_says_what_it_turns() -> None:
    page = opened()
    helps = {each.label: each.help for each in (*page.slider, *page.select_slider)}

    for label, meaning in MEANINGS.items():
        assert helps[label].startswith(meaning)


def test_the_only_device_is_named_and_what_it_is() -> None:
    caption = next(each for each in opened().caption if each.value.startswith("Runs on"))

    assert caption.value == "Runs on the CPU"
    assert caption.help == f"The only device of this server: {processor()}."


def test_the_button_for_a_new_start_says_which_of_the_two_it_draws() -> None:
    button = opened().button(key="new weights")

    assert button.label == "New initial weights"
    assert button.help == "Keeps the data and draws new initial weights. *Seed* draws both anew."


@pytest.mark.slow
@pytest.mark.parametrize(("drawn", "seed"), [(0, 0), (6, 6), (7, 8), (998, 999)])
@pytest.mark.parametrize("query", [{"seed": "7"}, {"seed": "3", "weight_seed": "7"}], ids=str)
def test_a_new_start_leaves_out_todays_seed_and_no_other(
    monkeypatch: pytest.MonkeyPatch, query: dict[str, str], drawn: int, seed: int
) -> None:
    page = opened(**query)
    below: list[int] = []

    def draw(count: int) -> int:
        below.append(count)
        return drawn

    monkeypatch.setattr(secrets, "randbelow", draw)
    page.button(key="new weights").click().run()

    assert page.query_params["weight_seed"] == str(seed)
    assert str(knobs(page)["seed"]) == query["seed"]
    assert below == [999]  # one of a thousand seeds is the current one
