"""The texts of the player, and the data sent to it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser import Server, Shared, in_motion
from tests.oracle import article_loop
from tests.player import leave, opened
from tinynet import Settings, train
from tinynet.links.address import spelled_out
from tinynet.stage.message import PlayerView, packed
from tinynet.training.train import Training


def test_at_rest_it_tells_epoch_loss_and_largest_weights(shared: Shared, server: Server) -> None:
    page = shared(opened, server)
    leave(page)
    page.locator(".player").press("Home")

    first = article_loop([5], 0.01, 1, 0)["losses"][0]
    expect(page.locator(".told")).to_contain_text(
        f"After 0 of 50 epochs the loss is {first:.4f}. Largest weights: "
    )


def test_it_takes_its_colours_from_the_theme_and_fits_a_phone(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 375, "height": 812})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    opened(page, server)

    inks: dict[Any, str] = {"light": "rgb(30, 39, 48)", "dark": "rgb(228, 233, 238)"}
    for theme, ink in inks.items():
        page.emulate_media(color_scheme=theme)
        expect(page.locator(".player")).to_have_css("color", ink)
        box = page.locator(".stage").bounding_box()
        assert box
        assert box["x"] + box["width"] <= 375
        assert box["height"] > 400  # one picture lies below the other

    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1_000)
    state = int(re.findall(r"After (\d+)", page.locator(".where").inner_text())[0])
    assert 1 <= state <= 9  # single steps instead of a film for visitors who prefer reduced motion


def test_the_head_is_json_and_the_film_starts_at_a_multiple_of_four() -> None:
    data = packed(train(Settings(epochs=3)), PlayerView(2))
    length = int.from_bytes(data[:4], "little")

    assert length % 4 == 0
    assert json.loads(data[4 : 4 + length])["state"] == 2


def test_of_a_run_in_progress_it_says_how_far_it_is_and_of_how_many_epochs() -> None:
    training = Training(Settings(epochs=400))
    training.advance(seconds=0)
    data = packed(training.to_run(), None)
    facts = json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])

    assert facts["epochs"][-1] == training.epoch < 400
    assert facts["of"] == 400
    assert facts["name"] != repr(training.settings)  # the finished run has a different film


def test_of_many_rows_only_the_first_are_filmed_and_the_places_of_all_are_sent() -> None:
    run = train(Settings(epochs=3, data="hills", rows=1_000, test_share=0.1))
    data = packed(run, PlayerView(None, opens_epochs=True))
    length = int.from_bytes(data[:4], "little")
    facts = json.loads(data[4 : 4 + length])
    numbers = np.frombuffer(data[4 + length :], np.float32)

    def sent(part: str) -> Any:
        start, shape = facts["field"][part]["start"], facts["field"][part]["shape"]
        start += facts["fieldStart"]
        return numbers[start : start + np.prod(shape)].reshape(shape)

    assert facts["rows"] == 10
    assert facts["x"] == run.inputs[:10].ravel().tolist()
    assert facts["targets"] == run.targets[:10].ravel().tolist()
    assert np.array_equal(sent("points"), run.points)
    assert np.array_equal(sent("targets"), run.targets)
    assert np.array_equal(sent("testPoints"), run.test_points)
    assert np.array_equal(sent("testTargets"), run.test_targets)
    assert len(data) < 20_000


@pytest.mark.parametrize(
    "settings",
    [
        Settings((8, 8), data="moons", activation="tanh"),
        Settings((8,), data="curve", learning_rate=0.1),
        Settings((), data="plane", test_share=0.3),
        Settings((64,) * 6, data="spiral", epochs=20),
    ],
    ids=str,
)
def test_the_page_shows_and_plays_any_network(
    page: Page, server: Server, settings: Settings
) -> None:
    page.goto(f"{server.address}?{urlencode(spelled_out(settings))}")
    shown = page.locator(".where")
    expect(shown).to_contain_text(f"loss {train(settings).final_loss:.4f}")

    in_motion(page).locator(".player").press("Home")
    expect(shown).to_contain_text(f"After 0 of {settings.epochs} epochs")
    page.get_by_role("button", name="Play").click()
    expect(shown).not_to_contain_text("After 0 of")
    page.locator(".player").press("End")  # pauses too; a large film may have ended meanwhile

    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(shown).to_contain_text(f"After {settings.epochs} of")
