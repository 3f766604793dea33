"""A move of a slider: the visible part comes first and alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser import Server, figure, opened, settled, slider
from tests.oracle import article_loop, final_loss
from tests.page_in_app_test import opened as opened_without_browser
from tests.visitor import Visitor, run, visiting
from tinynet import Run, Settings
from tinynet.links.address import TABS
from tinynet.ui.session import VISIT

MOST = 12  # messages until the stage is complete


def kind_of(message: ForwardMsg) -> str:
    """Return the content of a message."""
    kind = str(message.WhichOneof("type"))
    element = message.delta.new_element if kind == "delta" else None
    if element and element.WhichOneof("type") == "bidi_component":
        return str(element.bidi_component.component_name)
    return kind


async def messages_of(visitor: Visitor, **values: float) -> list[str]:
    """Move sliders, and return the messages until the script ends."""
    await visitor.send(visitor.compose(**values))
    kinds = []
    async for data in visitor.connection:
        kinds.append(kind_of(ForwardMsg.FromString(data)))
        if kinds[-1] == "script_finished":
            return kinds
    return kinds


def moved(server: Server, **values: float) -> list[str]:
    async def move() -> list[str]:
        async with visiting(server.address) as (visitor, _):
            return await messages_of(visitor, **values)

    return run(move())


@pytest.mark.parametrize("values", [{"Hidden units": 9}, {"Seed": 3}, {"Learning rate": 0.5}])
def test_a_move_brings_the_stage_within_a_dozen_messages_and_one_script(
    server: Server, values: dict[str, float]
) -> None:
    kinds = moved(server, **values)

    assert kinds.index("tinynet_player") < MOST
    assert Counter(kinds)["tinynet_player"] == 1
    assert Counter(kinds)["new_session"] == 1


def test_the_address_follows_with_the_rest_of_the_page(page: Page, server: Server) -> None:
    opened(page, server.address)
    slider(page, "Hidden units").press("ArrowRight")

    page.wait_for_url("**?hidden=6")
    expect(figure(page, "Loss")).to_have_text(final_loss(6))


def test_what_stands_below_is_drawn_again_once_it_is_in_sight(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    opened(page, server.address)
    before = page.get_by_text("epoch: 49 loss:").inner_text()
    slider(page, "Hidden units").press("ArrowRight")
    page.wait_for_url("**?hidden=6")
    settled(page)

    assert page.get_by_text("epoch: 49 loss:").inner_text() == before  # not looked at yet
    page.get_by_role("heading", name="What it printed").scroll_into_view_if_needed()

    loss = article_loop([6], 0.01, 50, 0)["losses"][-1]
    expect(page.get_by_text("epoch: 49 loss:")).to_contain_text(str(loss))


def test_a_slider_that_is_moved_moves_no_other_while_a_long_run_is_drawn_again_and_again(
    page: Page, server: Server
) -> None:
    query = "hidden=8-8&lr=0.05&epochs=500&data=moons&activation=tanh&optimizer=adam"
    page.goto(f"{server.address}?{query}")
    page.locator(".player[data-run]").wait_for()
    page.get_by_role("progressbar").wait_for(state="detached", timeout=100_000)
    settled(page)
    slider(page, "Seed").press("ArrowRight")

    wanted = {*query.split("&"), "seed=1"}
    page.wait_for_url(lambda url: set(url.partition("?")[2].split("&")) == wanted)
    expect(slider(page, "Hidden units, layer 2")).to_have_value("8")


@pytest.mark.slow
@pytest.mark.parametrize("tab", TABS)
def test_a_visit_holds_settings_and_never_a_run(tab: str) -> None:
    visit = opened_without_browser(tab=tab, hidden="7").session_state[VISIT]

    assert visit.settings == Settings((7,))
    assert not any(isinstance(each, Run) for each in vars(visit).values())


def test_a_request_that_left_before_a_jump_takes_nothing_back(server: Server) -> None:
    async def visit() -> Any:
        async with visiting(f"{server.address}?hidden=7&lr=0.5") as (visitor, _):
            values = {"Hidden units": 7, "Learning rate": 0.5, "Epochs": 50, "Seed": 0}
            late = visitor.compose(**values)
            visitor._values.clear()  # the page sets new sliders
            jump = await visitor.request(visitor.click("Back to the article"))
            answer = await visitor.request(late)
            return (answer.losses or jump.losses)[:50]

    assert run(visit()) == pytest.approx(article_loop([5], 0.01, 50, 0)["losses"])
