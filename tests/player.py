"""Shared helpers for the tests of the player."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import Server, settled
from tests.oracle import article_loop


def opened(page: Page, server: Server, query: str = "") -> Page:
    page.goto(f"{server.address}?tab=Look+inside{query}")
    expect(page.get_by_text("One row's arithmetic")).to_be_visible()
    expect(page.locator(".where")).to_contain_text("After")
    settled(page)
    return page


def leave(page: Page) -> None:
    """Move the pointer off the picture, and clear the focus of the keys."""
    page.locator(".stage").dispatch_event("pointerleave")
    page.locator(".player").press("Escape")


def where(state: int, epochs: int = 50, rate: float = 0.01) -> re.Pattern[str]:
    run = article_loop([5], rate, epochs, 0)
    loss = [*run["losses"], run["final_loss"]][state]
    return re.compile(f"After {state} of {epochs} epochs: loss {loss:.4f}")
