"""The drawn network of the article, at a state in the middle of a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.drawn import (
    RATE,
    STATE,
    Strokes,
    on,
    staged,
)
from tests.oracle import article_loop
from tinynet import Settings


@pytest.fixture(scope="module")
def stage(context: BrowserContext) -> Iterator[Page]:
    """The article's network, at a state in the middle of a run."""
    with staged(context, Settings(learning_rate=RATE), STATE) as page:
        yield page


@pytest.fixture(scope="module")
def drawn(stage: Page) -> Strokes:
    """The recorded drawing of its canvas."""
    expect(stage.locator(".where")).to_contain_text(f"After {STATE} of 50 epochs")
    return on(stage)


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """The values of the article's loop in that state."""
    run = article_loop([5], RATE, STATE + 1, 0)
    return {**run["last epoch"], "x": run["inputs"]}
