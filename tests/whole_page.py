"""Shared helpers for the tests of the whole page in a browser."""

from __future__ import annotations

from playwright.sync_api import Page


def query(page: Page) -> str:
    return page.url.partition("?")[2]


def rested(page: Page, entries: int) -> None:
    """Wait until the browser's history has this many addresses."""
    page.wait_for_function("entries => history.length === entries", arg=entries)
