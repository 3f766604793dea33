"""Runs that take seconds, in a real browser: their progress, and when they stop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import Server, figure, in_motion, opened, served, slider
from tests.oracle import article_loop, final_loss
from tests.test_opening import RECORD, at_rest, seen

STOPPED = 1.2  # seconds of processor time to stop and to draw; the long run takes twice that

pytestmark = pytest.mark.usefixtures("no_errors")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The page on a server where 10,000 epochs take seconds."""
    with served(Path(__file__).with_name("slow_page.py")) as server:
        yield server


def test_a_long_run_shows_its_progress_and_is_not_played_after_that(
    page: Page, server: Server
) -> None:
    page.add_init_script(RECORD)
    in_motion(page).goto(f"{server.address}?epochs=5000&seed=5&hidden=64")

    expect(page.get_by_text(re.compile(r"Training: epoch [\d,]+ of 5,000"))).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0, timeout=120_000)
    expect(figure(page, "Loss")).to_have_text(final_loss(64, epochs=5000, seed=5))
    at_rest(page, 5_000)

    epochs = seen(page)
    assert epochs[0] > 0
    assert epochs == sorted(epochs)


def test_a_link_to_a_state_that_is_not_trained_yet_leads_there(page: Page, server: Server) -> None:
    page.goto(f"{server.address}?epochs=5000&seed=6&hidden=64&epoch=1000")
    expect(page.get_by_text(re.compile(r"Training: epoch [\d,]+ of 5,000"))).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0, timeout=120_000)

    expect(page.locator(".where")).to_contain_text(
        re.compile(r"After (9\d\d|1,000) of 5,000 epochs")
    )


# Records the progress of an unfinished run every 20 ms.
SAMPLES = """() => {
  const sample = (bar) => {
    const chart = [...document.querySelectorAll(".st-key-player *")].find((e) => e.shadowRoot);
    const curve = [...(chart?.shadowRoot.querySelectorAll(".scatterlayer .js-line") ?? [])].pop();
    return {
      bar: Number(bar.ariaValueNow),
      width: parseFloat(bar.firstElementChild.style.width),
      words: bar.previousElementSibling.innerText,
      curve: curve?.getAttribute("d"),
    };
  };
  window.samples = [];
  setInterval(() => {
    const bar = document.querySelector("[role=progressbar]");
    if (bar) window.samples.push(sample(bar));
  }, 20);
}"""


@pytest.mark.alone  # a browser that others keep busy may paint nothing for seconds
def test_the_curve_grows_with_bar_and_words_and_a_rest_of_the_player_stops_nothing(
    page: Page, server: Server
) -> None:
    opened(page, f"{server.address}?seed=11&hidden=64")
    slider(page, "Epochs").press("End")
    page.get_by_role("progressbar").wait_for()
    page.evaluate(SAMPLES)
    expect(page.locator(".player[data-run*=until]")).to_be_visible()
    page.locator(".player").press("Home")

    expect(page.get_by_role("progressbar")).to_have_count(0, timeout=120_000)
    samples = page.evaluate("window.samples")
    assert samples
    for each in samples:
        assert each["words"] == f"Training: epoch {each['bar']:,} of 10,000"
        assert each["width"] == pytest.approx(each["bar"] / 100, abs=0.01)
    assert len({each["curve"] for each in samples if each["curve"]}) >= 2  # usually 4 to 10
    first, *_ = article_loop([64], 0.01, 1, 11)["losses"]
    expect(figure(page, "Loss")).to_have_text(f"{first:.4f}")
    expect(page.locator(".where")).to_contain_text("After 0 of 10,000 epochs")


def test_moving_on_does_not_wait_for_a_long_run(page: Page, server: Server) -> None:
    opened(page, server.address)
    page.goto(f"{server.address}?epochs=10000&hidden=62")
    expect(page.get_by_role("progressbar")).to_be_visible()

    expected = final_loss(62, epochs=1)
    slider(page, "Epochs").press("Home")
    expect(figure(page, "Loss")).to_have_text(expected)

    page.goto(f"{server.address}?epochs=10000&hidden=62")  # the long run has not ended
    expect(page.get_by_role("progressbar")).to_be_visible()


@pytest.mark.parametrize("leaving", ["a moved slider", "a slider moved at once", "a closed page"])
def test_a_run_that_nobody_waits_for_stops(
    context: BrowserContext, server: Server, leaving: str
) -> None:
    visitor = context.new_page()
    opened(visitor, f"{server.address}?epochs=50&hidden=63&seed={len(leaving)}")
    slider(visitor, "Epochs").press("End")
    if leaving != "a slider moved at once":
        expect(visitor.get_by_role("progressbar")).to_be_visible()

    if leaving != "a closed page":
        slider(visitor, "Epochs").press("Home")
    else:
        visitor.close()

    assert server.processor_seconds_until_it_rests() < STOPPED
    visitor.close()
