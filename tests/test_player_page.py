"""The player on the page: keys, clicks, hovering."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser import Server, Shared, in_motion, settled, slider
from tests.oracle import article_loop
from tests.player import leave, opened, where
from tinynet import Settings, train
from tinynet.stage.message import packed
from tinynet.training.film import film


def test_each_button_says_what_it_does_and_by_which_key(shared: Shared, server: Server) -> None:
    page = in_motion(shared(opened, server))
    for name, key in (("One step back", "arrow left"), ("One step on", "arrow right")):
        title = page.get_by_role("button", name=name).get_attribute("title")
        assert title
        assert title.startswith(f"{name} ({key}")

    play = page.locator(".play")
    expect(play).to_have_attribute("title", "Play (space)")
    play.click()
    expect(play).to_have_attribute("title", "Pause (space)")
    expect(play).to_have_attribute("aria-label", "Pause")
    play.click()


def test_keys_play_step_and_jump(shared: Shared, server: Server) -> None:
    page = in_motion(shared(opened, server))
    player = page.locator(".player")

    for key, state in (
        ("Home", 0),
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", 49),
    ):
        player.press(key)
        expect(page.locator(".where")).to_have_text(where(state))
        settled(page)  # the number of the epoch follows, and may lead back if it comes late
    player.press("Home")
    player.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    player.press(" ")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_player_and_number_follow_each_other_to_where_they_have_been(
    shared: Shared, server: Server
) -> None:
    page = shared(opened, server, "&lr=0.5")
    player, shown = page.locator(".player"), page.locator(".where")
    number = page.get_by_label("Epoch, 0 to")
    for _ in range(2):
        player.press("End")
        expect(number).to_have_value("49")
        number.fill("0")
        number.press("Enter")
        expect(shown).to_have_text(where(0, rate=0.5))
        player.press("ArrowRight")
        expect(number).to_have_value("1")
        number.press("ArrowDown")
        expect(shown).to_have_text(where(0, rate=0.5))
        number.press("ArrowUp")
        expect(shown).to_have_text(where(1, rate=0.5))


def test_a_whole_run_plays_in_about_eight_seconds_and_stops_at_its_end(
    shared: Shared, server: Server
) -> None:
    page = in_motion(shared(opened, server))
    page.locator(".player").press("End")

    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(4_000)
    middle = int(re.findall(r"After (\d+)", page.locator(".where").inner_text())[0])

    assert 10 <= middle <= 45
    expect(page.get_by_role("button", name="Play")).to_be_visible(timeout=8_000)
    expect(page.locator(".where")).to_have_text(where(49))


def test_it_starts_paused_at_the_last_epoch_and_a_setting_changes_the_run_in_place(
    page: Page, server: Server
) -> None:
    opened(page, server)
    expect(page.locator(".where")).to_have_text(where(49))  # the start of the last epoch
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(page.locator(".lines[data-update='49']")).to_be_visible()

    page.locator(".player").evaluate("e => { e.mark = 1; }")
    slider(page, "Learning rate").press("ArrowRight")
    expect(page.locator(".where")).to_have_text(where(49, rate=0.02))
    page.locator(".player").press("ArrowDown")
    settled(page)
    for units in (6, 7):
        slider(page, "Hidden units").press("ArrowRight")
        expect(page.locator(f".player[data-run*='({units},)']")).to_be_visible()
        settled(page)
    for _ in range(2):
        slider(page, "Hidden units").press("ArrowLeft")
        settled(page)
    slider(page, "Epochs").press("ArrowRight")
    expect(page.locator(".where")).to_have_text(where(99, epochs=100, rate=0.02))

    for _ in range(3):
        page.locator(".player").press("ArrowLeft")
    page.wait_for_url("**epoch=96**")
    settled(page)
    slider(page, "Learning rate").press("ArrowLeft")
    expect(page.locator(".where")).to_have_text(where(96, epochs=100))
    assert page.locator(".player").evaluate("e => e.mark") == 1


def test_hovering_shows_the_numbers_of_a_node(shared: Shared, server: Server) -> None:
    page = shared(opened, server, "&lr=0.5")
    page.locator(".player").press("End")
    page.get_by_label("Row of the batch that fills the nodes").select_option("mean")
    stage = page.locator(".stage")
    box = stage.bounding_box()
    assert box
    gap = (320 - 28) / 5

    stage.hover(position={"x": box["width"] * 0.28, "y": 22 + gap * 1.5})

    run = train(Settings(learning_rate=0.5))
    bias = run.checkpoints.parameters[1][49][1]  # the start of the last epoch
    expect(page.locator(".tip")).to_contain_text("hidden 1, mean of the batch")
    expect(page.locator(".tip")).to_contain_text(f"bias  {bias:.4f}")


def test_a_unit_that_is_picked_is_followed_and_picked_in_the_arithmetic_too(
    page: Page, server: Server
) -> None:
    opened(page, server, "&lr=0.5&epoch=20")
    box = page.locator(".stage").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.28, box["y"] + 22 + (320 - 28) / 5 * 1.5)

    knobs: dict[str, Any] = {"hidden_units": [5], "learning_rate": 0.5, "seed": 0}
    now, after = (article_loop(epochs=epochs, **knobs)["last epoch"] for epochs in (21, 22))
    bias, gradient, moved = now["before"][1][1], now["gradients"][1][1], after["before"][1][1]
    assert gradient > 0  # otherwise it is in brackets
    expect(page.locator(".story")).to_have_text(
        f"Bias of hidden 1: {bias:.4f} after 20 epochs, its gradient {gradient:.4f}. The next "
        f"step: w - lr × grad = {bias:.4f} - 0.5 × {gradient:.4f} = {moved:.4f}."
    )
    expect(page.locator(".st-key-unit").get_by_role("slider")).to_have_value("1")
    expect(page.locator(".history")).to_be_visible()

    page.locator(".player").press("Escape")
    expect(page.locator(".story")).to_be_hidden()


def test_it_says_how_far_apart_its_states_are_and_clicks_on_an_answer_pick_and_let_go_its_row(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.address}?epochs=1000")
    expect(page.locator(".where")).to_contain_text("one in 8 shown")
    settled(page)
    picker = page.get_by_label("Row of the batch that fills the nodes")
    box = page.locator(".stage").bounding_box()
    assert box
    x, tall = box["x"] + box["width"] * 0.8, (box["height"] - 22) / 10

    page.mouse.click(x, box["y"] + 20 + min(42, tall) * 4.4)
    expect(picker).to_have_value("4")
    page.mouse.click(x, box["y"] + 20 + min(42, tall) * 4.4)
    expect(picker).to_have_value("mean")


def test_a_row_is_picked_in_picture_and_arithmetic_alike(shared: Shared, server: Server) -> None:
    page = shared(opened, server, "&lr=0.5")
    rows = page.get_by_role("radiogroup", name="Row of the batch")
    picker = page.get_by_label("Row of the batch that fills the nodes")

    picker.select_option("4")
    expect(rows.get_by_role("radio", name="4")).to_be_checked()
    rows.get_by_text("7").click()
    expect(picker).to_have_value("7")


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        (Settings(), True),
        (Settings(schedule="cosine"), True),
        (Settings(last_layer_rate=20), True),
        (Settings(zero_gradients=False), True),
        (Settings(optimizer="adam"), False),
        (Settings(l2=0.1), False),
        (Settings(clip=0.1), False),
        (Settings(batch_size=3), False),
        (Settings(epochs=1_000), False),  # not every state is kept
    ],
    ids=str,
)
def test_the_rule_of_a_step_is_told_where_it_gives_the_next_number(
    settings: Settings, rule: bool
) -> None:
    run = train(settings)
    sent = packed(run, None)
    facts = json.loads(sent[4 : 4 + int.from_bytes(sent[:4], "little")])
    groups = facts["rates"], facts["lastLayersRates"]
    assert [rates is not None for rates in groups] == [rule, rule]
    if rule:
        reel = film(run)
        others, last = (np.array(rates, np.float32)[:-1, None] for rates in groups)
        rates = np.concatenate([others.repeat(55, axis=1), last.repeat(6, axis=1)], axis=1)
        steps = rates * reel.gradients[:-1]
        assert reel.parameters[1:] == pytest.approx(reel.parameters[:-1] - steps, abs=1e-6)


def test_the_nodes_can_be_walked_by_keys_and_are_told(shared: Shared, server: Server) -> None:
    page = shared(opened, server)
    player = page.locator(".player")
    leave(page)
    for _ in range(2):
        player.press("ArrowDown")

    expect(page.locator(".tip")).to_contain_text("input 1")
    expect(page.locator(".told")).to_contain_text("input 1")
