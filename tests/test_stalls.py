"""A server that is held up for a moment: what a visitor does meanwhile loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Server, figure, opened, served, settled, slider
from tests.oracle import article_loop

pytestmark = pytest.mark.usefixtures("no_errors")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The page, on a server that stalls when a message comes while a script runs."""
    with served(Path(__file__).with_name("stalled_page.py")) as server:
        yield server


def follow_the_hint(page: Page) -> None:
    page.get_by_role("button", name="Try it").click()


def add_a_unit(page: Page) -> None:
    slider(page, "Hidden units").press("ArrowRight")


@pytest.mark.parametrize(
    ("act", "shown", "settings"),
    [
        (follow_the_hint, "learning_rate=0.5", ([5], 0.5)),  # all of the page is drawn anew
        (add_a_unit, "hidden_units=(6,)", ([6], 0.01)),  # those parts that depend on it
    ],
)
def test_a_step_of_the_player_while_the_rest_is_drawn_leaves_every_part_there_and_up_to_date(
    page: Page,
    server: Server,
    act: Callable[[Page], None],
    shown: str,
    settings: tuple[list[int], float],
) -> None:
    opened(page, server.address)
    parts = page.get_by_role("heading", level=3).all_inner_texts()
    assert "What it printed" in parts

    act(page)
    page.locator(f".player[data-run*='{shown}']").wait_for()
    for _ in range(2):
        page.locator(".player").press("ArrowLeft")
    page.wait_for_url("**epoch=48**")
    settled(page)

    assert page.get_by_role("heading", level=3).all_inner_texts() == parts
    expect(page.locator(".where")).to_contain_text("After 48 of 50 epochs")
    expect(page.get_by_text("After 48 of 50 epochs.")).to_be_visible()  # below the predictions
    expect(page.get_by_test_id("stDataFrame")).to_have_count(1)
    run = article_loop(*settings, 50, 0)
    expect(figure(page, "Final loss")).to_have_text(f"{run['final_loss']:.4f}")
    expect(page.get_by_text(f"epoch: 49 loss: {run['losses'][-1]}")).to_be_visible()
