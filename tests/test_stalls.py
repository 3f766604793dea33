"""Actions of a visitor are not lost while the server stalls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Server, figure, opened, served, settled, slider
from tests.oracle import article_loop
from tests.stalling import STALLED
from tinynet import Settings

pytestmark = pytest.mark.usefixtures("no_errors")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's log."""
    return tmp_path_factory.mktemp("stalls") / "log.txt"


@pytest.fixture(scope="module")
def server(log: Path) -> Iterator[Server]:
    """The page on a server that stalls when a message arrives while a script runs."""
    page = Path(__file__).with_name("stalled_page.py")
    with log.open("wb") as said, served(page, log=said) as server:
        yield server


def go_back_to_the_article(page: Page) -> None:
    page.get_by_role("button", name="Back to the article").click()


def add_a_unit(page: Page) -> None:
    slider(page, "Hidden units").press("ArrowRight")


@pytest.mark.alone  # beside others, a late answer can move the player by an epoch
@pytest.mark.parametrize(
    ("act", "settings"),
    [
        (go_back_to_the_article, Settings()),  # the whole page is redrawn
        (add_a_unit, Settings((8,))),  # only the parts that depend on the settings are redrawn
    ],
)
def test_a_step_of_the_player_while_the_rest_is_drawn_loses_no_part_and_no_number(
    page: Page, server: Server, log: Path, act: Callable[[Page], None], settings: Settings
) -> None:
    opened(page, f"{server.address}?hidden=7")
    parts = page.get_by_role("heading", level=2).all_inner_texts()
    assert "What it printed" in parts
    stalls = log.read_text().count(STALLED)
    stage = page.locator(f'.player[data-run="{settings!r}"]')

    act(page)
    stage.wait_for()
    for _ in range(2):
        page.locator(".player").press("ArrowLeft")
    page.wait_for_url("**epoch=48**")
    settled(page)

    page.get_by_text("epoch: 49 loss:").scroll_into_view_if_needed()
    settled(page)

    assert log.read_text().count(STALLED) > stalls  # otherwise the test would prove nothing
    assert page.get_by_role("heading", level=2).all_inner_texts() == parts
    expect(page.locator(".where")).to_contain_text("After 48 of 50 epochs")
    expect(page.get_by_text("48 of 50 epochs done.")).to_be_visible()  # below the predictions
    expect(page.get_by_test_id("stDataFrame")).to_have_count(1)
    run = article_loop([*settings.hidden_units], settings.learning_rate, 50, 0)
    expect(figure(page, "Loss")).to_have_text(f"{run['losses'][48]:.4f}")
    expect(page.get_by_text(f"epoch: 49 loss: {run['losses'][-1]}")).to_be_visible()
    expect(stage).to_have_count(1)
