"""The time from a key press on a slider to the visible change: this page against the plain one.

    python -m tests.benchmarks.key_press [presses]

The plain page is the article as thirty naive lines of Streamlit, with Streamlit's defaults; the
floor is a slider and a line of text, with our configuration. All pages run in turn in one browser.
An element counts as seen at the first task after the frame that shows it. Only visible elements
count, because Streamlit keeps a removed chart in the page, hidden, for 100 ms or more.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.benchmarks.plain import plain_page
from tests.benchmarks.table import print_table
from tests.browser import PAGE, Server, launch, served, settled, slider

VISIBLE = "filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.clientWidth > 0)"
PLOT = f"[...document.querySelectorAll('.js-plotly-plot')].{VISIBLE}[0]"
PLAIN = f"{PLOT}?.querySelector('.scatterlayer .js-line')?.getAttribute('d')"
ANSWER = "document.querySelector('#answer')?.innerText"
SHADOW = "[...document.querySelectorAll('.st-key-{} *')].map((e) => e.shadowRoot).find((e) => e)"
HOST = SHADOW.format("player")
FIGURES = f"{HOST}?.querySelector('[data-figure=loss]')?.innerText"
CURVE = f"[...{HOST}?.querySelectorAll('.scatterlayer .js-line') ?? []].pop()?.getAttribute('d')"
PLAYER = f"{HOST}?.querySelector('.player')?.dataset.run"
STAGE = {"figures": FIGURES, "loss chart": CURVE, "stage": PLAYER}
FLOOR = Path(__file__).with_name("floor_page.py")
WATCH = """([name, expression]) => {
  const look = new Function(`return ${expression}`);
  window.painted ??= {};
  window.addEventListener('keydown', () => {
    const start = performance.now(), before = look();
    window.painted[name] = null;
    const wait = () => requestAnimationFrame(() => {
      const now = look();
      if (!now || now === before) return wait();
      const afterwards = new MessageChannel();
      afterwards.port1.onmessage = () => { window.painted[name] = performance.now() - start; };
      afterwards.port2.postMessage(null);
    });
    wait();
  }, true);
}"""


def watched(page: Page, address: str, watches: dict[str, str]) -> Page:
    """Open a page, wait for all watched elements, and start to watch them."""
    page.emulate_media(reduced_motion="reduce")  # otherwise it would play during another's press
    page.goto(address)
    for name, expression in watches.items():
        page.wait_for_function(expression, timeout=60_000)
        page.evaluate(WATCH, [name, expression])
    settled(page)
    return page


def press(page: Page, label: str) -> dict[str, float]:
    """Press the right arrow on a slider; return the milliseconds until each element is painted."""
    slider(page, label).press("ArrowRight")
    page.wait_for_function("Object.values(window.painted).every(each => each !== null)")
    settled(page)
    painted: dict[str, float] = page.evaluate("window.painted")
    return painted


def measure(
    browser: Browser | BrowserContext, servers: tuple[Server, Server, Server], presses: int
) -> dict[str, list[float]]:
    """Press in turn; return the milliseconds, starting with the plain page's chart.

    The servers are those of this page, the plain page and the floor page.
    """
    ours, plain, floor = servers
    times: dict[str, list[float]] = {}
    inside = f"{ours.address}?tab=Look+inside"
    moons = f"{ours.address}?data=moons&hidden=8-8&activation=tanh&optimizer=adam&lr=0.05"
    # The player is timed with the seed, which leaves the size of its film unchanged.
    watches = (
        (plain.address, {"plain page, chart": PLAIN}, "Hidden units"),
        (floor.address, {"floor, text": ANSWER}, "Hidden units"),
        (ours.address, STAGE, "Hidden units"),
        (inside, {"player": PLAYER}, "Seed"),
        (moons, {"stage, moons with 8-8": PLAYER}, "Seed"),
    )
    pages = {
        watched(browser.new_page(), address, watch): label for address, watch, label in watches
    }
    for _ in range(presses):
        for page, label in pages.items():
            page.bring_to_front()
            for name, milliseconds in press(page, label).items():
                times.setdefault(name, []).append(milliseconds)
    for page in pages:
        page.close()
    return times


def main(presses: int = 40) -> None:
    """Measure, and print medians, spreads and ratios."""
    with (
        sync_playwright() as playwright,
        served(PAGE) as ours,
        plain_page() as plain,
        served(FLOOR) as floor,
    ):
        print_table(measure(launch(playwright), (ours, plain, floor), presses), unit="ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
