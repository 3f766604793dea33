"""The player's drawing, stroke by stroke: PyTorch's numbers, in the correct places and colours."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.drawn import (
    BLUE,
    ORANGE,
    Strokes,
    circles,
    edges,
    follow,
    of,
    sign,
)

TARGETS = (1, 0, 0, 1, 1, 1, 0, 0, 1, 1)


def test_each_rows_bar_is_as_long_as_its_prediction_and_coloured_by_what_it_says(
    drawn: Strokes, made: dict[str, Any]
) -> None:
    bars = np.array(of(drawn, "bar")).reshape(10, 3)  # background, prediction, target

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
