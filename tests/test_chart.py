"""Charts in a real browser: redrawn in place, in the theme's colours, and accessible."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Page, expect

from tests.browser import (
    CHART,
    CURVE,
    Server,
    Shared,
    figure,
    fly,
    opened,
    settled,
    slider,
)
from tests.loss_chart import plot
from tests.oracle import article_loop
from tinynet.charts.colours import BLUE

pytestmark = pytest.mark.usefixtures("no_errors")
MOVES, WIDTHS = 40, 4
MOVED = """(before) => {
  const host = [...document.querySelectorAll(".st-key-player *")].find((e) => e.shadowRoot);
  const curve = [...(host?.shadowRoot.querySelectorAll(".scatterlayer .js-line") ?? [])].pop();
  return curve && curve.getAttribute("d") !== before;
}"""


@contextmanager
def every_frame(page: Page) -> Iterator[list[bytes]]:
    """Record the frames of the browser as pictures."""
    frames: list[bytes] = []
    wire = page.context.new_cdp_session(page)

    def keep(event: dict[str, str]) -> None:
        frames.append(base64.b64decode(event["data"]))
        wire.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

    wire.on("Page.screencastFrame", keep)
    wire.send("Page.startScreencast", {"format": "jpeg", "quality": 80})
    yield frames
    wire.send("Page.stopScreencast")


def curve_pixels(picture: bytes, box: FloatRect | None = None) -> int:
    """Count the pixels whose colour is close to the curve's."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    if box:
        x, y = int(box["x"]), int(box["y"])
        image = image.crop((x, y, x + int(box["width"]), y + int(box["height"])))
    pixels = np.asarray(image, np.int16)
    blue = [int(BLUE[place : place + 2], 16) for place in (1, 3, 5)]
    return int((np.abs(pixels - blue).max(axis=2) < 40).sum())


def ticks(page: Page) -> list[str]:
    return page.locator(f"{CHART} .xtick text").all_text_contents()


def test_no_frame_of_forty_moves_is_without_the_curve(page: Page, server: Server) -> None:
    opened(page, f"{server.address}?lr=0.5")
    curve, box = page.locator(CURVE).last, plot(page)

    def move(key: str) -> None:
        before = curve.get_attribute("d")
        slider(page, "Hidden units").press(key)
        page.wait_for_function(MOVED, arg=before)  # the theme changes at once, without a request

    for _ in range(WIDTHS):
        move("ArrowRight")
    settled(page)  # now all are trained, so that no curve grows on a busy machine
    with every_frame(page) as frames:
        for key in ("ArrowLeft", "ArrowRight") * (MOVES // WIDTHS // 2):
            for _ in range(WIDTHS):
                move(key)

    assert len(frames) >= MOVES
    blue = [curve_pixels(frame, box) for frame in frames]
    assert [(frame, pixels) for frame, pixels in enumerate(blue) if pixels <= 80] == []


def test_a_zoom_and_what_is_hovered_stay_while_a_slider_moves(page: Page, server: Server) -> None:
    opened(page, f"{server.address}?lr=0.5")
    box = plot(page)
    page.mouse.move(box["x"] + 0.35 * box["width"], box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 100, steps=5)
    page.mouse.up()
    expect(page.locator(f"{CHART} .xtick")).to_have_count(2)
    assert ticks(page) == ["20", "30"]
    page.mouse.move(*at_tick(page, "20"))
    hovered = page.locator(f"{CHART} .hoverlayer")
    expect(hovered).to_contain_text("epoch 20")

    slider(page, "Hidden units").press("ArrowRight")

    expect(hovered).to_contain_text(repr(article_loop([6], 0.5, 50, 0)["losses"][20]))
    expect(hovered).to_contain_text("epoch 20")
    assert ticks(page) == ["20", "30"]
    page.get_by_role("button", name="Show the whole chart").click()
    assert ticks(page) == ["0", "10", "20", "30", "40", "50"]


def at_tick(page: Page, text: str) -> tuple[float, float]:
    """Return a place in the plot above a tick."""
    tick = page.locator(f"{CHART} .xtick text", has_text=text).bounding_box()
    assert tick
    return tick["x"] + tick["width"] / 2, plot(page)["y"] + 60


def test_the_chart_follows_the_theme_when_it_is_switched(page: Page, server: Server) -> None:
    opened(page, server.address)
    tick = page.locator(f"{CHART} .xtick text").first
    expect(tick).to_have_css("fill", "rgb(30, 39, 48)")
    family = tick.evaluate("e => getComputedStyle(e).fontFamily")
    assert family == page.locator("[data-testid=stApp]").evaluate(
        "e => getComputedStyle(e).fontFamily"
    )

    page.emulate_media(color_scheme="dark")
    expect(tick).to_have_css("fill", "rgb(228, 233, 238)")


def test_the_picture_can_be_saved_and_shows_the_curve(
    shared: Shared, server: Server, tmp_path: Path
) -> None:
    page = shared(opened, f"{server.address}?lr=0.5")
    page.locator(CHART).hover()
    with page.expect_download() as arriving:
        page.get_by_role("button", name="Save the picture").click()
    arriving.value.save_as(tmp_path / arriving.value.suggested_filename)

    picture = (tmp_path / "loss.png").read_bytes()
    assert Image.open(BytesIO(picture)).size[0] > 600
    assert curve_pixels(picture) > 1_000


def test_the_keyboard_reaches_the_chart_and_its_description(page: Page, server: Server) -> None:
    opened(page, server.address)
    page.get_by_role("radio", name="Linear").focus()
    page.keyboard.press("Tab")

    focused = page.get_by_role("img", name="Line chart of the loss over 50 epochs")
    expect(focused).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save the picture")).to_be_focused()


def test_a_chart_whose_script_does_not_load_says_so(page: Page, server: Server) -> None:
    page.route("**/plotly.min.js", lambda route: route.abort())
    page.goto(server.address)

    expect(
        page.get_by_text("The chart could not be drawn: its script did not load")
    ).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


@pytest.mark.alone  # beside others, the page may pause long enough to come to rest
def test_a_held_key_ends_at_the_true_run_and_compares_with_the_one_rested_on(
    page: Page, server: Server
) -> None:
    for _ in range(5):  # a pause of half a second would count as a rest
        opened(page, f"{server.address}?lr=0.5")
        page.wait_for_timeout(600)
        if fly(slider(page, "Hidden units"), stops=30) < 250:
            break

    final = article_loop([35], 0.5, 50, 0)["final_loss"]
    expect(figure(page, "Loss")).to_have_text(f"{final:.4f}")
    expect(page.locator(f"{CHART} .legend li").first).to_have_text("before: hidden units 5")
    settled(page)
    assert f"ends at {final:.4f}" in str(page.locator(f"{CHART} .plot").get_attribute("aria-label"))


def test_the_plot_stays_where_it_is_when_one_more_curve_gets_a_name(
    page: Page, server: Server
) -> None:
    opened(page, f"{server.address}?test=0.3")
    before = plot(page)
    expect(page.locator(f"{CHART} .legend li")).to_have_count(2)
    page.wait_for_timeout(600)  # the curve of the last rested run appears beside the new one

    slider(page, "Learning rate").press("ArrowRight")
    expect(page.locator(f"{CHART} .legend li")).to_have_count(3)
    settled(page)
    assert plot(page) == before
