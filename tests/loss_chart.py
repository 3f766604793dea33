"""Shared helpers for the tests of the loss chart in a browser."""

from __future__ import annotations

from playwright.sync_api import FloatRect, Page

from tests.browser import (
    CHART,
)


def plot(page: Page) -> FloatRect:
    box = page.locator(f"{CHART} .nsewdrag").bounding_box()
    assert box
    return box
