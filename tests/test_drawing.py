"""What the player draws, stroke by stroke: the article's numbers, in their places and colours."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.oracle import article_loop
from tests.test_player import SOURCE
from tinynet import Settings, train
from tinynet.ui.player import HERE, packed

STATE, RATE = 12, 0.5
BLUE, ORANGE, GREY = "#2f7fc1", "#c0762b", "#a0a4aa"
TARGETS = (1, 0, 0, 1, 1, 1, 0, 0, 1, 1)
# Notes what is drawn on the player's canvas since it was last cleared.
RECORD = """(() => {
  const pen = CanvasRenderingContext2D.prototype;
  let path = [];
  window.drawn = [];
  const note = (it, kind, more) => window.drawn.push({
    kind, fill: it.fillStyle, line: it.strokeStyle, alpha: it.globalAlpha, width: it.lineWidth,
    ...more });
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
    fillText: (it, [text, x, y]) => note(it, "text", { text, x, y, align: it.textAlign }),
  };
  for (const [name, look] of Object.entries(watch)) {
    const draw = pen[name];
    pen[name] = function (...given) {
      if (this.canvas.className === "stage") look(this, given);
      return draw.apply(this, given);
    };
  }
})()"""

MOUNT = """async ([source, film, html]) => {
  const { default: show } = await import(`data:text/javascript;base64,${source}`);
  const parentElement = document.querySelector("div");
  parentElement.innerHTML = html;
  const data = Uint8Array.from(atob(film), (each) => each.charCodeAt(0));
  show({ data, parentElement, setTriggerValue: () => {} });
}"""

Strokes = list[dict[str, Any]]


@pytest.fixture(scope="module")
def stage(context: BrowserContext) -> Iterator[Page]:
    """The player by itself, at a state in the middle of a run; no server is asked for anything."""
    page = context.new_page()
    page.set_viewport_size({"width": 900, "height": 600})
    page.set_content(f"<style>{(HERE / 'player.css').read_text()}</style><div></div>")
    page.evaluate(RECORD)
    film = packed(train(Settings(learning_rate=RATE)), STATE)
    page.evaluate(
        MOUNT, [encoded(SOURCE.encode()), encoded(film), (HERE / "player.html").read_text()]
    )
    yield page
    page.close()


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.fixture(scope="module")
def drawn(stage: Page) -> Strokes:
    """What stands on its canvas."""
    expect(stage.locator(".where")).to_contain_text(f"After {STATE} of 50 epochs")
    strokes: Strokes = stage.evaluate("window.drawn")
    return strokes


@pytest.fixture(scope="module")
def losses() -> list[float]:
    run = article_loop([5], RATE, 50, 0)
    return [*run["losses"], run["final_loss"]]


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """What the article's loop makes of that state."""
    run = article_loop([5], RATE, STATE + 1, 0)
    return {**run["last epoch"], "x": run["inputs"]}


def of(drawn: Strokes, kind: str) -> Strokes:
    return [each for each in drawn if each["kind"] == kind]


def circles(drawn: Strokes, kind: str) -> Strokes:
    """Return the circles that were filled or stroked: ten inputs, five hidden units, the output."""
    round_ones = [each for each in of(drawn, kind) if "radius" in (each["path"] or [{}])[0]]
    return sorted(round_ones, key=lambda each: (each["path"][0]["x"], each["path"][0]["y"]))


def sign(value: float) -> str:
    return BLUE if value > 0 else ORANGE


def follow(sizes: list[float], values: list[float]) -> None:
    """Hold drawn sizes to values: they grow with them, evenly."""
    assert np.corrcoef(sizes, np.abs(values))[0, 1] > 0.9999


def test_each_rows_bar_is_as_long_as_its_prediction_and_coloured_by_being_right(
    drawn: Strokes, made: dict[str, Any]
) -> None:
    bars = np.array(of(drawn, "bar")).reshape(10, 3)  # ground, prediction, target

    for (ground, bar, mark), (prediction,), target in zip(
        bars, made["y_pred"], TARGETS, strict=True
    ):
        assert (bar["x"], bar["y"], bar["h"]) == (ground["x"], ground["y"], ground["h"])
        assert bar["w"] / ground["w"] == pytest.approx(prediction, abs=1e-6)
        assert bar["fill"] == (BLUE if (prediction > 0.5) == (target == 1) else ORANGE)
        assert bar["alpha"] == 1
        end = mark["x"] + mark["w"] == ground["x"] + ground["w"]
        assert end if target else mark["x"] == ground["x"]
        assert mark["fill"] not in (BLUE, ORANGE, ground["fill"])


def test_the_bars_are_named_and_parted_at_one_half(drawn: Strokes) -> None:
    ground = of(drawn, "bar")[::3]
    beside = [each for each in of(drawn, "text") if each["x"] < ground[0]["x"]]
    rows = [each for each in beside if each["y"] > ground[0]["y"]]
    (half,) = [
        each
        for each in of(drawn, "stroke")
        if len(each["path"]) == 2 and each["path"][0]["x"] == each["path"][1]["x"]
    ]

    assert [each["text"] for each in rows] == [str(row) for row in range(10)]
    for row, bar in zip(rows, ground, strict=True):
        assert bar["y"] < row["y"] <= bar["y"] + bar["h"]
    assert half["path"][0]["x"] == ground[0]["x"] + ground[0]["w"] / 2
    assert {"predictions (orange: wrong) and targets", "loss", "inputs", "5 hidden", "output"} <= {
        each["text"] for each in of(drawn, "text")
    }


def edges(drawn: Strokes) -> Strokes:
    """Return the lines between the nodes: for each unit its ten inputs, then its output."""
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


def test_each_node_is_filled_by_its_mean_and_ringed_by_its_bias(
    drawn: Strokes, made: dict[str, Any]
) -> None:
    _, bias, _, output_bias = made["before"]
    means = [np.mean(each, axis=0) for each in (made["x"], made["outputs"][0], made["y_pred"])]
    rings = circles(drawn, "stroke")
    filled = [each for each in circles(drawn, "fill") if each["fill"] in (BLUE, ORANGE)]
    nodes = [each for each in filled if each["path"][0]["radius"] != 5]  # that is the curve's dot

    assert [each["fill"] for each in nodes] == [sign(each) for each in np.concatenate(means)]
    follow([each["alpha"] for each in nodes[:10]], means[0])
    follow([each["alpha"] for each in nodes[10:15]], means[1])
    assert not {each["line"] for each in rings[:10]} & {BLUE, ORANGE}  # an input has no bias
    assert [each["line"] for each in rings[10:]] == list(map(sign, [*bias, *output_bias]))
    follow([each["width"] for each in rings[10:15]], bias)


def test_the_curve_is_the_losses_up_to_the_state_and_its_dot_the_loss_there(
    drawn: Strokes, losses: list[float]
) -> None:
    (frame,) = of(drawn, "frame")
    past, curve = (each for each in of(drawn, "stroke") if len(each["path"]) > 2)
    (dot,) = [each for each in of(drawn, "fill") if each["path"][0]["radius"] == 5]
    top = max(0.3, *losses)

    def place(state: int) -> tuple[Any, Any]:
        x = frame["x"] + frame["w"] * state / 50
        y = frame["y"] + frame["h"] * (1 - losses[state] / top)
        return pytest.approx(x, abs=0.01), pytest.approx(y, abs=0.01)

    for line, last, colour in ((past, 50, GREY), (curve, STATE, BLUE)):
        assert [(each["x"], each["y"]) for each in line["path"]] == list(
            map(place, range(last + 1))
        )
        assert line["line"] == colour
    assert (dot["path"][0]["x"], dot["path"][0]["y"]) == place(STATE)
    beside = {each["text"]: each["y"] for each in of(drawn, "text") if each["x"] < frame["x"]}
    assert beside["0"] > beside[f"{top:.2f}"] >= frame["y"]


def test_a_row_fills_the_nodes_with_its_own_numbers(stage: Page, made: dict[str, Any]) -> None:
    stage.get_by_label("Row of the batch that fills the nodes").select_option("7")
    drawn: Strokes = stage.evaluate("window.drawn")
    stage.get_by_label("Row of the batch that fills the nodes").select_option("mean")
    filled = [each for each in circles(drawn, "fill") if each["fill"] in (BLUE, ORANGE)]

    assert [each["fill"] for each in filled[:10]] == list(map(sign, made["x"][7]))
    follow([each["alpha"] for each in filled[:10]], np.clip(np.abs(made["x"][7]), 0, 2).tolist())
    follow([each["alpha"] for each in filled[10:15]], made["outputs"][0][7])


@pytest.mark.parametrize(("unit", "i"), [(1, 3), (4, 8), (3, None)])
def test_the_tip_of_an_edge_tells_its_weight_and_gradient(
    stage: Page, drawn: Strokes, made: dict[str, Any], unit: int, i: int | None
) -> None:
    layer, place = (2, (0, unit)) if i is None else (0, (unit, i))
    weight, gradient = (np.array(made[part][layer])[place] for part in ("before", "gradients"))
    x, y = apart(edges(drawn), 11 * unit + (10 if i is None else i))
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
