"""The key of the drawn network, and the parts that a line of the loop highlights."""

from __future__ import annotations

import base64
import re
from operator import itemgetter
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.drawn import (
    BLUE,
    ORANGE,
    RATE,
    STATE,
    circles,
    edges,
    key,
    of,
    on,
    sign,
    staged,
)
from tests.node import Module
from tinynet import Settings, train
from tinynet.stage.message import packed

LIGHT = """async (line) => {
  const { light } = await import("/scripts/shared/lit.js");
  light(line);
}"""


def test_what_a_line_lights_is_on_the_edges_and_the_rest_is_dimmed(
    context: BrowserContext, made: dict[str, Any]
) -> None:
    settings = Settings(learning_rate=RATE)
    weight, bias, (output_weight,), output_bias = made["gradients"]
    numbers = [*np.ravel(weight).tolist(), *bias, *output_weight, *output_bias]
    line = {"run": repr(settings), "epoch": STATE, "batch": 0, "words": "it.", "numbers": numbers}
    with staged(context, settings, STATE, opens_epochs=True) as page:
        plain = edges(on(page))
        page.evaluate(LIGHT, line)
        lit, rings = edges(on(page)), circles(on(page), "stroke")
        said, covered = page.locator(".lit").inner_text(), of(on(page), "bar")[-1]
        page.evaluate(LIGHT, {**line, "numbers": None, "answers": True})
        of_the_loss = of(on(page), "bar")[-1]
        page.evaluate(LIGHT, {**line, "numbers": []})
        cleared = edges(on(page))
        page.evaluate(LIGHT, {**line, "epoch": STATE - 1})
        elsewhere = edges(on(page))

    values = [*np.ravel(weight).tolist(), *output_weight]
    widest = max(map(abs, values))
    assert sorted(each["width"] for each in lit) == pytest.approx(
        sorted(0.4 + (max(each["width"] for each in lit) - 0.4) * abs(v) / widest for v in values)
    )
    blue = sum(value > 0 for value in values)
    assert sum(each["line"] == BLUE for each in lit) == blue
    for ring, value in zip(rings[10:], [*bias, *output_bias], strict=True):
        assert ring["line"] == sign(value) if value else ring["line"] not in (BLUE, ORANGE)
    assert said == f"In the picture: it. The widest is {widest:.4f}."
    assert (covered["alpha"], covered["x"] > 400) == (0.75, True)  # the area of the predictions
    assert (of_the_loss["alpha"], of_the_loss["x"]) == (0.75, 0)  # the area of the network
    assert not {each["line"] for each in cleared} & {BLUE, ORANGE}
    look = itemgetter("line", "width", "alpha", "path")
    assert list(map(look, elsewhere)) == list(map(look, plain)) != list(map(look, lit))


def test_the_last_state_of_a_player_that_opens_epochs_is_where_the_last_one_begins(
    context: BrowserContext,
) -> None:
    with staged(context, Settings(epochs=7), opens_epochs=True) as page:
        page.locator(".player").press("End")
        expect(page.locator(".where")).to_have_text(
            re.compile(r"^After 6 of 7 epochs: loss 0\.\d{4}; epoch 6 begins here$")
        )
        page.locator(".player").press("ArrowLeft")
        expect(page.locator(".where")).to_contain_text("; epoch 5 begins here")
    with staged(context, Settings(epochs=1), opens_epochs=True) as page:
        expect(page.locator(".where")).to_contain_text("After 0 of 1 epochs")


LINE, RING, SIZE = "line: weight", "ring: bias", "stronger: larger"
DASHED = "dashed: dead"
OF_CLASSES = ("blue: + or 1", "orange: − or 0")
OF_NUMBERS = ("blue: +", "orange: −")


@pytest.mark.parametrize(
    ("knobs", "fill", "rest"),
    [
        ({}, "mean of the batch", ("tick: target", *OF_CLASSES, DASHED)),
        (
            {"batch_size": 5, "activation": "tanh"},
            "mean of all rows",
            ("tick: target", *OF_CLASSES),
        ),
        (
            {"data": "moons", "activation": "tanh"},
            "value all over the plane",
            OF_CLASSES,
        ),
        (
            {"data": "moons", "activation": "tanh", "hidden_units": (64,)},
            "value all over the plane; if small, the mean",
            OF_CLASSES,
        ),
        ({"data": "hills"}, "value all over the plane", (*OF_NUMBERS, DASHED)),
        ({"data": "plane", "hidden_units": ()}, "value all over the plane", OF_NUMBERS),
        ({"data": "curve"}, "value for every x", (*OF_NUMBERS, DASHED)),
        (
            {"data": "blobs", "loss": "cross_entropy"},
            "value all over the plane",
            (*OF_NUMBERS, "outputs: the colours of their classes", DASHED),
        ),
    ],
    ids=str,
)
def test_what_lines_rings_fills_and_colours_mean_is_said_for_each_kind_of_picture(
    context: BrowserContext, knobs: dict[str, Any], fill: str, rest: tuple[str, ...]
) -> None:
    with staged(context, Settings(**{"epochs": 5, **knobs})) as page:
        assert key(page) == [LINE, RING, f"fill: {fill}", SIZE, *rest]
        colours = page.locator(".key .square").evaluate_all(
            "all => all.map((each) => getComputedStyle(each).color)"
        )
    assert colours == ["rgb(47, 127, 193)", "rgb(192, 118, 43)"]  # blue and orange, as drawn


@pytest.mark.parametrize(
    "knobs",
    [
        {"test_share": 0.3},
        {"data": "moons"},
        {"data": "moons", "hidden_units": (64,), "test_share": 0.3},
        {"data": "blobs", "loss": "cross_entropy", "hidden_units": (64,)},
        {"data": "curve", "hidden_units": (64,)},
    ],
    ids=str,
)
def test_the_key_is_two_lines_beside_the_loss_chart_so_that_no_slider_moves_what_is_below(
    context: BrowserContext, knobs: dict[str, Any]
) -> None:
    with staged(context, Settings(**{"epochs": 5, **knobs}), width=532) as page:
        box = page.locator(".key").bounding_box()
    assert box
    assert box["height"] < 40


def test_the_key_is_two_lines_beside_the_loss_chart_and_names_the_row_that_is_picked(
    context: BrowserContext,
) -> None:
    with staged(context, Settings(epochs=5), width=532) as page:  # 516 pixels of stage, as at 1280
        assert key(page)[2] == "fill: mean of the batch"
        box = page.locator(".key").bounding_box()
        picker = page.get_by_label("Row of the batch that fills the nodes")
        assert picker.locator("option").all_inner_texts() == ["all", *map(str, range(10))]
        picker.select_option("7")
        assert key(page)[2] == "fill: value for row 7"
    assert box
    assert box["height"] < 40


def test_the_key_gives_way_to_what_a_line_lights(context: BrowserContext) -> None:
    with staged(context, Settings(epochs=5), opens_epochs=True) as page:
        expect(page.locator(".lit")).to_be_hidden()
        name = page.locator(".player").get_attribute("data-run")
        line = {"run": name, "epoch": 4, "batch": 0, "words": "it.", "answers": True}
        page.evaluate(LIGHT, {**line, "numbers": [0.5] * 61})
        expect(page.locator(".lit")).to_have_text("In the picture: it.")
        expect(page.locator(".key")).to_be_hidden()


FOLLOWED = """([bytes, place]) => {
  const data = pure.unpack(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
  return pure.followed(pure.decode(data), 3, place, "It", data);
}"""


@pytest.mark.parametrize(("place", "rate"), [(0, 0.5), (54, 0.5), (55, 1), (60, 1)])
def test_a_number_of_the_last_layer_is_followed_by_that_layers_rate(
    module: Module, place: int, rate: float
) -> None:
    sent = packed(train(Settings(learning_rate=0.5, last_layer_rate=2)), None)
    told = module.evaluate(FOLLOWED, [base64.b64encode(sent).decode(), place])

    assert re.search(rf" - {rate} × \(?-?[\d.e-]+\)? = ", told)
