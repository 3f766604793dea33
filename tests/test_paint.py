"""Painting: what the pointer and the keys put on the plane, and what the server makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import Server, blank, calm_context, rested, settled
from tests.forks import run_fresh
from tests.node import Module
from tests.stage import stage_address
from tests.test_app import opened
from tests.test_drawing import RECORD, encoded, of, on
from tests.test_painting import NUMBERS, THREE, TWO, painted
from tinynet import Settings, to_script, train
from tinynet.links.address import TABS, read_address
from tinynet.links.maps import OPENING
from tinynet.stage.assets import PLAYER_HTML
from tinynet.stage.message import PlayerView, packed
from tinynet.stage.strokes import RULES, Stroke, easel, read_stroke
from tinynet.stage.user_data import STARTER
from tinynet.user_data import Painting

MOONS = Settings((4,), 0.1, 20, data="moons", rows=50)
MOUNT = """async (html) => {
  const { default: player } = await import("/scripts/streamlit/player.js");
  const { default: functions } = await import("/functions.js");
  const parentElement = document.querySelector("div");
  parentElement.innerHTML = html;
  window.sent = [];
  const setTriggerValue = (name, value) => name === "paint" && sent.push(value);
  window.answer = (film) => {
    const data = Uint8Array.from(atob(film), (each) => each.charCodeAt(0));
    player({ data, parentElement, setTriggerValue }, functions);
  };
}"""
REACH = 1.02 * 2.56  # how far the plane of a painting reaches


@dataclass
class Easel:
    """The player by itself, with a server that answers when it is told to."""

    page: Page

    def answer(self, settings: Settings, stroke: Stroke | None = None) -> None:
        """Send the run of these settings, of this stroke if it is the answer to one."""
        run = train(settings)
        self.page.evaluate("answer", encoded(packed(run, PlayerView(None, stroke=stroke))))
        expect(self.page.locator(".player")).to_have_attribute("data-run", repr(settings))

    @property
    def sent(self) -> list[Stroke]:
        """What the server heard, stroke by stroke."""
        strokes = [read_stroke(each) for each in self.page.evaluate("sent")]
        assert all(strokes)
        return [each for each in strokes if each]

    @property
    def last(self) -> Painting:
        """What the server heard last."""
        return self.sent[-1].painting

    def pick(self, name: str) -> None:
        """Click on a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def drag(self, *places: tuple[float, float]) -> None:
        """Drag over the plane, by places in the network's own inputs; of one, click."""
        box = self.page.locator(".easel").bounding_box()
        assert box
        for number, (x1, x2) in enumerate(places):
            right, down = ((1 + sign * x / REACH) / 2 for sign, x in ((1, x1), (-1, x2)))
            self.page.mouse.move(box["x"] + right * box["width"], box["y"] + down * box["height"])
            if not number:
                self.page.mouse.down()
        self.page.mouse.up()

    def told(self) -> str:
        """What stands below the picture."""
        return self.page.locator(".lit").inner_text()


@contextmanager
def put_up(context: BrowserContext, settings: Settings) -> Iterator[Easel]:
    with blank(context) as page:
        page.set_viewport_size({"width": 900, "height": 600})
        page.goto(stage_address())
        page.evaluate(RECORD)
        page.evaluate(MOUNT, PLAYER_HTML)
        it = Easel(page)
        it.answer(settings)
        it.pick("Paint")
        yield it


def inputs(painting: Painting) -> Any:
    return train(Settings(data=painting, epochs=1)).inputs


def test_a_click_sets_a_point_where_it_is_and_a_drag_points_that_are_well_apart(
    context: BrowserContext,
) -> None:
    with put_up(context, Settings(data=TWO)) as it:
        it.pick("Class 1")
        it.drag((-1.5, 0.7))
        x = inputs(it.last)
        assert it.last.points[:3] == TWO.points
        np.testing.assert_allclose(x[3:], [[-1.5, 0.7]], atol=0.03)  # a pixel, and half a byte

        it.pick("Class 2")
        it.drag((-2, -2), (0, -2), (0, -1))
        x = inputs(it.last)[4:]
        assert len(it.sent) == 2
        assert {answer for _, _, answer in it.last.points[4:]} == {2}
        assert 8 < len(x) < 16
        apart = np.linalg.norm(np.diff(x, axis=0), axis=1)
        assert apart.min() > 0.6 * apart.max()  # around the corner nearer


def test_the_eraser_takes_what_it_touches_and_undo_brings_it_back(context: BrowserContext) -> None:
    with put_up(context, Settings(data=TWO)) as it:
        it.pick("Erase")
        it.drag((0, 1))
        assert it.sent == []
        it.drag((-1.5, 0), (1.5, 0))
        assert it.last.points == TWO.points[2:]

        it.answer(Settings(data=it.last), it.sent[-1])
        it.pick("Undo the last stroke")
        assert it.last == TWO
        it.pick("Undo the last stroke")
        assert len(it.sent) == 2


def test_of_no_points_the_server_hears_nothing_and_the_page_asks_for_one(
    context: BrowserContext,
) -> None:
    with put_up(context, MOONS) as it:
        it.pick("Erase")
        it.pick("Clear")
        expect(it.page.locator(".eraser")).to_have_attribute("aria-pressed", "false")
        assert it.sent == []
        assert it.told().startswith("Paint at least one point.")
        it.drag((1, 1))
        assert len(it.last.points) == 1

        it.pick("Clear")
        it.pick("Done")
        assert len(it.sent) == 1
        assert "Paint" not in it.told()


def test_one_begins_with_the_set_that_is_shown(context: BrowserContext) -> None:
    settings = Settings((4,), 0.1, 20, data="moons", rows=50, test_share=0.3)
    run = train(settings)
    with put_up(context, settings) as it:
        assert "50 points of this set" in it.told()
        it.drag((2, 2))
        painting = it.last

    rows = np.concatenate([run.points, run.test_points])
    targets = np.concatenate([run.targets, run.test_targets]).ravel()
    np.testing.assert_allclose(inputs(painting)[:-1], rows, atol=0.0101)
    assert [answer for _, _, answer in painting.points[:-1]] == targets.tolist()


def test_what_lies_beyond_the_plane_is_left_out_and_room_is_left_for_more(
    context: BrowserContext,
) -> None:
    settings = Settings((4,), 0.1, 5, data="moons", rows=1_000, noise=1.0)
    points = train(settings).points
    with put_up(context, settings) as it:
        it.drag((2, 2))
        painting = it.last

    within = points[(np.abs(points) <= REACH).all(axis=1)]
    np.testing.assert_allclose(inputs(painting)[:-1], within[:100].clip(-2.56, 2.54), atol=0.0101)


def test_a_regression_is_painted_with_numbers(context: BrowserContext) -> None:
    with put_up(context, Settings(data=NUMBERS)) as it:
        it.press("2")
        it.drag((-2, 2))
        it.pick("Number 1")
        it.drag((2, 2))
        run = train(Settings(data=it.last, epochs=1))

    assert run.targets.ravel().tolist() == [-1, 0, 1, -0.5, 1]


def test_all_of_it_goes_by_keys(context: BrowserContext) -> None:
    with put_up(context, Settings(data=TWO)) as it:
        it.press("Enter")  # shows where one is: in the middle
        assert it.sent == []
        it.press("2", "Enter", "ArrowRight", "ArrowUp", "ArrowUp", "1", "Space")
        assert it.last.points[3:] == ((128, 128, 2), (133, 138, 1))
        it.press("Shift+ArrowLeft", "Shift+ArrowDown", "0", "Enter")
        assert it.last.points[5:] == ((132, 137, 0),)
        it.press("Delete")
        assert it.last.points[3:] == ((128, 128, 2),)
        it.press("z")
        assert len(it.last.points) == 6
        it.press("Control+z")
        assert len(it.last.points) == 5
        it.press("Escape")
        expect(it.page.get_by_role("button", name="Paint")).to_be_focused()
        it.press("ArrowLeft")
        expect(it.page.locator(".where")).to_contain_text("After 49 of 50")


def test_a_key_sets_one_point_at_a_place_and_the_last_brush_wins(context: BrowserContext) -> None:
    with put_up(context, Settings(data=TWO)) as it:
        it.press("0", "Enter", "Enter", "1", "Enter", "Enter")

        assert it.last.points == (*TWO.points, (128, 128, 1))


def test_at_two_hundred_points_it_says_so_and_takes_no_more(context: BrowserContext) -> None:
    with put_up(context, Settings(data=painted(198), epochs=2)) as it:
        it.drag((-2, -2), (2, -2))
        assert len(it.last.points) == 200
        assert it.told().startswith("200 points, no more fit into a link")
        sent = len(it.sent)
        it.drag((-2, 2), (2, 2))
        assert len(it.sent) == sent


def test_points_show_before_the_server_answers_and_stay_when_it_answers_late(
    context: BrowserContext,
) -> None:
    with put_up(context, Settings(data=TWO)) as it:
        drawn = len(of(on(it.page), "fill"))
        it.drag((-1.5, 1))
        assert len(of(on(it.page), "fill")) > drawn
        first = it.sent[-1]
        it.drag((1.5, 1))
        it.drag((1.5, -1))
        it.answer(Settings(data=first.painting), first)
        it.drag((-1.5, -1))

        assert it.last.points[:3] == TWO.points
        assert len(it.last.points) == 7


def test_other_rows_end_the_painting_and_another_painting_is_painted_on(
    context: BrowserContext,
) -> None:
    with put_up(context, Settings(data=TWO)) as it:
        it.drag((-1.5, 1))
        it.answer(Settings(data=it.last), it.sent[-1])
        it.answer(Settings(data=THREE))  # by way of the browser's history
        it.drag((1.5, 1))
        assert it.last.points[:3] == THREE.points

        it.answer(MOONS)
        expect(it.page.get_by_role("button", name="Paint")).to_be_visible()
        expect(it.page.locator(".easel")).to_be_hidden()


def test_the_plane_of_a_painting_stays_as_it_is_whatever_is_painted(module: Module) -> None:
    for painting in (TWO, painted(3)):
        rules = easel(Settings(data=painting), None)
        assert rules
        assert module.evaluate("pure.reachOf", rules) == pytest.approx(REACH)


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


SMALLEST = "hidden~4~5~seed~0~1~loss"  # networks on the map, else the page trains as many as it can


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
