"""The opening in a real browser: a new visitor sees the network learn, once, without a click."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import Server, in_motion, settled, slider
from tests.visitor import open_and_leave, run
from tinynet import Settings, train
from tinynet.stage.message import PlayerView, packed
from tinynet.training.train import Training

LAST = 50
# Records the player's positions and times, and whether the loss chart was ready by then.
RECORD = """{
window.seen = [];
const next = window.requestAnimationFrame.bind(window);
const look = () => {
  next(look);
  const roots = [...document.querySelectorAll(".st-key-player *")].map((each) => each.shadowRoot);
  const stage = roots.find((each) => each?.querySelector(".where")?.textContent);
  if (!stage) return;
  const at = /After ([\\d,]+)/.exec(stage.querySelector(".where").textContent)[1];
  const chart = stage.querySelector(".js-plotly-plot .js-line");
  window.seen.push([Number(at.replace(",", "")), Boolean(chart), performance.now()]);
};
look();
}"""
UNSEEN = """
const paint = window.requestAnimationFrame, waiting = [];
window.requestAnimationFrame = (draw) => waiting.push(draw);
window.look = () => { window.requestAnimationFrame = paint; waiting.forEach(paint); };
"""


@pytest.fixture
def lively(page: Page) -> Page:
    """A page with motion that records the player's positions."""
    page.add_init_script(RECORD)
    return in_motion(page)


def seen(page: Page) -> list[float]:
    """Return the epochs shown, one after the other."""
    return [epoch for epoch, *_ in page.evaluate("window.seen")]


def playing(page: Page, address: str) -> Page:
    """Open an address, and wait until it plays."""
    page.goto(address)
    page.wait_for_function("window.seen.some(([epoch]) => epoch > 0)")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    return page


def at_rest(page: Page, epoch: int = LAST) -> Page:
    """Wait until the player has stopped."""
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(page.locator(".where")).to_contain_text(f"After {epoch:,} of")
    settled(page)
    return page


def stays(page: Page, epoch: int = LAST) -> bool:
    """Tell whether the player has stayed at this epoch, and is still there a little later."""
    page.evaluate("window.seen = []")
    page.wait_for_timeout(600)
    expect(page.locator(".where")).to_contain_text(f"After {epoch:,} of")
    return set(seen(page)) <= {epoch}


def test_the_run_is_played_once_from_its_first_state_to_its_last_and_not_again(
    lively: Page, server: Server
) -> None:
    at_rest(playing(lively, server.address))

    been = lively.evaluate("window.seen")
    epochs = [epoch for epoch, *_ in been]
    assert epochs[0] == 0  # nothing is shown before the first state
    assert epochs == sorted(epochs)
    assert epochs[-1] == LAST
    assert len(set(epochs)) > 25  # one frame per 100 ms, however busy the machine
    assert all(drawn for epoch, drawn, _ in been if epoch > 0)  # the chart's cursor moves with it
    expect(lively.locator(".at")).to_have_text(f"shown: epoch {LAST}")
    assert stays(lively)

    lively.evaluate("window.seen = []")

    slider(lively, "Learning rate").press("ArrowRight")
    expect(lively.locator(".player[data-run*='learning_rate=0.02']")).to_be_visible()
    slider(lively, "Learning rate").press("ArrowLeft")
    expect(lively.locator(".player[data-run*='learning_rate=0.01']")).to_be_visible()
    lively.emulate_media(color_scheme="dark")
    for tab in ("Code", "Watch"):
        lively.get_by_role("radio", name=tab).click()
        settled(lively)

    at_rest(lively)
    assert set(seen(lively)) == {LAST}
    assert stays(lively)


def test_it_takes_three_seconds_of_any_run_and_server_and_screen_reader_hear_nothing_of_it(
    lively: Page, server: Server
) -> None:
    address = f"{server.address}?lr=0.5&epochs=500"  # a good run, for which the coach tries nothing
    run(open_and_leave(address))  # the opening plays only finished runs
    sent: list[str] = []
    lively.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append("frame")))
    lively.add_init_script(
        """
        window.told = [];
        const look = setInterval(() => {
          const told = [...document.querySelectorAll(".st-key-player *")]
            .map((each) => each.shadowRoot?.querySelector(".told")).find(Boolean);
          if (!told) return;
          clearInterval(look);
          new MutationObserver(() => window.told.push(told.textContent))
            .observe(told, { childList: true, characterData: true, subtree: true });
        });
        """
    )
    lively.goto(address)
    settled(lively)
    before = len(sent)

    at_rest(lively, 500)
    lively.wait_for_timeout(400)  # longer than the player waits for another step

    assert len(sent) == before == 1  # the one frame that requests the page
    assert lively.url == address
    assert lively.evaluate("window.told") == []
    milliseconds: float = lively.evaluate("seen.at(-1)[2] - seen.find(([epoch]) => epoch)[2]")
    assert 2_500 < milliseconds < 7_000  # on a busy machine the film pauses at times


@pytest.mark.parametrize("query", ["", "?epoch=12", "?tab=Look+inside", "?tab=Code"])
def test_it_is_not_played_for_less_motion_nor_where_the_address_asks_for_something_else(
    lively: Page, server: Server, query: str
) -> None:
    if not query:
        lively.emulate_media(reduced_motion="reduce")
    lively.goto(f"{server.address}{query}")
    settled(lively)
    lively.get_by_role("radio", name="Watch").click()
    expect(lively.locator(".where")).to_contain_text("After")
    lively.wait_for_function("window.seen.some(([, isDrawn]) => isDrawn)")
    settled(lively)

    at = 12 if "epoch" in query else LAST
    assert set(seen(lively)) <= {at, LAST - 1}  # the last opened epoch begins there
    assert stays(lively, at)


def test_a_slider_ends_it_at_the_last_state_of_the_new_run(lively: Page, server: Server) -> None:
    playing(lively, server.address)
    slider(lively, "Learning rate").press("ArrowRight")
    lively.evaluate("window.seen = []")
    expect(lively.locator(".player[data-run*='learning_rate=0.02']")).to_be_visible()

    assert set(seen(lively)) <= {LAST}
    at_rest(lively)
    assert stays(lively)


def test_a_drag_of_a_slider_ends_it_too(lively: Page, server: Server) -> None:
    playing(lively, server.address)
    thumb = lively.locator(".st-key-lr div:has(> [data-testid=stSliderThumbValue])")
    thumb.hover()
    lively.mouse.down()
    assert seen(lively)[-1] == LAST

    box = thumb.bounding_box()
    assert box
    lively.mouse.move(box["x"] + 60, box["y"])
    lively.mouse.up()
    expect(lively.locator(".player:not([data-run*='learning_rate=0.01'])")).to_be_visible()
    assert stays(at_rest(lively))


INPUTS: dict[str, Callable[[Page], object]] = {
    "a key": lambda page: page.keyboard.press("Tab"),
    "a click elsewhere": lambda page: page.get_by_text("This is the article's network").click(),
    "a picked node": lambda page: page.locator(".stage").click(position={"x": 25, "y": 60}),
}


@pytest.mark.parametrize("name", INPUTS)
def test_any_other_input_ends_it_at_once(lively: Page, server: Server, name: str) -> None:
    playing(lively, server.address)

    INPUTS[name](lively)

    assert seen(lively)[-1] == LAST
    at_rest(lively)


def test_the_players_own_controls_take_it_from_where_it_is(lively: Page, server: Server) -> None:
    playing(lively, server.address)

    lively.get_by_role("button", name="Pause").click()
    expect(lively.get_by_role("button", name="Play")).to_be_visible()
    settled(lively)
    state = int(re.findall(r"After (\d+)", lively.locator(".where").inner_text())[0])
    assert 0 <= state < LAST
    assert stays(lively, state)
    lively.wait_for_url(f"**epoch={state}")  # the visitor stops it here

    lively.locator(".player").press("ArrowRight")
    expect(lively.locator(".where")).to_contain_text(f"After {state + 1} of")


@pytest.mark.alone  # a browser that others keep busy may paint nothing for seconds
@pytest.mark.parametrize("key", [" ", "ArrowLeft"])
def test_the_players_own_keys_do_too(lively: Page, server: Server, key: str) -> None:
    playing(lively, server.address)

    lively.locator(".player").press(key)

    expect(lively.get_by_role("button", name="Play")).to_be_visible()
    assert seen(lively)[-1] < LAST


def test_the_scrubber_is_taken_out_of_its_hands(lively: Page, server: Server) -> None:
    playing(lively, server.address)
    scrub = lively.get_by_label("State of the network")
    scrub.evaluate("e => { e.value = 7; e.dispatchEvent(new Event('input')); }")

    at_rest(lively, 7)
    assert stays(lively, 7)


def test_of_a_run_in_progress_the_browser_is_not_asked_to_play_it() -> None:
    training = Training(Settings(epochs=400))
    training.advance(seconds=0)
    view = PlayerView(None, plays=True)

    def facts(data: bytes) -> Any:
        return json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])

    assert not facts(packed(training.to_run(), view))["isFinished"]
    assert facts(packed(train(Settings(epochs=3)), view))["isFinished"]


def test_a_page_out_of_sight_waits_until_it_is_seen(lively: Page, server: Server) -> None:
    lively.add_init_script(UNSEEN)  # a browser freezes a page in a background tab like this
    lively.goto(server.address)
    expect(lively.locator(".where")).to_contain_text("After 0 of")
    settled(lively)
    lively.wait_for_timeout(1_000)
    assert set(seen(lively)) == {0}

    lively.evaluate("window.look()")
    lively.wait_for_function("window.seen.some(([epoch]) => epoch > 0)")
    at_rest(lively)
    assert len(set(seen(lively))) > 25  # all states, not only the last


def test_it_does_not_wait_for_ever_for_a_chart(lively: Page, server: Server) -> None:
    missing: list[str] = []

    def lose(route: Route) -> None:
        missing.append(route.request.url)
        route.abort()

    lively.route("**/plotly.min.js", lose)

    playing(lively, server.address)
    assert missing
