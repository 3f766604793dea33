"""The sidebar: each control says what it does, and a new start is never today's."""

from __future__ import annotations

import secrets

import pytest

from tests.test_app import knobs, opened
from tinynet.devices import processor

MEANINGS = {
    "Hidden units": "How many neurons this hidden layer has. ",
    "Learning rate": "How far each update follows the gradient downhill. ",
    "Epochs": "How many times the network sees all the training rows.",
    "Seed": "The number that PyTorch's dice start from: it decides the data, which rows are for ",
}


def test_every_slider_says_what_it_turns() -> None:
    page = opened()
    helps = {each.label: each.help for each in (*page.slider, *page.select_slider)}

    for label, meaning in MEANINGS.items():
        assert helps[label].startswith(meaning)


def test_the_only_device_is_named_and_what_it_is() -> None:
    caption = next(each for each in opened().caption if each.value.startswith("Device"))

    assert caption.value == "Device: cpu, the only one here"
    assert caption.help == f"Where the tensors live and the training runs: {processor()}."


@pytest.mark.parametrize(("drawn", "seed"), [(0, 0), (6, 6), (7, 8), (998, 999)])
def test_a_new_start_leaves_out_todays_seed_and_no_other(
    monkeypatch: pytest.MonkeyPatch, drawn: int, seed: int
) -> None:
    page = opened(seed="7")
    below: list[int] = []

    def draw(count: int) -> int:
        below.append(count)
        return drawn

    monkeypatch.setattr(secrets, "randbelow", draw)
    page.button(key="new seed").click().run()

    assert knobs(page)["seed"] == seed
    assert below == [999]  # of a thousand seeds, one is today's
