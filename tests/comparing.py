"""Shared helpers for the tests of the tab Compare."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as Late

from tests.browser import Server, settled
from tinynet.links.maps import OPENING

MAP = ".st-key-map"
PLOT = f"{MAP} .nsewdrag"
PINS = ".st-key-pins-chart .scatterlayer .js-line"
COARSE, FINEST, FEW = re.compile(r"^[\d,]+ networks(;| shown|$)"), "16,384 networks", "256 networks"


def opened(
    page: Page, server: Server, query: str = "", until: str | re.Pattern[str] = FINEST
) -> Page:
    """Open the tab, and wait until the map has this many cells."""
    page.goto(f"{server.address}?tab=Compare&{query}")
    page.locator(PLOT).wait_for(timeout=60_000)
    expect(page.get_by_text(until, exact=isinstance(until, str))).to_be_visible(timeout=60_000)
    settled(page)
    return page


def shown(page: Page) -> dict[str, tuple[float, float]]:
    """Return the range of each axis of the map, from the address."""
    query = parse_qs(urlsplit(page.url).query)
    x, *x_ends, y, low, high, _ = query.get("map", [OPENING.text()])[0].split("~")
    ends = (tuple(map(float, each)) for each in (x_ends, (low, high)))
    return dict(zip((x, y), ends, strict=True))  # type: ignore[arg-type]


def until_there(page: Page, act: Callable[[], None], address: str | re.Pattern[str]) -> None:
    """Act until the page has this address: a busy browser may miss a wheel or a tap."""
    for _ in range(4):
        act()
        with suppress(Late):
            page.wait_for_url(address, timeout=5_000)
            return
    act()
    page.wait_for_url(address)


def pick(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
