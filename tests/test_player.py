"""The player in a real browser: it moves by itself, and shows PyTorch's numbers."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import ROOT, Server, settled, slider
from tests.oracle import article_loop
from tinynet import Settings, train
from tinynet.film import film
from tinynet.ui.numbers import SCRIPT
from tinynet.ui.player import packed

SOURCE = SCRIPT + (ROOT / "tinynet/ui/player/player.js").read_text()
FRAMES = """async () => {
  let frames = 0;
  const end = performance.now() + 1500;
  await new Promise((done) => {
    const next = () => {
      frames += 1;
      performance.now() < end ? requestAnimationFrame(next) : done();
    };
    requestAnimationFrame(next);
  });
  return frames / 1.5;
}"""


def opened(page: Page, server: Server, query: str = "") -> Page:
    page.goto(f"{server.address}?tab=Look+inside{query}")
    expect(page.get_by_text("One row's arithmetic")).to_be_visible()
    expect(page.locator(".where")).to_contain_text("After")
    settled(page)
    return page


def where(state: int, epochs: int = 50, rate: float = 0.01) -> re.Pattern[str]:
    run = article_loop([5], rate, epochs, 0)
    loss = [*run["losses"], run["final_loss"]][state]
    return re.compile(f"After {state} of {epochs} epochs: loss {loss:.4f}")


@pytest.fixture(scope="module")
def module(context: BrowserContext) -> Iterator[Page]:
    """A blank page with the player's functions in it, as `pure`."""
    blank = context.new_page()
    source = base64.b64encode(SOURCE.encode()).decode()
    blank.evaluate(
        "async (url) => { window.pure = await import(url); }",
        f"data:text/javascript;base64,{source}",
    )
    yield blank
    blank.close()


def test_what_is_unpacked_in_the_browser_is_the_film(module: Page) -> None:
    run = train(Settings((7,), 0.5, 30))
    reel = film(run)
    read: dict[str, Any] = module.evaluate(
        """(bytes) => {
          const data = pure.unpack(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
          const reel = pure.decode(data);
          const parts = ["loss", "parameters", "gradients", "hidden", "predictions"];
          return { name: data.name, epochs: data.epochs,
                   state: Object.fromEntries(parts.map((part) => [part, [...reel[part](12)]])) };
        }""",
        base64.b64encode(packed(run, None)).decode(),
    )

    assert read["name"] == repr(run.settings)
    assert read["epochs"] == list(range(31))
    assert read["state"]["loss"] == [reel.losses[12]]
    assert read["state"]["parameters"] == reel.parameters[12].tolist()
    assert read["state"]["gradients"] == reel.gradients[12].tolist()
    assert read["state"]["hidden"] == reel.hidden[12].ravel().tolist()
    assert read["state"]["predictions"] == reel.predictions[12].tolist()


def test_a_weight_is_found_where_pytorch_keeps_it(module: Page) -> None:
    run = train(Settings((7,), epochs=1))
    weight, bias, output_weight, output_bias = (each[0] for each in run.checkpoints.parameters)
    flat = film(run).parameters[0]
    places = module.evaluate(
        """() => [["weight", 3, 8], ["bias", 3, 0], ["outputWeight", 3, 0], ["outputBias", 0, 0]]
          .map(([kind, unit, input]) => pure.indexOf(kind, 10, 7, unit, input))"""
    )

    expected = [weight[3, 8], bias[3], output_weight[0, 3], output_bias[0]]
    assert flat[places].tolist() == np.array(expected).tolist()


@pytest.mark.parametrize("width", [343, 820, 1_500])
@pytest.mark.parametrize("hidden", [1, 5, 64])
def test_every_node_lies_within_the_stage_and_none_overlap(
    module: Page, width: int, hidden: int
) -> None:
    places = module.evaluate("([width, hidden]) => pure.layout(width, 10, hidden)", [width, hidden])
    for column in (places["inputs"], places["hidden"], places["output"]):
        for node in column:
            assert 0 <= node["x"] - node["radius"] < node["x"] + node["radius"] <= width
            assert 0 <= node["y"] - node["radius"] < node["y"] + node["radius"] <= places["height"]
        ys = [node["y"] for node in column]
        closest = min((later - sooner for sooner, later in pairwise(ys)), default=width)
        assert closest > 1.8 * column[0]["radius"]


def test_numbers_and_words_are_those_of_the_page(module: Page) -> None:
    numbers = module.evaluate("() => [1.23456, -0.0001, 0.00004, 0, NaN].map(pure.format)")
    words = module.evaluate(
        "() => pure.inWords(3, 9, 0.25, [0.1, -2, 0.3, 0.4, 0.5, 0.6, 0.7], 2, 2)"
    )

    assert numbers == ["1.2346", "-0.0001", "4e-05", "0.0000", "nan"]
    assert words.startswith("After 3 of 9 epochs the loss is 0.2500. Largest weights: ")
    assert "input 1 to hidden unit 0 -2.0000; hidden unit 0 to output 0.7000" in words


def test_the_nearest_kept_state_is_not_after_the_one_asked_for(module: Page) -> None:
    asked = "() => [0, 4, 5, 9, 12, null].map((state) => pure.nearestIndex([0, 5, 10, 12], state))"

    assert module.evaluate(asked) == [0, 0, 1, 1, 3, 3]


def test_it_starts_paused_at_the_end(page: Page, server: Server) -> None:
    opened(page, server)

    expect(page.locator(".where")).to_have_text(where(50))
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(page.get_by_text("In epoch 49, look at")).to_be_visible()


def test_playing_and_scrubbing_send_nothing_and_the_rest_is_where_the_lines_are(
    page: Page, server: Server
) -> None:
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append("frame")))
    opened(page, server, "&lr=0.5")
    sent.clear()

    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1_500)
    assert page.evaluate(FRAMES) > 5  # 60 on a machine with nothing else to do
    scrub = page.get_by_label("State of the network")
    scrub.evaluate(
        "e => [3, 30, 12].forEach((v) => { e.value = v; e.dispatchEvent(new Event('input')); })"
    )
    expect(page.locator(".where")).to_have_text(where(12, rate=0.5))
    assert sent == []

    scrub.evaluate("e => e.dispatchEvent(new Event('change'))")
    expect(page.get_by_text("In epoch 12, look at")).to_be_visible()
    expect(page.locator(".st-key-epoch").get_by_role("slider")).to_have_value("12")
    page.wait_for_url("**epoch=12**")
    assert len(sent) == 1


def test_keys_play_step_and_jump(page: Page, server: Server) -> None:
    opened(page, server)
    player = page.locator(".player")

    for key, state in (
        ("Home", 0),
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", 50),
    ):
        player.press(key)
        expect(page.locator(".where")).to_have_text(where(state))
    player.press("Home")
    player.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    player.press(" ")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_player_and_slider_follow_each_other_to_where_they_have_been(
    page: Page, server: Server
) -> None:
    opened(page, server, "&lr=0.5")
    player, shown = page.locator(".player"), page.locator(".where")
    thumb = page.locator(".st-key-epoch").get_by_role("slider")
    for _ in range(2):
        player.press("End")
        expect(thumb).to_have_value("49")
        thumb.press("Home")
        expect(shown).to_have_text(where(0, rate=0.5))
        player.press("ArrowRight")
        expect(thumb).to_have_value("1")
        thumb.press("ArrowLeft")
        expect(shown).to_have_text(where(0, rate=0.5))
        thumb.press("ArrowRight")
        expect(shown).to_have_text(where(1, rate=0.5))


def test_a_step_that_leads_nowhere_new_takes_no_later_move_back(page: Page, server: Server) -> None:
    opened(page, server, "&lr=0.5")
    player, shown = page.locator(".player"), page.locator(".where")
    thumb = page.locator(".st-key-epoch").get_by_role("slider")

    player.press("End")
    thumb.press("Home")
    page.wait_for_timeout(400)  # longer than the player waits for another step
    settled(page)

    expect(thumb).to_have_value("0")
    expect(shown).to_have_text(where(0, rate=0.5))


def test_a_whole_run_plays_in_about_eight_seconds_and_stops_at_its_end(
    page: Page, server: Server
) -> None:
    opened(page, server)

    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(4_000)
    middle = int(re.findall(r"After (\d+)", page.locator(".where").inner_text())[0])

    assert 10 <= middle <= 45
    expect(page.get_by_role("button", name="Play")).to_be_visible(timeout=8_000)
    expect(page.locator(".where")).to_have_text(where(50))


def test_a_setting_changes_the_run_in_place_and_keeps_the_state(page: Page, server: Server) -> None:
    opened(page, server)
    page.locator(".player").evaluate("e => { e.mark = 1; }")
    slider(page, "Learning rate").press("ArrowRight")
    expect(page.locator(".where")).to_have_text(where(50, rate=0.02))
    page.locator(".player").press("ArrowDown")
    for units in (6, 7):
        slider(page, "Hidden units").press("ArrowRight")
        expect(page.locator(f".player[data-run*='({units},)']")).to_be_visible()
    for _ in range(2):
        slider(page, "Hidden units").press("ArrowLeft")
        settled(page)
    slider(page, "Epochs").press("ArrowRight")
    expect(page.locator(".where")).to_have_text(where(100, epochs=100, rate=0.02))

    for _ in range(3):
        page.locator(".player").press("ArrowLeft")
    page.wait_for_url("**epoch=97**")
    slider(page, "Learning rate").press("ArrowLeft")
    expect(page.locator(".where")).to_have_text(where(97, epochs=100))
    assert page.locator(".player").evaluate("e => e.mark") == 1


def test_hovering_shows_the_numbers_of_a_node(page: Page, server: Server) -> None:
    opened(page, server, "&lr=0.5")
    stage = page.locator(".stage")
    box = stage.bounding_box()
    assert box
    gap = (320 - 28) / 5

    page.mouse.move(box["x"] + box["width"] * 0.28, box["y"] + 22 + gap * 1.5)

    run = train(Settings(learning_rate=0.5))
    bias = run.checkpoints.parameters[1][-1][1]
    expect(page.locator(".tip")).to_contain_text("hidden 1, mean of the batch")
    expect(page.locator(".tip")).to_contain_text(f"bias  {bias:.4f}")


def test_the_nodes_can_be_walked_by_keys_and_are_told(page: Page, server: Server) -> None:
    opened(page, server)
    player = page.locator(".player")
    for _ in range(2):
        player.press("ArrowDown")

    expect(page.locator(".tip")).to_contain_text("input 1")
    expect(page.locator(".told")).to_contain_text("input 1")


def test_at_rest_it_tells_epoch_loss_and_largest_weights(page: Page, server: Server) -> None:
    opened(page, server)
    page.locator(".player").press("Home")

    first = article_loop([5], 0.01, 1, 0)["losses"][0]
    expect(page.locator(".told")).to_contain_text(
        f"After 0 of 50 epochs the loss is {first:.4f}. Largest weights: "
    )


def test_it_says_when_states_are_further_apart_than_an_epoch(page: Page, server: Server) -> None:
    opened(page, server, "&epochs=1000")

    expect(page.locator(".where")).to_contain_text("one state in 5 is kept")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_takes_its_colours_from_the_theme_and_fits_a_phone(
    context: BrowserContext, server: Server, theme: Any
) -> None:
    phone = context.new_page()
    phone.set_viewport_size({"width": 375, "height": 812})
    phone.emulate_media(color_scheme=theme, reduced_motion="reduce")
    opened(phone, server)

    ink = phone.locator(".player").evaluate("e => getComputedStyle(e).color")
    assert ink == {"light": "rgb(30, 39, 48)", "dark": "rgb(228, 233, 238)"}[theme]
    box = phone.locator(".stage").bounding_box()
    assert box
    assert box["x"] + box["width"] <= 375
    assert box["height"] > 400  # the pictures stand below each other

    phone.get_by_role("button", name="Play").click()
    phone.wait_for_timeout(1_000)
    state = int(re.findall(r"After (\d+)", phone.locator(".where").inner_text())[0])
    assert 1 <= state <= 9  # step by step, not a film, for who asks for less motion
    phone.close()


def test_the_head_is_json_and_the_film_starts_at_a_multiple_of_four() -> None:
    data = packed(train(Settings(epochs=3)), 2)
    length = int.from_bytes(data[:4], "little")

    assert length % 4 == 0
    assert json.loads(data[4 : 4 + length])["state"] == 2
