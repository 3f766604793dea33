"""The whole page in a browser: what its tests share."""

from __future__ import annotations

from playwright.sync_api import Page


def query(page: Page) -> str:
    return page.url.partition("?")[2]


def rested(page: Page, entries: int) -> None:
    """Wait until the browser keeps so many addresses."""
    page.wait_for_function("entries => history.length === entries", arg=entries)
