"""Painting: points set by pointer and keys, and the server's answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser import blank
from tests.drawn import RECORD, of, on
from tests.node import Module
from tests.painting import REACH, Easel, inputs
from tests.stage import stage_address
from tests.test_painting import NUMBERS, THREE, TWO, painted
from tinynet import Settings, train
from tinynet.stage.assets import PLAYER_HTML
from tinynet.stage.strokes import easel

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
        assert apart.min() > 0.6 * apart.max()  # points are closer together around the corner


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
        it.press("Enter")  # shows the cursor, in the middle
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
        it.answer(Settings(data=THREE))  # through the browser's history
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
