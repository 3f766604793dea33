"""Accessibility: axe-core, which knows the rules of WCAG, finds nothing to mend."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser import ROOT, Server, opened, settled, slider

AXE = ROOT / "tests" / "scripts" / "node_modules" / "axe-core" / "axe.min.js"
FOUND = """async () => {
  const { violations } = await axe.run();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
}"""
# On a busy machine our styles arrive after the heading; a caption shows when they are there.
IS_STYLED = """() => {
  const captions = [...document.querySelectorAll("[data-testid=stCaptionContainer]")];
  return captions.every((each) => getComputedStyle(each).opacity === "1");
}"""
VIEWS = {
    "the first view": "",
    "a classification": "data=moons",
    "an epoch": "tab=Look+inside&data=spiral",
    "the code": "tab=Code&test=0.3&data=blobs",
    "a lesson": "data=xor&hidden=0&lr=1&epochs=200",
    "presented": "data=moons&present=1",
}


def violations(page: Page) -> Any:
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    return page.evaluate(FOUND)


@pytest.mark.parametrize("query", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation(
    page: Page, server: Server, query: str, theme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto(f"{server.address}?{query}")
    page.get_by_role("heading", name="TinyNet").wait_for()
    settled(page)
    page.wait_for_function(IS_STYLED)

    assert violations(page) == []


def test_the_tab_key_goes_from_knob_to_knob(page: Page, server: Server) -> None:
    opened(page, f"{server.address}?data=moons")
    slider(page, "Hidden units").focus()

    for name in ("Learning rate", "Epochs", "Seed"):
        page.keyboard.press("Tab")
        expect(slider(page, name)).to_be_focused()
    assert page.locator("[tabindex='0'][aria-label^=Help]").count() == 0
