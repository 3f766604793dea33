"""Time and bytes from `streamlit run` to the first chart: this page against the plain one.

    python -m tests.benchmarks.cold_start [rounds]

Each round starts a fresh server and a browser with an empty cache; the file cache of the operating
system is warm for both pages. Bytes are counted as transferred, served by Streamlit itself.
"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from time import perf_counter

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.key_press import CURVE, PLAIN
from tests.benchmarks.plain import plain_page
from tests.benchmarks.table import print_table
from tests.browser import PAGE, Server, launch, served, settled


def count_bytes(page: Page) -> list[float]:
    """Return a list that grows by the size of each message that the page receives."""
    received: list[float] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    wire.on(
        "Network.webSocketFrameReceived",  # binary messages arrive as base64
        lambda event: received.append(len(event["response"]["payloadData"]) * 3 / 4),
    )
    return received


def first_load(browser: Browser, serving: AbstractContextManager[Server]) -> dict[str, float]:
    """Start a server and open its page; return seconds to a slider and the chart, and MB."""
    start = perf_counter()
    with serving as server:
        context = browser.new_context()
        page = context.new_page()
        received = count_bytes(page)
        page.goto(server.address)
        page.get_by_role("slider").first.wait_for(timeout=60_000)
        slider = perf_counter() - start
        page.wait_for_function(f"({PLAIN}) ?? ({CURVE})", timeout=60_000)
        chart = perf_counter() - start
        settled(page)
        context.close()
    return {"slider, s": slider, "chart, s": chart, "first load, MB": sum(received) / 1e6}


def main(rounds: int = 7) -> None:
    """Start both servers in turn, and print a table for each measurement."""
    seen: dict[str, dict[str, list[float]]] = {}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for _ in range(rounds):
            for name, serving in (("plain page", plain_page()), ("this page", served(PAGE))):
                for figure, value in first_load(browser, serving).items():
                    seen.setdefault(figure, {}).setdefault(name, []).append(value)
        browser.close()
    for figure, values in seen.items():
        print_table(values, unit=figure, digits=2)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
