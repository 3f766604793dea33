"""Shared helpers for the tests of presentation mode."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser import settled


def present(page: Page) -> None:
    page.get_by_role("button", name="Present").click()
    page.get_by_role("button", name="Leave").wait_for()
    settled(page)
