"""Visitors in a browser: history, sharing, phones, downloads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser import (
    CHART,
    Server,
    Shared,
    figure,
    opened,
    settled,
    slider,
)
from tests.forks import run_fresh
from tests.oracle import article_loop, final_loss
from tests.take_home import predict, run_cells
from tests.whole_page import query, rested

pytestmark = pytest.mark.usefixtures("no_errors")
NOTICE = "stAlert"


def test_the_link_follows_what_is_shown(page: Page, server: Server) -> None:
    opened(page, server.address)

    slider(page, "Hidden units").press("ArrowRight")
    page.get_by_role("radio", name="Look inside").click()
    page.get_by_label("Epoch, 0 to").wait_for()
    settled(page)
    page.get_by_label("Epoch, 0 to").press("ArrowDown")
    page.get_by_role("button", name="Share").click()
    link = page.get_by_test_id("stPopoverBody").locator("code").first
    expect(link).to_contain_text("hidden=6&")
    expect(link).to_contain_text("tab=Look+inside&epoch=48")

    page.get_by_label("Epoch, 0 to").press("ArrowDown")
    expect(link).to_contain_text("tab=Look+inside&epoch=47")


def test_new_first_weights_stand_in_the_address_and_quick_clicks_end_in_some_that_are_whole(
    page: Page, server: Server
) -> None:
    opened(page, server.address)

    page.get_by_role("button", name="New initial weights").click()
    page.wait_for_url(re.compile(r"\?weight_seed=\d+$"))
    drawn = int(query(page).partition("=")[2])

    expect(figure(page, "Loss")).to_have_text(final_loss(weight_seed=drawn))
    settled(page)

    page.get_by_role("button", name="New initial weights").evaluate(
        "each => { for (let click = 0; click < 4; click += 1) each.click(); }"
    )
    page.wait_for_url(lambda url: not url.endswith(f"?weight_seed={drawn}"))
    settled(page)

    drawn = int(query(page).removeprefix("weight_seed="))
    expect(slider(page, "Seed")).to_have_value("0")
    expect(figure(page, "Loss")).to_have_text(final_loss(weight_seed=drawn))

    page.get_by_test_id("stExpander").get_by_text("More").click()
    settled(page)
    slider(page, "Seed of the weights").press("Home")
    page.wait_for_url(lambda url: "seed" not in url)
    expect(figure(page, "Loss")).to_have_text(final_loss())


@pytest.mark.parametrize(
    "wrong",
    [
        "hidden=abc&lr=nan&epochs=inf&seed=-1&device=tpu&colour=red",
        "hidden=1_0&lr=1e999&epochs=99999999999999999999&device=cuda:99",
        "hidden=6&hidden=7&lr=&seed=%3Cscript%3Ealert(1)%3C/script%3E",
        f"lr={'9' * 20_000}&hidden=65",
        "&".join(f"junk{number}=1" for number in range(900)),
    ],
    ids=lambda wrong: wrong[:24],
)
def test_a_wrong_address_opens_the_article_and_says_so(
    page: Page, server: Server, wrong: str
) -> None:
    page.on("dialog", lambda _: pytest.fail("a script from the address ran"))
    opened(page, f"{server.address}?{wrong}")

    assert page.get_by_test_id(NOTICE).count() == 1
    expect(figure(page, "Loss")).to_have_text(final_loss())
    assert query(page) == ""


def test_the_scale_of_the_loss_axis_is_a_switch_away_that_no_visit_to_another_tab_forgets(
    page: Page, server: Server
) -> None:
    opened(page, server.address)
    chart = page.locator(CHART)
    expect(chart.locator(".ytick").first).to_have_text("0")
    expect_name_on_line(chart)

    page.get_by_role("radio", name="Fit").click()
    expect(chart.locator(".ytick").first).to_contain_text("0.23")
    expect_name_on_line(chart)

    page.get_by_role("radio", name="Log").click()
    expect(chart.locator(".ytick").first).to_have_text("0.1")
    expect(chart.locator(".annotation-text")).to_have_text("baseline (always the mean): 0.24")
    expect_name_on_line(chart)

    page.get_by_role("radio", name="Code").click()
    page.get_by_role("radio", name="Class", exact=True).click()
    expect(page.get_by_text("class TinyNet")).to_be_visible()
    page.get_by_role("radio", name="Watch").click()
    expect(page.get_by_role("radio", name="Log")).to_be_checked()
    page.get_by_role("radio", name="Code").click()
    expect(page.get_by_role("radio", name="Class", exact=True)).to_be_checked()


def expect_name_on_line(chart: Locator) -> None:
    """Check that the name of the mean's loss lies on its line, at the right end."""
    line = chart.locator(".shapelayer path").bounding_box()
    name = chart.locator(".annotation-text").bounding_box()
    assert line
    assert name
    assert -3 < line["y"] - (name["y"] + name["height"]) < 8


def test_two_visitors_share_one_run(page: Page, server: Server, context: BrowserContext) -> None:
    address = f"{server.address}?epochs=5000&seed=77"
    other = context.new_page()
    other.goto(address)
    opened(page, address)
    for each in (page, other):  # the time shown for an unfinished run still grows
        expect(each.locator(".where")).to_contain_text("After 5,000 of 5,000 epochs")

    time_taken = figure(page, "Training time").inner_text()
    assert len(time_taken) > len("99 ms")
    expect(figure(other, "Training time")).to_have_text(time_taken)
    other.close()


def test_a_script_that_nobody_waits_for_stops(page: Page, server: Server) -> None:
    page.goto(f"{server.address}?tab=Code&epochs=10000&hidden=61")
    page.get_by_text("import torch").first.wait_for()
    page.get_by_role("button", name="Run it here").click()
    expect(page.get_by_role("progressbar", name="Running")).to_be_visible()

    slider(page, "Epochs").press("Home")

    assert server.processor_seconds_until_it_rests() < 1.2  # the script itself takes twice that
    expect(page.get_by_text("for epoch in range(1):")).to_be_visible()


WATCH_WHAT_WAITS = """async (milliseconds) => {
  const opacities = [], start = performance.now();
  while (performance.now() - start < milliseconds) {
    for (const each of document.querySelectorAll("[data-stale=true]"))
      opacities.push(Number(getComputedStyle(each).opacity));
    await new Promise(requestAnimationFrame);
  }
  return { seen: opacities.length, least: Math.min(...opacities) };
}"""


def test_what_waits_for_a_script_stays_legible(page: Page, server: Server) -> None:
    page.goto(f"{server.address}?tab=Code&epochs=10000&hidden=60")
    page.get_by_role("button", name="Run it here").click()
    expect(page.get_by_role("progressbar", name="Running")).to_be_visible()

    waited = page.evaluate(WATCH_WHAT_WAITS, 1_500)

    assert waited["seen"] > 0
    assert waited["least"] == 1


def test_a_phone_shows_everything_without_sideways_scrolling(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 375, "height": 812})
    page.emulate_media(color_scheme="light")
    opened(page, server.address)

    grounds: dict[Any, str] = {"light": "rgb(253, 253, 252)", "dark": "rgb(20, 25, 31)"}
    for theme, ground in grounds.items():
        page.emulate_media(color_scheme=theme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground)
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        assert page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth") <= 375
        for kind in (".figures", CHART, ".stDataFrame", "pre.plain"):
            boxes = [each.bounding_box() for each in page.locator(kind).all()]
            assert boxes
            for box in boxes:
                assert box
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= 375
        loop = page.locator("pre.whole")
        assert loop.evaluate("e => e.scrollWidth > e.clientWidth")
        assert loop.evaluate("e => e.scrollHeight - e.clientHeight") == 0  # also the last line
        page.get_by_role("heading", name="Loss by epoch").scroll_into_view_if_needed()
        switch = page.get_by_role("radiogroup", name="Scale of the loss axis")
        expect(switch).to_be_in_viewport(ratio=1)  # not cut off by its row
        switch.get_by_role("radio").first.click(trial=True)  # nothing covers it
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(page.get_by_test_id("stSlider").first).to_be_in_viewport(ratio=1)
    page.evaluate("localStorage.clear()")  # Streamlit's record that the sidebar is open


def test_the_chart_and_the_table_have_words_for_screen_readers(
    shared: Shared, server: Server
) -> None:
    page = shared(opened, server.address)

    expect(page.get_by_label("Line chart of the loss over 50 epochs").first).to_be_visible()
    expect(page.get_by_label("The prediction and target of each row").first).to_be_visible()


def test_the_downloads_that_arrive_run_and_give_the_numbers_on_the_screen(
    page: Page, server: Server, tmp_path: Path
) -> None:
    page.goto(f"{server.address}?hidden=18&lr=0.5&seed=2")
    page.get_by_role("radio", name="Code").click()
    page.wait_for_url("**&tab=Code")
    page.get_by_role("button", name="Download").click()
    files = {}
    for kind in ("script", "notebook", "trained weights", "losses"):
        with page.expect_download() as arriving:
            page.get_by_role("button", name=f"The {kind}").click()
        files[kind] = tmp_path / arriving.value.suggested_filename
        arriving.value.save_as(files[kind])

    assert {path.stem for path in files.values()} == {"tinynet_hidden18_lr0.5_epochs50_cpu_seed2"}
    expected = article_loop([18], 0.5, 50, 2)
    lines = [f"epoch:  {epoch}  loss:  {loss}" for epoch, loss in enumerate(expected["losses"])]
    script = files["script"].read_text()
    assert run_fresh(script) == lines
    assert run_cells(files["notebook"].read_text()) == lines
    assert predict(script, files["trained weights"]) == expected["predictions"]
    assert files["losses"].read_text().splitlines()[-1] == f"49,{expected['losses'][-1]}"


def test_run_it_here_answers_in_the_browser_and_a_permalink_opens_the_same_tab(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.address}?tab=Code&hidden=18")
    page.get_by_role("button", name="Run it here").click()

    expect(page.get_by_text("50 of 50 losses identical to the chart.")).to_be_visible()

    page.get_by_role("button", name="Share").click()
    link = page.get_by_test_id("stPopoverBody").locator("code").first.inner_text()
    page.goto(link)
    expect(page.get_by_role("radio", name="Code")).to_have_attribute("aria-checked", "true")
    page.wait_for_url(f"{server.address}?hidden=18&tab=Code")


def test_the_epoch_stands_in_history_address_and_permalink_unless_a_shorter_run_lacks_it(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.address}?tab=Look+inside")
    number = page.get_by_label("Epoch, 0 to")
    number.wait_for()
    before: int = page.evaluate("history.length")
    for entry, epoch in enumerate((48, 47), start=1):
        number.press("ArrowDown")
        page.wait_for_url(f"**epoch={epoch}**")
        rested(page, before + entry)

    page.go_back()

    expect(number).to_have_value("48")
    expect(page.locator(".where")).to_contain_text("After 48 of 50")

    page.get_by_role("radio", name="Code").click()
    page.get_by_text("import torch").first.wait_for()
    page.get_by_role("radio", name="Look inside").click()
    expect(page.locator(".lines[data-update='48']")).to_be_visible()
    assert set(query(page).split("&")) == {"tab=Look+inside", "epoch=48"}

    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.address)
    page.get_by_role("button", name="Share").click()
    link = page.get_by_test_id("stPopoverBody").locator("code").first.inner_text()
    assert link.endswith("&tab=Look+inside&epoch=48")
    expect(page.get_by_text("The link is copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    page.goto(link)
    expect(page.locator(".lines[data-update='48']")).to_be_visible()
    assert set(query(page).split("&")) == {"tab=Look+inside", "epoch=48"}

    settled(page)
    slider(page, "Epochs").press("ArrowLeft")
    expect(page.locator(".lines[data-update='19']")).to_be_visible()
    settled(page)
    assert set(query(page).split("&")) == {"epochs=20", "tab=Look+inside"}
    page.get_by_role("button", name="Share").click()
    link = page.get_by_test_id("stPopoverBody").locator("code").first.inner_text()
    assert link.endswith("&tab=Look+inside&epoch=19")
