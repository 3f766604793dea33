"""Presentation mode leaves nothing behind in the browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page


@pytest.fixture(autouse=True)
def forgotten(page: Page) -> Iterator[None]:
    """After the test, clear the theme and the sidebar, which the browser would keep."""
    yield
    if page.url != "about:blank":
        page.evaluate("localStorage.clear()")
