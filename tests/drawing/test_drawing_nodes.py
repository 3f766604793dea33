"""The nodes and edges of the drawn network, and their tips."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.drawn import (
    BLUE,
    ORANGE,
    RATE,
    STATE,
    Strokes,
    circles,
    columns,
    edges,
    follow,
    of,
    on,
    sign,
    staged,
    tip,
)
from tests.oracle import article_loop
from tinynet import Settings, train


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
    means[2] = means[2] - 0.5  # blue if the output is nearer to 1

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
    """Return the point of an edge that is farthest from all other edges."""
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
    stage.mouse.move(2, 2)  # outside all nodes
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
    assert largest.max() > 1.5 * largest.min()  # a separate scale for each state would fail
    for part, drawn_sizes in sizes.items():
        follow(drawn_sizes, values[part])
