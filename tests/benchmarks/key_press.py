"""From a key press on a slider to the new chart painted: this page beside the plain one.

    python -m tests.benchmarks.key_press [presses]

The plain page is the article as thirty naive lines of Streamlit, with Streamlit's defaults. The
two are pressed in turn in one browser; the chart counts as painted in the frame after its line
has changed.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import PAGE, launch, opened, served, settled, slider

PLAIN = Path(__file__).with_name("plain_page.py")
LINES = "document.querySelectorAll('.stPlotlyChart .scatterlayer .js-line')"
WATCH = f"""() => {{
  const line = () => {{ const all = {LINES}; return all.length && all[all.length - 1]; }};
  window.addEventListener('keydown', () => {{
    const start = performance.now(), before = line().getAttribute('d');
    window.painted = null;
    const look = () => {{
      const now = line();
      if (now && now.getAttribute('d') && now.getAttribute('d') !== before)
        requestAnimationFrame(() => {{ window.painted = performance.now() - start; }});
      else requestAnimationFrame(look);
    }};
    look();
  }}, true);
}}"""


def watched(page: Page, address: str) -> Page:
    """Open a page, and start its watch over the chart."""
    opened(page, address).evaluate(WATCH)
    return page


def press(page: Page) -> float:
    """Press the right arrow on the hidden units; milliseconds until the chart is painted."""
    slider(page, "Hidden units").press("ArrowRight")
    page.wait_for_function("window.painted !== null && window.painted !== undefined")
    settled(page)
    milliseconds: float = page.evaluate("window.painted")
    return milliseconds


def main() -> None:
    """Press in turn, and print medians, spread and ratio."""
    presses = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with (
        tempfile.TemporaryDirectory() as elsewhere,  # a folder without our config
        served(PAGE) as ours,
        served(PLAIN, cwd=Path(elsewhere)) as plain,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        pages = {"this page": watched(browser.new_page(), ours.address)}
        pages["plain page"] = watched(browser.new_page(), plain.address)
        times: dict[str, list[float]] = {name: [] for name in pages}
        for _ in range(presses):
            for name, page in pages.items():
                page.bring_to_front()
                times[name].append(press(page))
        browser.close()
    for name, each in times.items():
        quartiles = statistics.quantiles(each, n=4)
        spread = f"half of all {quartiles[0]:.0f} to {quartiles[2]:.0f}"
        print(f"{name:11} p50 {quartiles[1]:4.0f} ms, {spread}")
    ratio = statistics.median(times["this page"]) / statistics.median(times["plain page"])
    print(f"ratio of the medians {ratio:.2f}")


if __name__ == "__main__":
    main()
