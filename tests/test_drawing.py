"""What the player draws, stroke by stroke: PyTorch's numbers, in their places and colours."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise, product
from operator import itemgetter
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import blank
from tests.node import Module
from tests.oracle import article_loop
from tests.stage import stage_address
from tests.test_files import penguins
from tinynet import Settings, train
from tinynet.registry.activations import ACTIVATIONS
from tinynet.stage.assets import PLAYER_HTML
from tinynet.stage.message import PlayerView, packed

STATE, RATE = 12, 0.5
BLUE, ORANGE = "#2f7fc1", "#c0762b"
TARGETS = (1, 0, 0, 1, 1, 1, 0, 0, 1, 1)
# Notes what is drawn on the player's canvas since it was last cleared.
RECORD = """(() => {
  const pen = CanvasRenderingContext2D.prototype;
  let path = [];
  window.drawn = [];
  const note = (it, kind, more) => window.drawn.push({
    kind, fill: it.fillStyle, line: it.strokeStyle, alpha: it.globalAlpha, width: it.lineWidth,
    dashed: it.getLineDash().length > 0, ...more });
  const box = ([x, y, width, height]) => ({ x, y, w: width, h: height });
  const watch = {
    clearRect: () => { window.drawn = []; },
    beginPath: () => { path = []; },
    moveTo: (it, [x, y]) => path.push({ x, y }),
    lineTo: (it, [x, y]) => path.push({ x, y }),
    arc: (it, [x, y, radius]) => path.push({ x, y, radius }),
    stroke: (it) => note(it, "stroke", { path: [...path] }),
    fill: (it) => note(it, "fill", { path: [...path] }),
    fillRect: (it, given) => note(it, "bar", box(given)),
    strokeRect: (it, given) => note(it, "frame", box(given)),
    fillText: (it, [text, x, y]) => note(it, "text", { text, x, y, align: it.textAlign,
      font: it.font, w: it.measureText(text).width }),
  };
  for (const [name, look] of Object.entries(watch)) {
    const draw = pen[name];
    pen[name] = function (...given) {
      if (this.canvas.className === "stage") look(this, given);
      return draw.apply(this, given);
    };
  }
})()"""

MOUNT = """async ([film, html]) => {
  const { default: player } = await import("/scripts/streamlit/player.js");
  const { default: functions } = await import("/functions.js");
  const parentElement = document.querySelector("div");
  parentElement.innerHTML = html;
  const data = Uint8Array.from(atob(film), (each) => each.charCodeAt(0));
  player({ data, parentElement, setTriggerValue: () => {} }, functions);
}"""

Strokes = list[dict[str, Any]]


@pytest.fixture(scope="module")
def stage(context: BrowserContext) -> Iterator[Page]:
    """The article's network, at a state in the middle of a run."""
    with staged(context, Settings(learning_rate=RATE), STATE) as page:
        yield page


@contextmanager
def staged(
    context: BrowserContext,
    settings: Settings,
    state: int | None = None,
    width: int = 900,
    *,
    opens_epochs: bool = False,
) -> Iterator[Page]:
    """Open the player by itself, without a server; whatever breaks in it is raised at the end."""
    film = packed(train(settings), PlayerView(state, opens_epochs=opens_epochs))
    with blank(context) as page:
        page.set_viewport_size({"width": width, "height": 600})
        page.goto(stage_address())
        page.evaluate(RECORD)
        page.evaluate(MOUNT, [encoded(film), PLAYER_HTML])
        expect(page.locator(".where")).to_contain_text("After")
        yield page


def on(page: Page) -> Strokes:
    """Return what stands on its canvas."""
    strokes: Strokes = page.evaluate("window.drawn")
    return strokes


def pixel(page: Page, x: float, y: float) -> tuple[int, int, int]:
    """Return the colour at a place of its canvas, on a white ground."""
    red, green, blue, alpha = page.locator(".stage").evaluate(
        """(canvas, [x, y]) => [...canvas.getContext("2d")
          .getImageData(x * devicePixelRatio, y * devicePixelRatio, 1, 1).data]""",
        [x, y],
    )
    share = alpha / 255
    one, two, three = (round(255 * (1 - share) + share * each) for each in (red, green, blue))
    return one, two, three


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.fixture(scope="module")
def drawn(stage: Page) -> Strokes:
    """What stands on its canvas."""
    expect(stage.locator(".where")).to_contain_text(f"After {STATE} of 50 epochs")
    return on(stage)


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """What the article's loop makes of that state."""
    run = article_loop([5], RATE, STATE + 1, 0)
    return {**run["last epoch"], "x": run["inputs"]}


def of(drawn: Strokes, kind: str) -> Strokes:
    return [each for each in drawn if each["kind"] == kind]


def circles(drawn: Strokes, kind: str) -> Strokes:
    """Return the circles that were filled or stroked, from left to right, and from the top."""
    round_ones = [each for each in of(drawn, kind) if "radius" in (each["path"] or [{}])[0]]
    return sorted(round_ones, key=lambda each: (each["path"][0]["x"], each["path"][0]["y"]))


def sign(value: float) -> str:
    return BLUE if value > 0 else ORANGE


def follow(sizes: list[float], values: list[float]) -> None:
    """Hold drawn sizes to values: they grow with them, evenly."""
    assert np.corrcoef(sizes, np.abs(values))[0, 1] > 0.9999


def test_each_rows_bar_is_as_long_as_its_prediction_and_coloured_by_what_it_says(
    drawn: Strokes, made: dict[str, Any]
) -> None:
    bars = np.array(of(drawn, "bar")).reshape(10, 3)  # ground, prediction, target

    for (ground, bar, mark), (prediction,), target in zip(
        bars, made["y_pred"], TARGETS, strict=True
    ):
        assert (bar["x"], bar["y"], bar["h"]) == (ground["x"], ground["y"], ground["h"])
        assert bar["w"] / ground["w"] == pytest.approx(prediction, abs=1e-6)
        assert bar["fill"] == (BLUE if prediction > 0.5 else ORANGE)
        assert bar["alpha"] == 1
        end = mark["x"] + mark["w"] == ground["x"] + ground["w"]
        assert end if target else mark["x"] == ground["x"]
        assert mark["fill"] not in (BLUE, ORANGE, ground["fill"])


def test_rows_that_are_wrong_are_crossed(drawn: Strokes, made: dict[str, Any]) -> None:
    grounds = of(drawn, "bar")[::3]
    crosses = [each["y"] for each in of(drawn, "text") if each["text"] == "✕"]
    said = [prediction > 0.5 for (prediction,) in made["y_pred"]]
    wrong = [row for row in range(10) if said[row] != (TARGETS[row] == 1)]

    assert 0 < len(wrong) < 10
    assert len(crosses) == len(wrong)
    for row, y in zip(wrong, crosses, strict=True):
        assert grounds[row]["y"] < y < grounds[row]["y"] + grounds[row]["h"]


def test_the_bars_are_named_and_parted_at_one_half(drawn: Strokes) -> None:
    ground = of(drawn, "bar")[::3]
    beside = [each for each in of(drawn, "text") if each["align"] == "right"]
    head, *rows = [each for each in beside if each["x"] < ground[0]["x"]]
    below = [each for each in of(drawn, "text") if each["y"] > ground[9]["y"] + ground[9]["h"]]
    (half,) = [
        each
        for each in of(drawn, "stroke")
        if len(each["path"]) == 2 and each["path"][0]["x"] == each["path"][1]["x"]
    ]

    assert head["text"] == "row"
    assert [each["text"] for each in rows] == [str(row) for row in range(10)]
    for row, bar in zip(rows, ground, strict=True):
        assert bar["y"] < row["y"] <= bar["y"] + bar["h"]
    assert half["path"][0]["x"] == ground[0]["x"] + ground[0]["w"] / 2
    ends = {"left": 0, "center": 0.5, "right": 1}
    scale = {each["text"]: (each["x"] - ground[0]["x"]) / ground[0]["w"] for each in below}
    assert scale == pytest.approx({"0": 0, "0.5": 0.5, "1": 1})
    assert {each["text"]: ends[each["align"]] for each in below} == pytest.approx(scale)
    assert {"predictions and targets, ✕ wrong", "inputs", "5 hidden", "output"} <= {
        each["text"] for each in of(drawn, "text")
    }


def edges(drawn: Strokes) -> Strokes:
    """Return the lines between the nodes."""
    right = circles(drawn, "fill")[-1]["path"][0]["x"]
    lines = [each for each in of(drawn, "stroke") if len(each["path"]) == 2]
    rightmost = max(node["path"][0]["x"] for node in circles(drawn, "stroke"))
    assert right >= rightmost
    return [each for each in lines if each["path"][1]["x"] < rightmost]


def test_each_edge_joins_its_nodes_as_thick_as_its_weight_and_coloured_by_its_sign(
    drawn: Strokes, made: dict[str, Any]
) -> None:
    weight, _, (output_weight,), _ = made["before"]
    heights = [each["path"][0]["y"] for each in circles(drawn, "stroke")]
    of_node = dict(
        zip((*product("i", range(10)), *product("h", range(5)), "o"), heights, strict=True)
    )
    expected = {
        (of_node["i", i], of_node["h", unit]): weight[unit][i]
        for unit, i in product(range(5), range(10))
    } | {(of_node["h", unit], of_node["o"]): output_weight[unit] for unit in range(5)}

    lines = {(each["path"][0]["y"], each["path"][1]["y"]): each for each in edges(drawn)}

    assert lines.keys() == expected.keys()
    values = [expected[key] for key in lines]
    assert [each["line"] for each in lines.values()] == list(map(sign, values))
    follow([each["width"] for each in lines.values()], values)
    follow([each["alpha"] for each in lines.values()], values)


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
    assert (covered["alpha"], covered["x"] > 400) == (0.75, True)  # the answers
    assert (of_the_loss["alpha"], of_the_loss["x"]) == (0.75, 0)  # the network
    assert not {each["line"] for each in cleared} & {BLUE, ORANGE}
    look = itemgetter("line", "width", "alpha", "path")
    assert list(map(look, elsewhere)) == list(map(look, plain)) != list(map(look, lit))


def test_the_last_state_of_a_player_that_opens_epochs_is_where_the_last_one_begins(
    context: BrowserContext,
) -> None:
    with staged(context, Settings(epochs=7), opens_epochs=True) as page:
        page.locator(".player").press("End")
        expect(page.locator(".where")).to_have_text(
            re.compile(r"^After 6 of 7 epochs: loss 0\.\d{4}; epoch 6, the last, begins here$")
        )
        page.locator(".player").press("ArrowLeft")
        expect(page.locator(".where")).to_contain_text("; epoch 5 begins here")
    with staged(context, Settings(epochs=1), opens_epochs=True) as page:
        expect(page.locator(".where")).to_contain_text("After 0 of 1 epochs")


LINE, RING, SIZE = "line: weight", "ring: bias", "stronger: larger"
DASHED = "dashed: dead, 0 for every row"
OF_CLASSES = ("blue: + or answer 1 (above 0.5)", "orange: − or answer 0")
OF_NUMBERS = ("blue: +", "orange: −")


def key(page: Page) -> list[str]:
    """Return what the picture's marks mean, entry by entry."""
    return [each.strip() for each in page.locator(".key li").all_inner_texts()]


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


@pytest.mark.parametrize(
    "knobs",
    [
        {},
        {"batch_size": 5},
        {"data": "moons"},
        {"data": "moons", "rows": 10, "test_share": 0.3},
        {"activation": "tanh"},
    ],
    ids=str,
)
def test_a_unit_that_is_0_for_every_row_has_a_broken_ring(
    context: BrowserContext, knobs: dict[str, Any]
) -> None:
    settings = Settings((9,), 1.0, 50, **{"seed": 3 if "data" in knobs else 1, **knobs})
    run = train(settings)
    weight, bias = (each[-1] for each in run.checkpoints.parameters[:2])
    sums = run.inputs @ weight.T + bias
    dead = (sums <= 0).all(axis=0) & (settings.activation == "relu")
    assert dead.any() == (settings.activation == "relu")
    with staged(context, settings) as page:
        inputs = run.inputs.shape[1]
        broken = [each["dashed"] for each in circles(on(page), "stroke")[: inputs + 10]]
        page.locator(".player").press("Home")
        for _ in range(inputs + 1 + int(dead.argmax())):
            page.locator(".player").press("ArrowDown")
        page.locator(".player").press("End")
        tip = page.locator(".tip").inner_text()

    assert broken == [*[False] * inputs, *dead.tolist(), False]
    assert ("dead: 0 for every row" in tip) == dead.any()


def test_each_node_is_filled_by_its_mean_and_ringed_by_its_bias(
    drawn: Strokes, made: dict[str, Any]
) -> None:
    _, bias, _, output_bias = made["before"]
    means = [np.mean(each, axis=0) for each in (made["x"], made["outputs"][0], made["y_pred"])]
    rings = circles(drawn, "stroke")
    filled = [each for each in circles(drawn, "fill") if each["fill"] in (BLUE, ORANGE)]
    means[2] = means[2] - 0.5  # blue if it leans to 1

    assert [each["fill"] for each in filled] == [sign(each) for each in np.concatenate(means)]
    follow([each["alpha"] for each in filled[:10]], means[0])
    follow([each["alpha"] for each in filled[10:15]], means[1])
    assert not {each["line"] for each in rings[:10]} & {BLUE, ORANGE}  # an input has no bias
    assert [each["line"] for each in rings[10:]] == list(map(sign, [*bias, *output_bias]))
    follow([each["width"] for each in rings[10:15]], bias)


def test_a_row_fills_the_nodes_with_its_own_numbers(stage: Page, made: dict[str, Any]) -> None:
    stage.get_by_label("Row of the batch that fills the nodes").select_option("7")
    drawn = on(stage)
    stage.get_by_label("Row of the batch that fills the nodes").select_option("mean")
    filled = [each for each in circles(drawn, "fill") if each["fill"] in (BLUE, ORANGE)]

    assert [each["fill"] for each in filled[:10]] == list(map(sign, made["x"][7]))
    follow([each["alpha"] for each in filled[:10]], made["x"][7])
    follow([each["alpha"] for each in filled[10:15]], made["outputs"][0][7])


@pytest.mark.parametrize(("unit", "i"), [(1, 3), (4, 8), (3, None)])
def test_the_tip_of_an_edge_tells_its_weight_and_gradient(
    stage: Page, drawn: Strokes, made: dict[str, Any], unit: int, i: int | None
) -> None:
    layer, place = (2, (0, unit)) if i is None else (0, (unit, i))
    weight, gradient = (np.array(made[part][layer])[place] for part in ("before", "gradients"))
    heights = [each["path"][0]["y"] for each in circles(drawn, "stroke")]
    ends = [heights[10 + unit], heights[15]] if i is None else [heights[i], heights[10 + unit]]
    lines = edges(drawn)
    (index,) = (k for k, each in enumerate(lines) if [end["y"] for end in each["path"]] == ends)
    x, y = apart(lines, index)
    box = stage.locator(".stage").bounding_box()
    assert box

    stage.mouse.move(box["x"] + x, box["y"] + y)

    name = f"hidden {unit} → output" if i is None else f"input {i} → hidden {unit}"
    expect(stage.locator(".tip")).to_have_text(
        f"{name}\nweight  {weight:.4f}\ngradient  {gradient:.4f}", use_inner_text=True
    )


def apart(edges: Strokes, index: int) -> tuple[Any, Any]:
    """Return a point of an edge that is as far as can be from all other edges."""
    ends = [[(point["x"], point["y"]) for point in each["path"]] for each in edges]
    (x1, y1), (x2, y2) = ends.pop(index)
    points = [(x, y1 + (y2 - y1) * (x - x1) / (x2 - x1)) for x in range(int(x1) + 8, int(x2) - 8)]

    def nearest(point: tuple[Any, Any]) -> Any:
        x, y = point
        return min(
            abs(a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]) - y)
            for a, b in ends
            if a[0] <= x <= b[0]
        )

    return max(points, key=nearest)


@pytest.mark.parametrize(("steps", "name"), [(1, "input 0"), (13, "hidden 2"), (16, "output")])
def test_the_tip_of_a_node_tells_its_value_bias_and_gradient(
    stage: Page, made: dict[str, Any], steps: int, name: str
) -> None:
    stage.mouse.move(2, 2)  # off all nodes
    stage.locator(".stage").dispatch_event("pointerleave")
    for _ in range(steps):
        stage.locator(".player").press("ArrowDown")
    means = [np.mean(each, axis=0) for each in (made["x"], made["outputs"][0], made["y_pred"])]
    bias, gradient = (made[part] for part in ("before", "gradients"))

    lines = {
        "input 0": f"value  {means[0][0]:.4f}",
        "hidden 2": f"activation  {means[1][2]:.4f}\nbias  {bias[1][2]:.4f}\n"
        f"gradient  {gradient[1][2]:.4f}",
        "output": f"prediction  {means[2][0]:.4f}\nbias  {bias[3][0]:.4f}\n"
        f"gradient  {gradient[3][0]:.4f}",
    }
    expect(stage.locator(".tip")).to_have_text(
        f"{name}, mean of the batch\n{lines[name]}", use_inner_text=True
    )


def columns(drawn: Strokes) -> list[Strokes]:
    """Return the rings of the nodes, column by column."""
    found: dict[float, Strokes] = {}
    for each in circles(drawn, "stroke"):
        found.setdefault(round(each["path"][0]["x"], 3), []).append(each)
    return list(found.values())


def tip(page: Page, steps: int) -> Any:
    """Walk on to a node by keys; the tip beside it."""
    for _ in range(steps):
        page.locator(".player").press("ArrowDown")
    return page.locator(".tip")


def texts(drawn: Strokes) -> list[str]:
    return [each["text"] for each in of(drawn, "text")]


def test_each_layer_is_a_column_joined_to_its_neighbours_by_all_its_weights(
    context: BrowserContext,
) -> None:
    widths = (10, 8, 3, 1)
    weights = article_loop([8, 3], RATE, STATE + 1, 0)["last epoch"]["before"][::2]
    with staged(context, Settings((8, 3), RATE), STATE) as page:
        drawn = on(page)

    rings = columns(drawn)
    assert tuple(map(len, rings)) == widths
    middles = [each[0]["path"][0]["x"] for each in rings]
    assert np.ptp(np.diff(middles)) < 0.001  # evenly spaced
    captions = [each["text"] for each in of(drawn, "text") if each["align"] == "center"]
    assert captions[:4] == ["inputs", "8 hidden", "3 hidden", "output"]
    expected = {
        (start["path"][0]["y"], end["path"][0]["y"], column): weights[column][k][i]
        for column, (starts, ends) in enumerate(pairwise(rings))
        for (i, start), (k, end) in product(enumerate(starts), enumerate(ends))
    }
    lines = {}
    for each in edges(drawn):
        start, end = each["path"]
        column = sum(middle < start["x"] for middle in middles) - 1
        lines[start["y"], end["y"], column] = each
    assert lines.keys() == expected.keys()
    values = [expected[key] for key in lines]
    assert [each["line"] for each in lines.values()] == list(map(sign, values))
    follow([each["width"] for each in lines.values()], values)


def test_a_node_of_the_second_hidden_layer_shows_pytorchs_numbers(context: BrowserContext) -> None:
    made = article_loop([8, 3], RATE, STATE + 1, 0)["last epoch"]
    activation = np.mean(made["outputs"][1], axis=0)
    with staged(context, Settings((8, 3), RATE), STATE) as page:
        rings = columns(on(page))[2]
        filled = [each for each in circles(on(page), "fill") if each["fill"] in (BLUE, ORANGE)]
        alphas = [
            each["alpha"]
            for each in filled
            if each["path"][0]["x"] == rings[0]["path"][0]["x"] and each["path"][0]["radius"] != 5
        ]
        follow([each["width"] for each in rings], made["before"][3])
        follow(alphas, activation)
        for unit in range(3):
            expect(tip(page, 1 if unit else 19)).to_have_text(
                f"hidden layer 2, unit {unit}, mean of the batch\n"
                f"activation  {activation[unit]:.4f}\nbias  {made['before'][3][unit]:.4f}\n"
                f"gradient  {made['gradients'][3][unit]:.4f}",
                use_inner_text=True,
            )
        page.get_by_label("Row of the batch that fills the nodes").select_option("4")
        expect(page.locator(".tip")).to_contain_text(
            f"hidden layer 2, unit 2, row 4\nactivation  {made['outputs'][1][4][2]:.4f}",
            use_inner_text=True,
        )


def test_a_network_without_a_hidden_layer_joins_inputs_and_output(context: BrowserContext) -> None:
    made = article_loop([], RATE, STATE + 1, 0)["last epoch"]
    with staged(context, Settings((), RATE), STATE) as page:
        drawn = on(page)
        expect(tip(page, 11)).to_have_text(
            f"output, mean of the batch\nprediction  {np.mean(made['y_pred']):.4f}\n"
            f"bias  {made['before'][1][0]:.4f}\ngradient  {made['gradients'][1][0]:.4f}",
            use_inner_text=True,
        )

    assert list(map(len, columns(drawn))) == [10, 1]
    lines = sorted(edges(drawn), key=lambda each: each["path"][0]["y"])
    assert [each["line"] for each in lines] == list(map(sign, made["before"][0][0]))
    follow([each["width"] for each in lines], made["before"][0][0])


def test_edges_rings_and_fillings_have_one_scale_for_the_whole_run(context: BrowserContext) -> None:
    settings = Settings((6,), 10.0, 20)
    run = train(settings)
    sizes: dict[str, list[float]] = {"edges": [], "rings": [], "fillings": []}
    values: dict[str, list[float]] = {"edges": [], "rings": [], "fillings": []}
    with staged(context, settings, 0) as page:
        for state in range(20):
            made = article_loop([6], 10.0, state + 1, 0)["last epoch"]
            weight, bias, output_weight, output_bias = (np.array(e) for e in made["before"])
            drawn = on(page)
            sizes["edges"] += sorted(each["width"] for each in edges(drawn))
            values["edges"] += sorted(np.abs([*weight.ravel(), *output_weight.ravel()]))
            sizes["rings"] += [each["width"] for each in circles(drawn, "stroke")[10:]]
            values["rings"] += [*bias, *output_bias]
            fills = [each for each in circles(drawn, "fill") if each["fill"] in (BLUE, ORANGE)]
            sizes["fillings"] += [each["alpha"] for each in fills[10:16]]
            values["fillings"] += np.mean(made["outputs"][0], axis=0).tolist()
            page.locator(".player").press("ArrowRight")

    largest = np.abs(run.checkpoints.parameters[0]).max(axis=(1, 2))
    assert largest.max() > 1.5 * largest.min()  # scaled anew in each state, it would be seen
    for part, drawn_sizes in sizes.items():
        follow(drawn_sizes, values[part])


def test_a_regressions_bars_start_at_a_common_zero_and_reach_all_of_the_run(
    context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are drawn for an activation that the browser does not know."""
    unknown = replace(ACTIVATIONS["relu"], javascript="")
    monkeypatch.setitem(ACTIVATIONS, "relu", unknown)
    settings = Settings((8,), 0.1, 60, data="curve", seed=3)
    run = train(settings)
    seen = [*run.checkpoints.predictions[:, :10].ravel(), *run.targets[:10].ravel(), 0]
    low, high = float(min(seen)), float(max(seen))
    with staged(context, settings) as page:
        drawn = on(page)

    bars = np.array(of(drawn, "bar")).reshape(10, 3)
    for (ground, bar, mark), prediction, target in zip(
        bars, run.predictions[:10, 0], run.targets[:10, 0], strict=True
    ):
        left, width = ground["x"], ground["w"]
        zero, end, aim = (
            left + width * (float(value) - low) / (high - low) for value in (0, prediction, target)
        )
        assert (bar["x"], bar["w"]) == pytest.approx((min(zero, end), abs(end - zero)), abs=0.001)
        assert bar["fill"] == sign(float(prediction))
        aim = np.clip(aim, left + 1.5, left + width - 1.5)  # no mark stands out
        assert mark["x"] + mark["w"] / 2 == pytest.approx(aim, abs=0.001)
    said = texts(drawn)
    assert "predictions and targets of the first 10 rows" in said
    assert {f"{low:.2f}", "0", f"{high:.2f}"} <= set(said)
    (line,) = (
        each["path"][0]["x"]
        for each in of(drawn, "stroke")
        if len(each["path"]) == 2 and each["path"][0]["x"] == each["path"][1]["x"]
    )
    assert line == pytest.approx(zero, abs=0.001)


def test_of_a_large_network_the_strongest_weights_are_drawn_and_how_many_is_said(
    context: BrowserContext,
) -> None:
    settings = Settings((64, 64), 0.5, 8)
    weights = [np.abs(each).max(axis=0) for each in train(settings).checkpoints.parameters[::2]]
    with staged(context, settings, 3) as page:
        drawn = on(page)

    rings = columns(drawn)
    assert list(map(len, rings)) == [10, 64, 64, 1]
    middles = [each[0]["path"][0]["x"] for each in rings]
    heights = [[each["path"][0]["y"] for each in column] for column in rings]
    joined: list[set[tuple[int, int]]] = [set(), set(), set()]
    for each in edges(drawn):
        start, end = each["path"]
        column = sum(middle < start["x"] for middle in middles) - 1
        joined[column].add((heights[column + 1].index(end["y"]), heights[column].index(start["y"])))
    for pairs, weight in zip(joined, weights, strict=True):
        strongest = np.argsort(-weight, axis=None)[: len(pairs)]
        assert len(pairs) >= min(weight.size, 400)
        assert pairs == set(zip(*np.unravel_index(strongest, weight.shape), strict=True))
    count = sum(map(len, joined))
    assert count <= 1_500
    assert f"drawn: the {count:,} strongest of 4,800 weights" in texts(drawn)


SHAPES = {
    "article": Settings(),
    "deep and wide": Settings((64,) * 6, epochs=4, data="spiral"),
    "two layers": Settings((8, 8), epochs=5, data="moons", activation="tanh", test_share=0.5),
    "all features": Settings(
        (1, 2, 3, 4),
        epochs=5,
        data="circles",
        batch_size=20,
        features=("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"),
        test_share=0.1,
    ),
    "no layer": Settings((), epochs=5, data="plane"),
    "one epoch": Settings(epochs=1, loss="bce"),
    "one row": Settings(epochs=3, test_share=0.9),
    "broken": Settings((5,), 10.0, 50, data="hills"),
    "dots": penguins(epochs=5),
    "dots without test rows": penguins(epochs=5, test_share=0),
}


RESIZED = """async (canvas) => {
  const frame = () => new Promise(requestAnimationFrame);
  const isDrawn = () => Math.round(canvas.width / devicePixelRatio) === canvas.clientWidth;
  for (let frames = 0; frames < 100 && !isDrawn(); frames += 1) await frame();
  await frame();
  return canvas.clientWidth;
}"""


@pytest.mark.parametrize("settings", SHAPES.values(), ids=SHAPES)
def test_all_words_are_twelve_pixels_high_within_the_stage_and_apart(
    context: BrowserContext, settings: Settings
) -> None:
    seen = []
    with staged(context, settings) as page:
        for width in (359, 660, 900):
            page.set_viewport_size({"width": width, "height": 600})
            seen.append((page.locator(".stage").evaluate(RESIZED), of(on(page), "text")))

    assert [right for right, _ in seen] == [343, 644, 884]
    share = {"left": 0, "center": 0.5, "right": 1}
    for right, words in seen:
        places = [(each["x"] - share[each["align"]] * each["w"], each) for each in words]
        for start, each in places:
            assert each["font"].startswith("12px")
            assert start >= 0, each["text"]
            assert start + each["w"] <= right, each["text"]
        in_lines = sorted(places, key=lambda e: (e[1]["y"], e[0]))
        for (one, first), (other, second) in pairwise(in_lines):
            if first["y"] == second["y"]:
                assert one + first["w"] <= other, (first["text"], second["text"])


def test_inputs_that_are_features_show_their_names(context: BrowserContext) -> None:
    settings = Settings((3,), data="xor", features=("x1", "x1*x2", "sin(x2)"), epochs=3)
    with staged(context, settings) as page:
        drawn = on(page)
        expect(tip(page, 2)).to_contain_text("input x₁x₂, mean of the first 10 rows")

    inputs = columns(drawn)[0]
    named = {each["text"]: each["y"] for each in of(drawn, "text")}
    for name, ring in zip(("x₁", "x₁x₂", "sin x₂"), inputs, strict=True):
        assert abs(named[name] - ring["path"][0]["y"]) < 6


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(epochs=2, batch_size=5), "predictions and targets of all rows, ✕ wrong"),
        (Settings(epochs=2, data="xor"), "prediction: blue 1, orange 0"),
        (Settings(epochs=2, data="xor"), "rows: ■ 0 ● 1, ✕ wrong"),
        (Settings(epochs=2, data="xor", test_share=0.2), "1, hollow: test rows, ✕ wrong"),
        (Settings(epochs=2, data="blobs"), "points: rows, ✕ wrong"),
        (Settings(epochs=2, data="hills"), "prediction: blue above 0, orange below"),
        (Settings(epochs=2, data="hills"), "points: the rows' targets"),
        (
            Settings(epochs=2, data="hills", test_share=0.2),
            "points: the rows' targets, hollow: test rows",
        ),
        (Settings(epochs=2, data="curve"), "line: prediction"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_answers_say_what_their_colours_and_marks_mean(
    context: BrowserContext, settings: Settings, words: str
) -> None:
    with staged(context, settings, width=1_100) as page:
        assert words in "".join(texts(on(page)))


def test_a_run_that_broke_shows_its_last_numbers_and_then_none(
    context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = replace(ACTIVATIONS["relu"], javascript="")  # drawn by bars
    monkeypatch.setitem(ACTIVATIONS, "relu", unknown)
    settings = Settings((5,), 10.0, 50, data="hills")
    run = train(settings)
    assert run.diverged
    last = len(run.losses)
    finite = [loss for loss in run.every_loss.tolist() if np.isfinite(loss)]
    with staged(context, settings) as page:
        broken = on(page)
        expect(page.locator(".where")).to_have_text(f"After {last} of {last} epochs: loss nan")
        for _ in range(last + 1 - len(finite)):
            page.locator(".player").press("ArrowLeft")
        before = on(page)

    nodes = [each for each in circles(broken, "fill") if each["fill"] in (BLUE, ORANGE)]
    weight, bias = (each[-1] for each in run.checkpoints.parameters[:2])
    with np.errstate(invalid="ignore", over="ignore"):
        activations = np.maximum(run.inputs[:10] @ weight.T + bias, 0).mean(axis=0)
    # Two inputs and the units that have a number; what is none is neither blue nor orange.
    assert len(nodes) == 2 + np.isfinite(activations).sum() < 2 + 5 + 1
    assert len(of(broken, "bar")) == 20  # grounds and targets
    assert len(of(before, "bar")) == 30


def test_a_plane_of_a_run_that_broke_is_left_empty_where_there_is_no_number(
    context: BrowserContext,
) -> None:
    with staged(context, Settings((5,), 10.0, 50, data="hills")) as page:
        drawn = on(page)
        (frame,) = of(drawn, "frame")
        middle = [frame["x"] + frame["w"] / 2, frame["y"] + 3]

        assert pixel(page, *middle) == (255, 255, 255)


def test_a_row_that_the_next_run_lacks_gives_way_to_the_mean(context: BrowserContext) -> None:
    label = "Row of the batch that fills the nodes"
    with staged(context, Settings(epochs=3)) as page:
        page.get_by_label(label).select_option("7")
        film = packed(train(Settings(epochs=3, test_share=0.7)), None)
        page.evaluate(
            MOUNT.replace("parentElement.innerHTML = html;", ""),
            [encoded(film), ""],
        )
        expect(page.get_by_label(label)).to_have_value("mean")
        assert len(of(on(page), "bar")) == 9
