"""Presentation mode: playing, picking, and the sliders on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser import Server, opened, settled, slider
from tests.presented import present

CONTROLS = 12 * 27  # pixels of everything above and below the stage
HEADING = 2.25 * 27  # and of the heading of the losses, with the margin above it

pytestmark = pytest.mark.usefixtures("no_errors")


def test_nonsense_for_presenting_is_told_and_presented_the_lines_stand_below_their_picture(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.address}?tab=Look+inside&present=wall")
    page.get_by_role("radio", name="loss.backward()").wait_for()
    settled(page)
    expect(page.get_by_text("The link has an invalid value of present")).to_be_visible()
    expect(page.get_by_role("button", name="Present")).to_be_visible()
    assert "present" not in page.url

    present(page)
    page.get_by_role("radio", name="loss.backward()").check()
    line = page.get_by_role("radio", name="loss.backward()").bounding_box()
    picture = page.locator(".player").bounding_box()
    assert line
    assert picture
    assert line["y"] >= picture["y"] + picture["height"]


def test_presented_it_plays_picks_switches_its_theme_follows_the_window_and_can_be_left(
    page: Page, server: Server
) -> None:
    opened(page, f"{server.address}?lr=0.5")
    present(page)

    page.locator(".player").press("Home")
    expect(page.locator(".where")).to_contain_text("After 0 of 50 epochs")
    box = page.locator(".stage").bounding_box()
    assert box
    text = 27 / 16  # the losses take the lower half of the stage
    node = 0.28 * box["width"], 22 * text + (box["height"] / 2 - 28 * text) / 5 * 1.5
    page.mouse.move(box["x"] + node[0], box["y"] + node[1])
    expect(page.locator(".tip")).to_contain_text("hidden 1")
    page.wait_for_url("**epoch=0**")
    settled(page)

    ground = page.locator(".player").evaluate("e => getComputedStyle(e).backgroundColor")
    page.get_by_test_id("stMainMenuButton").click()
    page.get_by_text("Dark").click()
    expect(page.locator(".player")).not_to_have_css("background-color", ground)
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Leave").click()
    expect(page.locator(".stage")).to_have_css("height", "438px")
    expect(slider(page, "Hidden units")).to_be_visible()

    present(page)
    page.set_viewport_size({"width": 1280, "height": 1000})
    stage = page.locator(".stage")
    expect(stage).to_have_css("height", re.compile(f"{1000 - CONTROLS:.0f}px|677px"))
    plot = page.locator(".plot .main-svg").first
    expect(plot).to_have_css(
        "height", re.compile(rf"{(1000 - CONTROLS) / 2 - HEADING:.0f}px|271px")
    )

    page.set_viewport_size({"width": 600, "height": 800})
    page.get_by_role("button", name="Leave").click()
    expect(page.locator(".stage")).not_to_have_css("height", f"{800 - CONTROLS:.0f}px")


def test_on_a_phone_the_four_sliders_stand_below_the_stage_are_scrolled_and_drive_it(
    page: Page, server: Server
) -> None:
    page.set_viewport_size({"width": 375, "height": 812})
    wire = page.context.new_cdp_session(page)
    wire.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    opened(page, f"{server.address}?lr=0.5")
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(slider(page, "Hidden units")).to_be_visible()
    page.locator(".stage").evaluate("e => e.getRootNode().host.scrollIntoView()")

    page.wait_for_function(  # the sidebar slides in
        "document.querySelector('[data-testid=stSidebar]').getBoundingClientRect().x === 0"
    )
    sheet = page.get_by_test_id("stSidebar").bounding_box()
    stage = page.locator(".stage").bounding_box()
    assert sheet
    assert stage
    assert (sheet["x"], sheet["width"]) == (0, 375)
    assert sheet["y"] - stage["y"] >= 320 + 200  # the network, and most of the predictions
    for label in ("Hidden units", "Learning rate", "Epochs"):
        box = slider(page, label).bounding_box()
        assert box
        assert sheet["y"] <= box["y"] < box["y"] + box["height"] <= 812

    a_swipe_scrolls_and_drags_a_thumb(page, wire)

    slider(page, "Hidden units").press("End")
    expect(page.locator(".player[data-run*='(64,)']")).to_be_attached()
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()


def a_swipe_scrolls_and_drags_a_thumb(page: Page, wire: CDPSession) -> None:
    """Swipe over a slider and its thumb: only a horizontal swipe moves it."""
    rate = page.locator(".st-key-lr")
    thumb = rate.locator("div:has(> [data-testid=stSliderThumbValue])").bounding_box()
    rail = rate.locator("div:has(> div > [data-testid=stSliderThumbValue])").bounding_box()
    assert thumb
    assert rail
    on_thumb = thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2
    on_rail = rail["x"] + 20, rail["y"] + rail["height"] / 2

    def swipe(start: tuple[float, float], right: float, down: float) -> None:
        for kind, shares in (("Start", [0]), ("Move", [k / 10 for k in range(1, 11)])):
            for share in shares:
                point = {"x": start[0] + right * share, "y": start[1] + down * share}
                message = {"type": f"touch{kind}", "touchPoints": [point]}
                wire.send("Input.dispatchTouchEvent", message)
                page.wait_for_timeout(16)
        wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_timeout(400)

    for start in (on_rail, on_thumb):
        swipe(start, 0, -80)
        assert page.get_by_test_id("stSidebarContent").evaluate("e => e.scrollTop") > 20
        page.get_by_test_id("stSidebarContent").evaluate("e => { e.scrollTop = 0; }")
        assert "lr=0.5" in page.url

    swipe(on_thumb, -40, 0)
    page.wait_for_url(lambda url: "lr=0.5" not in url)
