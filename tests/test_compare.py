"""The tab that compares: the map, the pinned runs and the landscape, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import Server, figure, settled, slider
from tests.comparing import COARSE, FEW, MAP, PINS, PLOT, opened, pick, shown, until_there
from tests.oracle import article_loop, final_loss

HOVERED = f"{MAP} .hoverlayer"
ZOOMED_IN = "map=lr~0.01~1~hidden~31~34~loss"
# few networks, which train fast, with wide ranges that leave room to zoom
WIDER = "map=lr~0.0001~10~hidden~9~16~loss"  # than the article's network, anywhere on the map
ZOOMED, IN_WORK = re.compile(r"map=lr~"), re.compile(r"256 networks \(\d+ %\)")

pytestmark = pytest.mark.usefixtures("no_errors")


def place(page: Page, x: float, y: float) -> tuple[float, float]:
    """Return the position on the screen of a place of the map, from 0 (left, bottom) to 1."""
    box = page.locator(PLOT).bounding_box()
    assert box
    return box["x"] + x * box["width"], box["y"] + (1 - y) * box["height"]


def test_a_click_on_a_cell_trains_what_its_colour_has_told(page: Page, server: Server) -> None:
    opened(page, server)
    page.mouse.move(*place(page, 0.72, 0.3))
    hovered = page.locator(HOVERED)
    expect(hovered).to_contain_text("final loss")
    rate, units, loss = re.findall(r"[\d.]+", str(hovered.text_content()))

    page.mouse.click(*place(page, 0.72, 0.3))

    expect(slider(page, "Hidden units")).to_have_value(units)
    expect(slider(page, "Learning rate")).to_have_attribute("aria-valuetext", rate)
    exact = article_loop([int(units)], float(rate), 50, 0)["final_loss"]
    assert float(loss) == pytest.approx(exact, rel=0.06)  # written with two digits
    assert page.url.endswith(f"?hidden={units}&lr={rate}&tab=Compare")
    page.get_by_role("radio", name="Watch").click()
    expect(figure(page, "Loss")).to_have_text(final_loss(int(units), float(rate)))


@pytest.mark.alone  # a server that others keep busy answers it too late
def test_the_wheel_buttons_and_keys_zoom_and_back_zooms_out(page: Page, server: Server) -> None:
    opened(page, server)
    page.wait_for_timeout(600)
    page.mouse.move(*place(page, 0.8, 0.5))
    with a_new_entry(page):
        until_there(page, lambda: page.mouse.wheel(0, -400), ZOOMED)
    once = shown(page)
    assert 0.0001 < once["lr"][0] < once["lr"][1] <= 10

    with a_new_entry(page):
        page.get_by_role("button", name="Zoom in").click()
        page.wait_for_function("before => location.href !== before", arg=page.url)
    twice = shown(page)
    before = page.url
    low, high = (np.log(each[1] / each[0]) for each in (twice["lr"], once["lr"]))
    assert low == pytest.approx(high / 2, rel=1e-6)

    page.go_back()
    page.wait_for_function("before => location.href !== before", arg=before)
    assert shown(page) == once
    expect_picture(page, once["lr"])

    settled(page)  # the map grows finer after the step through the history
    whole = re.compile(r"^(?!.*map=)")
    until_there(page, lambda: page.locator(f"{MAP} .plot").press("0"), whole)
    expect_picture(page, (0.0001, 10))
    expect(page.get_by_role("button", name="Show the whole chart")).to_have_count(0)


@contextmanager
def a_new_entry(page: Page) -> Iterator[None]:
    """Wait until the history has one more entry, which takes a while on a busy machine."""
    count = page.evaluate("history.length")
    yield
    page.wait_for_function("count => history.length > count", arg=count)


def expect_picture(page: Page, rates: tuple[float, float]) -> None:
    """Wait until the picture shows these learning rates."""
    page.wait_for_function(
        """([low, high]) => {
          const [root] = [...document.querySelectorAll('.st-key-map *')]
            .map((each) => each.shadowRoot).filter((each) => each);
          const [first, last] = root.querySelector('.plot')._fullLayout.xaxis.range;
          return Math.abs(first - Math.log10(low)) + Math.abs(last - Math.log10(high)) < 1e-4;
        }""",
        arg=list(rates),
    )


def test_a_drag_moves_the_map_a_double_click_shows_the_whole_and_neither_picks(
    page: Page, server: Server
) -> None:
    opened(page, server, ZOOMED_IN, "1,024 networks")
    page.mouse.move(*place(page, 0.5, 0.5))
    page.mouse.down()
    page.mouse.move(*place(page, 0.3, 0.5), steps=4)
    page.mouse.up()

    page.wait_for_function("!location.search.includes('lr~0.01~1~')")
    assert shown(page)["lr"][0] > 0.012
    page.wait_for_timeout(600)
    expect(slider(page, "Hidden units")).to_have_value("5")

    page.mouse.dblclick(*place(page, 0.5, 0.5))
    page.wait_for_url(lambda url: "map=" not in url)
    page.wait_for_timeout(600)
    expect(slider(page, "Hidden units")).to_have_value("5")


def test_fingers_zoom_and_scroll_without_picking_and_a_tap_picks(
    page: Page, server: Server
) -> None:
    page.set_viewport_size({"width": 400, "height": 900})
    wire = page.context.new_cdp_session(page)
    wire.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
    opened(page, server, f"seed=5&{WIDER}", COARSE)
    page.locator(PLOT).scroll_into_view_if_needed()
    page.wait_for_timeout(500)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        named = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": named})

    one, other = place(page, 0.45, 0.5), place(page, 0.55, 0.5)
    touch("touchStart", one, other)
    for share in (0.35, 0.25, 0.15):
        touch("touchMove", place(page, share, 0.5), place(page, 1 - share, 0.5))
    touch("touchEnd")
    # A busy browser may release the fingers early, so the zoom factor can vary.
    page.wait_for_url(re.compile(r"map=lr~(?!0\.0001~10~)"))
    page.wait_for_timeout(500)
    assert "hidden=" not in page.url

    box = place(page, 0.5, 0.2)
    touch("touchStart", box)
    for step in range(1, 6):
        touch("touchMove", (box[0], box[1] - 20 * step))
    touch("touchEnd")
    page.wait_for_timeout(800)
    assert "hidden=" not in page.url
    page.locator(PLOT).scroll_into_view_if_needed()
    page.wait_for_timeout(500)

    def tap() -> None:
        touch("touchStart", place(page, 0.5, 0.5))
        touch("touchEnd")

    until_there(page, tap, re.compile("hidden="))


def test_enter_opens_the_middle_of_the_map_and_arrow_keys_move_it(
    page: Page, server: Server
) -> None:
    opened(page, server, ZOOMED_IN, "1,024 networks")
    page.locator(f"{MAP} .plot").press("Enter")

    expect(slider(page, "Hidden units")).to_have_value(re.compile("32|33"))
    expect(slider(page, "Learning rate")).to_have_attribute(
        "aria-valuetext", re.compile(r"0\.(1|09)")
    )

    settled(page)
    assert (shown(page)["lr"][0], shown(page)["hidden"][0]) == (0.01, 31)
    for key, axis, moves in (
        ("ArrowRight", "lr~0.01~1~", (1, 0)),
        ("ArrowDown", "hidden~31~34~", (0, -1)),
    ):
        before = shown(page)
        page.locator(f"{MAP} .plot").press(key)
        page.wait_for_function("axis => !location.search.includes(axis)", arg=axis)
        settled(page)
        seen = shown(page)
        assert np.sign(np.log10(seen["lr"][0] / before["lr"][0]).round(6)) == moves[0]
        assert np.sign(seen["hidden"][0] - before["hidden"][0]) == moves[1]


def test_no_frame_is_without_the_map_while_it_is_zoomed_and_becomes_finer(
    page: Page, server: Server
) -> None:
    opened(page, server, "seed=3", COARSE)
    page.evaluate(
        """() => {
          const find = () => [...document.querySelectorAll('.st-key-map *')]
            .map((each) => each.shadowRoot).find((root) => root);
          const texts = () => [...document.querySelectorAll('[data-testid=stCaptionContainer]')]
            .map((each) => each.textContent);
          window.without = 0;
          window.frames_seen = 0;
          window.told = new Set();
          const look = () => {
            window.frames_seen += 1;
            window.without += find()?.querySelector('.heatmaplayer image') ? 0 : 1;
            texts().forEach((each) => window.told.add(each));
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").click()
        page.wait_for_timeout(700)
    settled(page)

    assert page.evaluate("window.frames_seen") > 30
    assert page.evaluate("window.without") == 0
    told = page.evaluate("[...window.told].filter((each) => each.includes('refining to'))")
    assert told  # the map did become finer


def test_the_choices_make_another_map_and_stand_in_the_address(page: Page, server: Server) -> None:
    few = "map=epochs~9~12~hidden~1~64~loss"
    opened(page, server, f"data=plane&activation=tanh&epochs=10&lr=0.1&rows=20&{few}", FEW)
    pick(page, "Across", "Seed")
    page.wait_for_url(re.compile("map=seed~0~999~hidden~1~64~loss"))
    pick(page, "Up", "Seed")  # an axis that takes the other's knob swaps with it
    page.wait_for_url(re.compile("map=hidden~1~64~seed~0~999~loss"))


def test_a_page_that_is_left_trains_no_map_on(page: Page, server: Server) -> None:
    heavy = "data=moons&rows=1000&hidden=64-64&epochs=10000&activation=tanh"
    other = page.context.new_page()
    other.goto(f"{server.address}?tab=Compare&{heavy}")
    expect(other.get_by_text(IN_WORK).first).to_be_visible()
    other.close()

    assert server.processor_seconds_until_it_rests() < 20


def test_a_visitors_click_is_answered_while_a_map_trains(page: Page, server: Server) -> None:
    heavy = "map=epochs~9000~10000~hidden~1~64~loss"  # different from the pinned run
    page.goto(f"{server.address}?tab=Compare&data=moons&activation=tanh&{heavy}")
    expect(page.get_by_text(IN_WORK).first).to_be_visible()
    for _ in range(3):
        page.get_by_role("button", name="Pin this run").click()
        expect(page.locator(PINS)).to_have_count(1)
        rows(page).first.click()
        page.get_by_role("button", name="Remove it").click()
        expect(page.locator(PINS)).to_have_count(0)


def rows(page: Page) -> Locator:
    """Return the names of the pinned runs, without the actions that follow."""
    return page.locator(".st-key-pinned [data-testid=stPopover] button")
