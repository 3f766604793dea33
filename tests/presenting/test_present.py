"""Presentation mode and phones: the visible part of the stage, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser import CHART, Server, advised, opened, rested, settled, suggestion
from tests.presented import present
from tinynet import Settings, train

TEXT = 20  # pixels of the smallest text that the back row can read
SIZES: tuple[ViewportSize, ...] = (
    {"width": 1280, "height": 800},
    {"width": 1920, "height": 1080},
)
TEXTS_OF_THE_PAGE = """() => {
  const sizes = {};
  const look = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const at = walker.currentNode.parentElement, text = walker.currentNode.data.trim();
      const seen = { visibilityProperty: true, opacityProperty: true };
      if (!text || !at?.checkVisibility(seen) || at.closest("style, script")) continue;
      const { x, y, width, height } = at.getBoundingClientRect();
      const isSeen = width > 1 && height > 1 && x < innerWidth && y < innerHeight && x + width > 0;
      if (isSeen) sizes[text] = parseFloat(getComputedStyle(at).fontSize);
    }
    for (const each of root.querySelectorAll("*")) if (each.shadowRoot) look(each.shadowRoot);
  };
  look(document.body);
  return sizes;
}"""
ALL_LARGE = f"""(least) =>
  Object.values(({TEXTS_OF_THE_PAGE})()).every((size) => size >= least)
"""
WITHIN = """(row) => {
  const { top, bottom } = row.getBoundingClientRect();
  return [...row.querySelectorAll("button")].every((each) => {
    const box = each.getBoundingClientRect();
    return !box.height || (top <= box.top && box.bottom <= bottom); // some only measure
  });
}"""
TEXTS = f"""() => {{
  const sizes = ({TEXTS_OF_THE_PAGE})();
  const host = [...document.querySelectorAll(".st-key-player *")].find((each) => each.shadowRoot);
  const pen = host.shadowRoot.querySelector(".stage").getContext("2d");
  sizes["what the canvas says"] = parseFloat(pen.font) * pen.getTransform().a / devicePixelRatio;
  return sizes;
}}"""

pytestmark = pytest.mark.usefixtures("no_errors")


def test_presented_the_stage_fills_the_window_and_no_text_is_small(
    page: Page, server: Server
) -> None:
    opened(page, f"{server.address}?data=moons&test=0.3")
    before = page.locator(".stage").bounding_box()
    present(page)

    expect(page.locator(".stage")).not_to_have_css("height", "320px")
    after = page.locator(".stage").bounding_box()
    chart = page.locator(".plot").bounding_box()
    controls = page.locator(".figures").bounding_box()
    assert before
    assert after
    assert chart
    assert controls
    assert after["height"] > before["height"]
    assert after["width"] > 0.9 * 1280
    assert chart["y"] + chart["height"] <= after["y"] + after["height"] + 2  # below the network
    assert controls["y"] + controls["height"] <= 800
    ticks = page.locator(f"{CHART} .xtick").last.bounding_box()
    label = page.locator(f"{CHART} .at").bounding_box()
    assert ticks
    assert label
    assert ticks["y"] + ticks["height"] <= label["y"] + 2  # the numbers end above the label
    sizes = page.evaluate(TEXTS)
    assert {text: size for text, size in sizes.items() if size < TEXT} == {}
    assert {"Watch", "Leave", "shown: epoch 50", "what the canvas says"} <= sizes.keys()


@contextmanager
def four_lines(page: Page) -> Iterator[None]:
    """Put a story of four lines on the page."""
    told = page.locator(".st-key-story p")
    told.evaluate(
        """(e) => {
          window.asItWas = [...e.childNodes];
          e.textContent = 'Long words. '.repeat(17);
        }"""
    )
    yield
    told.evaluate("e => e.replaceChildren(...window.asItWas)")


def test_presented_one_reads_what_happened_in_four_lines_too_does_it_and_switches_the_scale(
    page: Page, server: Server
) -> None:
    opened(page, f"{server.address}?present=1")
    advised(page)
    story, tab = page.locator(".st-key-story"), page.get_by_role("radio", name="Watch").locator("p")
    with four_lines(page):
        told, below, line = story.bounding_box(), tab.bounding_box(), 0.75 * 27 * 1.2
        assert told
        assert below
        assert round(told["height"] / line) == 4
        assert told["y"] >= 0
        assert told["y"] + told["height"] <= below["y"]
        middles = [
            box["y"] + box["height"] / 2
            for button in (suggestion(page), page.get_by_role("button", name="Leave"))
            if (box := button.bounding_box())
        ]
        assert middles[0] == pytest.approx(middles[1], abs=2)

    tabs = page.locator(".st-key-tab")
    expect(story).to_contain_text("The loss hardly moved: from 0.2401 to 0.2350")
    for size in SIZES:
        page.set_viewport_size(size)
        told, below = story.bounding_box(), tabs.bounding_box()
        assert told
        assert below
        assert told["y"] >= 0
        assert told["y"] + told["height"] <= below["y"]  # all of it, above the tabs

    page.get_by_role("radio", name="Log").click()
    expect(page.locator(f"{CHART} .ytick").filter(has_text="0.1").first).to_be_attached()
    advised(page).click()
    page.wait_for_url("**optimizer=adam**")
    expect(page.get_by_role("button", name="Leave")).to_be_visible()


def test_presented_on_a_phone_all_stays_as_large_as_it_is_and_leave_is_there(
    page: Page, server: Server
) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    opened(page, f"{server.address}?present=1")

    assert page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth") <= 375
    expect(page.locator("html")).to_have_css("font-size", "16px")
    story, leave = page.locator(".st-key-story"), page.get_by_role("button", name="Leave")
    told, button = story.bounding_box(), leave.bounding_box()
    assert told
    assert button
    assert told["width"] > 200
    assert button["y"] + button["height"] <= told["y"]
    leave.click()
    page.wait_for_url(lambda url: "present" not in url)


def test_that_one_presents_stands_in_the_address_and_back_leaves(
    page: Page, server: Server
) -> None:
    opened(page, f"{server.address}?lr=0.5")
    rested(page)
    present(page)
    page.wait_for_url("**present=1**")
    assert "lr=0.5" in page.url
    rested(page)

    page.reload()
    page.get_by_role("button", name="Leave").wait_for()
    settled(page)
    expect(page.locator(".key")).to_be_hidden()  # the figures take its line
    page.get_by_role("button", name="Leave").click()
    page.wait_for_url(lambda url: "present" not in url)
    expect(page.locator(".key")).to_be_visible()
    rested(page)

    page.go_back()
    page.get_by_role("button", name="Leave").wait_for()
    expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()


def lowest(page: Page, part: str) -> float:
    """Return the lower edge of the visible parts of the page that a selector finds."""
    boxes = [each.bounding_box() for each in page.locator(part).all() if each.is_visible()]
    return max(box["y"] + box["height"] for box in boxes if box)


def test_presented_a_lesson_leaves_the_stage_its_room(page: Page, server: Server) -> None:
    opened(page, f"{server.address}?data=plane&hidden=0&lr=1&epochs=200&present=1")
    strip, stage = page.locator(".st-key-lesson"), page.locator(".stage")
    expect(strip.get_by_text("A learning rate of 0.5 works here.")).to_be_visible()
    buttons = strip.get_by_role("button").all()
    before = [each.bounding_box() for each in buttons]
    box, edge = stage.bounding_box(), strip.bounding_box()
    assert box
    assert edge
    assert box["height"] > 400
    assert lowest(page, ".figures") <= 800
    assert all(b and b["x"] + b["width"] < edge["x"] + edge["width"] for b in before)

    strip.get_by_role("button", name="What happens?").click()
    expect(page.get_by_text("At 1 the steps overshoot")).to_be_visible()
    settled(page)
    for button, was in zip(buttons[:5], before, strict=False):  # the answer moves no button
        box = button.bounding_box()
        assert box
        assert was
        assert (box["x"], box["y"]) == (was["x"], was["y"])
    assert lowest(page, ".figures") <= 800
    page.get_by_role("button", name="Show learning rate 0.5").click()
    page.wait_for_url("**lr=0.5**")
    assert "present=1" in page.url


@pytest.mark.parametrize("mode", ["", "&present=1"])
def test_both_runs_of_a_lesson_stand_side_by_side_with_their_names_and_one_scrubber(
    page: Page, server: Server, mode: str
) -> None:
    opened(page, f"{server.address}?data=plane&hidden=0&lr=1&epochs=200{mode}")
    page.get_by_role("button", name="Side by side").click()
    stages = page.locator(".stage")
    expect(stages).to_have_count(2)
    charts = page.locator(".losses")
    charts.nth(1).locator(".cursor").wait_for()
    settled(page)

    left, right = (each.bounding_box() for each in stages.all())
    assert left
    assert right
    assert left["x"] + left["width"] <= right["x"]
    assert (left["y"], left["height"]) == (right["y"], right["height"])
    for text, box in (("Learning rate 1", left), ("Learning rate 0.5", right)):
        name = page.get_by_text(text, exact=True).bounding_box()
        assert name
        assert name["x"] == pytest.approx(box["x"], abs=2)
        assert name["y"] < box["y"]
    expect(page.get_by_label("State of the network").locator("visible=true")).to_have_count(1)
    assert lowest(page, ".losses .xtick") <= 800

    page.locator(".player").first.press("Home")
    for where, rate in zip(page.locator(".where").all(), (1, 0.5), strict=True):
        first = train(Settings((), rate, 200, data="plane")).losses[0]
        expect(where).to_contain_text("After 0 of ")
        expect(where).to_contain_text(f"loss {first:.4f}")
    expect(charts.nth(1).locator(".at")).to_have_text("shown: epoch 0")


def test_presented_the_comparison_is_whole_and_no_text_in_it_is_small(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.address}?tab=Compare&present=1")
    page.locator(".map .heatmaplayer image").first.wait_for(timeout=60_000)
    settled(page)

    row, drawn = page.locator(".st-key-heading-Side-by-side"), page.locator(".map .main-svg").first
    for size in SIZES:
        if size != page.viewport_size:
            before = str(drawn.get_attribute("width"))
            page.set_viewport_size(size)
            expect(drawn).not_to_have_attribute("width", before)
        row.scroll_into_view_if_needed()
        row.get_by_role("button", name="Pin this run").wait_for()
        assert not row.evaluate("row => row.scrollHeight > row.clientHeight + 1")
        assert row.evaluate(WITHIN)
        page.wait_for_function(ALL_LARGE, arg=TEXT)
        assert "Side by side" in page.evaluate(TEXTS_OF_THE_PAGE)
