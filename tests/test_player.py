"""The player in a real browser: it moves by itself, and shows PyTorch's numbers."""

from __future__ import annotations

import base64
import json
import re
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser import Server, Shared, in_motion, settled, slider
from tests.node import Module
from tests.oracle import article_loop
from tinynet import Settings, train
from tinynet.analysis.diagnosis import loss_text
from tinynet.links.address import spelled_out
from tinynet.stage.message import PlayerView, packed
from tinynet.training.film import film
from tinynet.training.train import Training

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


def leave(page: Page) -> None:
    """Take the pointer off the picture, and let go of what the keys have walked to."""
    page.locator(".stage").dispatch_event("pointerleave")
    page.locator(".player").press("Escape")


def where(state: int, epochs: int = 50, rate: float = 0.01) -> re.Pattern[str]:
    run = article_loop([5], rate, epochs, 0)
    loss = [*run["losses"], run["final_loss"]][state]
    return re.compile(f"After {state} of {epochs} epochs: loss {loss:.4f}")


@pytest.mark.parametrize("hidden", [(), (7,), (4, 9, 2)], ids=str)
def test_what_is_unpacked_in_the_browser_is_the_film(
    module: Module, hidden: tuple[int, ...]
) -> None:
    run = train(Settings(hidden, 0.5, 30))
    reel = film(run)
    read: dict[str, Any] = module.evaluate(
        """(bytes) => {
          const data = pure.unpack(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
          const reel = pure.decode(data);
          const parts = ["loss", "parameters", "gradients", "hidden", "predictions"];
          return { name: data.name, epochs: data.epochs, widths: data.widths,
                   state: Object.fromEntries(parts.map((part) => [part, [...reel[part](12)]])) };
        }""",
        base64.b64encode(packed(run, None)).decode(),
    )

    assert read["name"] == repr(run.settings)
    assert read["epochs"] == list(range(31))
    assert read["widths"] == [10, *hidden, 1]
    assert read["state"]["loss"] == [reel.losses[12]]
    assert read["state"]["parameters"] == reel.parameters[12].tolist()
    assert read["state"]["gradients"] == reel.gradients[12].tolist()
    assert read["state"]["hidden"] == reel.hidden[12].ravel().tolist()
    assert read["state"]["predictions"] == reel.predictions[12].tolist()


@pytest.mark.parametrize("hidden", [(), (7,), (4, 9, 2)], ids=str)
def test_a_weight_is_found_where_pytorch_keeps_it(module: Module, hidden: tuple[int, ...]) -> None:
    run = train(Settings(hidden, epochs=1))
    parameters = [each[0] for each in run.checkpoints.parameters]
    flat = film(run).parameters[0]
    for layer, (weight, bias) in enumerate(zip(parameters[::2], parameters[1::2], strict=True)):
        unit, i = len(bias) - 1, weight.shape[1] - 2
        places = module.evaluate(
            """([widths, layer, unit, i]) => {
              const each = pure.layersOf(widths)[layer];
              return [pure.indexOf(each, unit, i), pure.indexOf(each, unit)];
            }""",
            [[10, *hidden, 1], layer, unit, i],
        )

        assert flat[places].tolist() == np.array([weight[unit, i], bias[unit]]).tolist()


def test_a_loss_has_the_digits_of_the_figures_below() -> None:
    losses = [0.2401, 0.001, 0.00096, 0.00012, 0.000099999, 4.53e-5, 4e-5, 0.0, 2e6, 4.7e16]
    expected = [f"{loss:.4f}" if 0.001 <= loss < 1e6 else f"{loss:.2g}" for loss in losses]

    assert [loss_text(loss) for loss in losses] == expected
    assert [loss_text(float(loss)) for loss in ("nan", "inf")] == ["nan", "inf"]


def test_the_scales_are_those_of_all_states_and_pass_over_what_is_no_number(module: Module) -> None:
    settings = Settings((3, 2), 10.0, 50, data="hills")
    run = train(settings)
    assert run.diverged
    reel = film(run)
    weights, biases = (
        np.concatenate([each.reshape(len(reel.epochs), -1) for each in parameters], axis=1)
        for parameters in (run.checkpoints.parameters[::2], run.checkpoints.parameters[1::2])
    )
    read = module.evaluate(
        """(bytes) => {
          const data = pure.unpack(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
          const { peaks, ...scales } = pure.scalesOf(pure.decode(data), data);
          return scales;
        }""",
        base64.b64encode(packed(run, None)).decode(),
    )

    def largest(numbers: Any) -> float:
        return float(np.abs(numbers[np.isfinite(numbers)]).max())

    ends = [0, *run.targets[:10].ravel(), *reel.predictions[np.isfinite(reel.predictions)]]
    assert {name: float(value) for name, value in read.items()} == {
        "weight": largest(weights),
        "bias": largest(biases),
        "input": largest(run.inputs[:10]),
        "activation": largest(reel.hidden),
        "low": min(ends),
        "high": max(ends),
    }


def test_a_step_that_leads_nowhere_new_is_over_and_playing_and_scrubbing_send_nothing(
    page: Page, server: Server
) -> None:
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append("frame")))
    opened(page, server, "&lr=0.5")
    number = page.locator(".st-key-epoch").get_by_role("spinbutton")
    page.locator(".player").press("End")  # where it is
    number.fill("0")
    number.press("Enter")
    # Longer than the player waits for another step, by the clock that it goes by.
    page.evaluate("() => new Promise((over) => setTimeout(over, 400))")
    settled(page)
    expect(number).to_have_value("0")
    expect(page.locator(".where")).to_have_text(where(0, rate=0.5))

    in_motion(page)
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
    expect(number).to_have_value("12")
    page.wait_for_url("**epoch=12**")
    assert len(sent) == 1


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
    number = page.locator(".st-key-epoch").get_by_role("spinbutton")
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
    expect(page.locator(".where")).to_have_text(where(49))  # where the last epoch begins
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(page.get_by_text("In epoch 49, look at")).to_be_visible()

    page.locator(".player").evaluate("e => { e.mark = 1; }")
    slider(page, "Learning rate").press("ArrowRight")
    expect(page.locator(".where")).to_have_text(where(49, rate=0.02))
    page.locator(".player").press("ArrowDown")
    for units in (6, 7):
        slider(page, "Hidden units").press("ArrowRight")
        expect(page.locator(f".player[data-run*='({units},)']")).to_be_visible()
    for _ in range(2):
        slider(page, "Hidden units").press("ArrowLeft")
        settled(page)
    slider(page, "Epochs").press("ArrowRight")
    expect(page.locator(".where")).to_have_text(where(99, epochs=100, rate=0.02))

    for _ in range(3):
        page.locator(".player").press("ArrowLeft")
    page.wait_for_url("**epoch=96**")
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
    bias = run.checkpoints.parameters[1][49][1]  # where the last epoch begins
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
    assert gradient > 0  # else it stands in brackets
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
    expect(page.locator(".where")).to_contain_text("one epoch in 8 is shown")
    settled(page)
    picker = page.get_by_label("Row of the batch that fills the nodes")
    box = page.locator(".stage").bounding_box()
    assert box
    x, tall = box["x"] + box["width"] * 0.8, (box["height"] - 22) / 10

    page.mouse.click(x, box["y"] + 20 + min(28, tall) * 4.4)
    expect(picker).to_have_value("4")
    page.mouse.click(x, box["y"] + 20 + min(28, tall) * 4.4)
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
        assert box["height"] > 400  # the pictures stand below each other

    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1_000)
    state = int(re.findall(r"After (\d+)", page.locator(".where").inner_text())[0])
    assert 1 <= state <= 9  # step by step, not a film, for who asks for less motion


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
    assert facts["name"] != repr(training.settings)  # the finished one is another film


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
    page.get_by_role("button", name="Pause").click()
    page.locator(".player").press("End")

    expect(shown).to_contain_text(f"After {settings.epochs} of")
