"""Strokes sent to the server, and paintings in every tab."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import Server, calm_context, rested, settled
from tests.forks import run_fresh
from tests.node import Module
from tests.page_in_app_test import opened
from tests.painting import REACH, Easel, inputs
from tests.test_painting import painted
from tinynet import Settings, to_script
from tinynet.links.address import TABS, read_address
from tinynet.links.maps import OPENING
from tinynet.stage.strokes import RULES, Stroke, easel, read_stroke
from tinynet.stage.user_data import STARTER
from tinynet.user_data import Painting


def test_the_bytes_of_a_place_are_the_nearest_and_none_is_beyond_a_byte(module: Module) -> None:
    places = np.linspace(0, 1, 41)
    spots = module.evaluate(
        "([shares, rules]) => shares.map((share) => pure.spotAt(share, 1 - share, rules))",
        [places.tolist(), RULES],
    )

    x = inputs(Painting(tuple((right, up, 0) for right, up in spots)))
    expected = np.stack([(2 * places - 1) * REACH] * 2, axis=1).clip(-2.56, 2.54)
    np.testing.assert_allclose(x, expected, atol=0.0101)


def test_only_planes_whose_points_may_stand_in_a_link_can_be_painted_on() -> None:
    assert easel(Settings(), None) is None
    assert easel(Settings(data="curve"), None) is None
    assert all(easel(Settings(data=data), None) for data in ("moons", "arms", "hills", STARTER))


SENT = {"stroke": 3, "numbers": False, "points": [1, 2, 0, 3, 4, 1]}


def test_a_stroke_is_a_painting_and_its_number() -> None:
    assert read_stroke(SENT) == Stroke(Painting(((1, 2, 0), (3, 4, 1))), 3)


@pytest.mark.parametrize(
    "forged",
    [
        *(None, [], "painting", {}, {**SENT, "stroke": -1}, {**SENT, "stroke": True}),
        *({**SENT, "numbers": 0}, {**SENT, "points": None}, {**SENT, "points": []}),
        *(
            {**SENT, "points": [1, 2]},
            {**SENT, "points": [1, 2, 3]},
            {**SENT, "points": [1, 2, ""]},
        ),
        *({**SENT, "points": [1, 2.5, 0]}, {**SENT, "points": [-1, 2, 0]}),
        *({**SENT, "points": [[1, 2, 0]] * 3}, {**SENT, "points": [1, 2, 0] * 201}),
    ],
    ids=str,
)
def test_what_no_browser_of_ours_sends_is_no_stroke(forged: object) -> None:
    assert read_stroke(forged) is None


ODD = {
    "one point": Painting(((100, 100, 0),)),
    "of the third class alone": Painting(((100, 100, 2), (140, 100, 2))),
    "without the second class": Painting(tuple((60 + 9 * i, 100, 2 * (i % 2)) for i in range(12))),
    "all in one place": Painting(tuple((128, 128, i % 3) for i in range(20))),
    "of one number": Painting(tuple((60 + 9 * i, 90, 200) for i in range(12)), numbers=True),
    "as large as it may be": painted(200),
}


SMALLEST = "hidden~4~5~seed~0~1~loss"  # networks on the map; without it, many more


@pytest.mark.slow
@pytest.mark.parametrize(("share", "shown"), [("0", OPENING.text()), ("0.5", SMALLEST)])
@pytest.mark.parametrize("painting", ODD.values(), ids=ODD)
def test_every_tab_shows_any_painting(painting: Painting, share: str, shown: str) -> None:
    for tab in TABS:
        page = opened(data=painting.text(), tab=tab, test=share, map=shown)

        assert not page.exception
        assert not page.error
        assert not page.warning


def printed(page: Page) -> list[str]:
    text = page.locator("pre", has_text="epoch:  0").last.inner_text()
    return [line for line in text.splitlines() if line.startswith("epoch:")]


@pytest.mark.usefixtures("no_errors")
def test_a_drawing_shared_by_its_link_trains_to_the_same_bits_in_another_browser(
    page: Page, server: Server, browser: Browser
) -> None:
    page.goto(f"{server.address}?data=moons&rows=50&activation=tanh&lr=0.5")
    page.get_by_role("button", name="Paint").click()
    it = Easel(page)
    it.drag((-2, -2), (-1, 0))
    expect(page).to_have_url(re.compile("data=painting"))
    settled(page)
    rested(page)
    it.pick("Class 2")
    it.drag((2, 2), (1, 0))
    expect(page.get_by_role("group", name="Parameters", exact=True)).to_contain_text("-3")
    settled(page)

    settings = read_address(parse_qs(urlsplit(page.url).query)).settings
    other = calm_context(browser)
    visitor = other.new_page()
    visitor.goto(page.url)
    visitor.locator(".where").wait_for()
    settled(visitor)
    losses = run_fresh(to_script(settings))
    assert settings.outputs == 3
    assert printed(page) == printed(visitor) == losses
    other.close()

    page.go_back()
    expect(page.get_by_role("group", name="Parameters", exact=True)).to_contain_text("-1")
    page.go_back()
    expect(page.get_by_role("combobox", name="Data")).to_have_value("Moons")
