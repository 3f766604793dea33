"""Shared helpers for the tests of the page without a browser."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.browser import PAGE
from tests.visitor import facts_of
from tinynet.ui.session import VISIT
from tinynet.ui.story.share import OPEN


def opened(**query: str | list[str]) -> AppTest:
    """Open the page with these parameters in its address."""
    page = AppTest.from_file(PAGE, default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    return to_the_end(page.run())


def to_the_end(page: AppTest) -> AppTest:
    """Request more of a long run, as the browser does, until it has ended."""
    while any('role="progressbar"' in each.value for each in page.html):
        page.run()
    return page


def with_link(**query: str) -> AppTest:
    """Open the page, and its link for sharing."""
    page = opened(**query)
    page.session_state[OPEN] = True
    return page.run()


def with_batch(page: AppTest, batch: int) -> AppTest:
    """Open a batch of the epoch, as the component of the lines does; batches count from 0."""
    page.session_state[VISIT] = replace(page.session_state[VISIT], batch=batch)
    return page


def stage(page: AppTest) -> dict[str, Any]:
    """Return the stage's facts, which precede its numbers."""
    return facts_of(components(page)["tinynet_player"])


def printed(page: AppTest) -> list[float]:
    return [float(line.rpartition("  ")[2]) for line in plain_text(page, "epoch:").splitlines()]


def plain_text(page: AppTest, start: str) -> str:
    """Return the text of the box that begins with these words."""
    boxes = (box.value.partition(">")[2].removesuffix("</pre>") for box in page.html)
    return unescape(next(box for box in boxes if box.startswith(start)))


def script_of(page: AppTest) -> str:
    return next(code.value for code in page.code if code.value.startswith("import torch")) + "\n"


def components(page: AppTest) -> dict[str, bytes]:
    """Return the data of each component on the page."""
    drawn = (each.proto for each in page.get("bidi_component"))
    return {each.component_name: each.bytes for each in drawn}
