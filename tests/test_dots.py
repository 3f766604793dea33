"""Predictions against targets, row by row: PyTorch's numbers, on one scale for the whole run."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.drawing.test_drawing_networks import texts
from tests.drawn import BLUE, ORANGE, Strokes, key, of, on, sign, staged, tip
from tests.test_files import penguins
from tinynet import Settings, table, train
from tinynet.analysis.measures import row_numbers
from tinynet.registry.activations import ACTIVATIONS
from tinynet.stage.message import PlayerView, packed
from tinynet.training.film import predictions_at
from tinynet.training.run import Run

STATE, SPREAD, RADIUS = 12, 1.25, 3
PENGUINS = penguins(epochs=40)
# This run breaks at epoch 6; before that, its predictions are far from all targets.
BREAKS = penguins(optimizer="sgd", learning_rate=2.0, epochs=40)


@pytest.fixture(scope="module")
def run() -> Run:
    return train(PENGUINS)


@pytest.fixture(scope="module")
def stage(context: BrowserContext) -> Iterator[Page]:
    with staged(context, PENGUINS, STATE) as page:
        yield page


def dots(drawn: Strokes) -> list[tuple[float, float, str, str]]:
    """Return the place, fill and rim colour of each dot."""
    return [
        (each["path"][0]["x"], each["path"][0]["y"], each["fill"], each["line"])
        for each in of(drawn, "stroke")
        if each["path"] and each["path"][0].get("radius") == RADIUS
    ]


def triangles(drawn: Strokes) -> list[list[dict[str, float]]]:
    return [each["path"] for each in of(drawn, "fill") if len(each["path"]) == 3]


def axis_of(run: Run) -> tuple[float, float]:
    targets = np.concatenate([run.targets, run.test_targets])
    middle, half = (targets.min() + targets.max()) / 2, np.ptp(targets) / 2
    return float(middle - SPREAD * half), float(middle + SPREAD * half)


def predictions_of(run: Run, state: int) -> np.ndarray[Any, Any]:
    """Return the predictions for all rows, the test rows last, as PyTorch computes them."""
    parts = [predictions_at(run, state, test=test) for test in (False, True)]
    return np.concatenate(parts).ravel()


def test_every_row_is_a_dot_at_pytorchs_prediction_against_its_target(
    stage: Page, run: Run
) -> None:
    drawn = on(stage)
    (frame,) = of(drawn, "frame")
    low, high = axis_of(run)
    targets = np.concatenate([run.targets, run.test_targets]).ravel()
    expected = predictions_of(run, STATE)
    seen = dots(drawn)
    x, y = (np.array([each[part] for each in seen]) for part in (0, 1))

    assert frame["w"] == frame["h"]
    assert len(seen) == len(targets) == 333
    shares = (x - frame["x"]) / frame["w"], 1 - (y - frame["y"]) / frame["h"]
    for share, values in zip(shares, (targets, expected), strict=True):
        np.testing.assert_allclose(low + (high - low) * share, values, atol=1e-5)
    for row, (*_, fill, rim) in enumerate(seen):
        colour, is_test = sign(expected[row]), row >= len(run.targets)
        assert (rim if is_test else fill) == colour
        assert (fill if is_test else rim) not in (BLUE, ORANGE)


def grams_of(run: Run) -> pd.Series[float]:
    """Return the body mass of the training rows, then of the test rows, from the file."""
    data: Any = run.settings.data
    numbers = [*row_numbers(run), *row_numbers(run, test=True)]
    file = pd.read_csv(io.BytesIO(data.sheet.content))
    return file["body mass (g)"].iloc[np.array(numbers) - 1]


def test_the_diagonal_the_ends_of_the_axes_and_the_marks_are_named(stage: Page, run: Run) -> None:
    drawn = on(stage)
    (frame,) = of(drawn, "frame")
    left, top, size = frame["x"], frame["y"], frame["w"]
    lines = [[tuple(point.values()) for point in each["path"]] for each in of(drawn, "stroke")]
    grams = grams_of(run)
    middle, half = (grams.min() + grams.max()) / 2, (grams.max() - grams.min()) / 2
    ends = [f"{middle + sign * SPREAD * half:,.0f}" for sign in (-1, 1)]
    mean = grams.iloc[: len(run.targets)].mean()

    assert [(left, top + size), (left + size, top)] in lines
    said = texts(drawn)
    assert [said.count(end) for end in ends] == [2, 2]
    assert {"exact", "target: body mass (g) →"} <= set(said)
    assert f"prediction ↑: blue above {mean:,.0f}, orange below" in said
    assert "hollow: test rows" in said
    assert key(stage)[4] == "dot: row"
    assert not any("tick" in each for each in key(stage))


def test_a_click_on_a_dot_picks_its_row_and_rings_it_and_another_lets_it_go(stage: Page) -> None:
    picker = stage.get_by_label("Row of the batch that fills the nodes")
    box = stage.locator(".stage").bounding_box()
    assert box
    x, y, *_ = dots(on(stage))[3]

    stage.mouse.click(box["x"] + x, box["y"] + y)
    expect(picker).to_have_value("3")
    rings = [each["path"] for each in of(on(stage), "stroke")]
    assert [{"x": x, "y": y, "radius": RADIUS + 4}] in rings
    stage.mouse.click(box["x"] + x, box["y"] + y)
    expect(picker).to_have_value("mean")


def test_the_tip_of_the_output_has_the_answer_in_the_unit_of_the_file(
    stage: Page, run: Run
) -> None:
    grams = grams_of(run).iloc[: len(run.targets)]
    mean = predictions_at(run, STATE)[:10].mean() * grams.std(ddof=0) + grams.mean()

    told = tip(stage, 11 + 8 + 1)

    expect(told).to_contain_text(f"body mass (g)  {mean:,.0f}")


def test_at_rest_it_is_told_what_is_drawn(stage: Page) -> None:
    stage.locator(".player").press("ArrowRight")

    told = "Each dot is the prediction for one of 233 training rows and 100 test rows"
    expect(stage.locator("#told")).to_contain_text(f"{told} against its target.")
    stage.locator(".player").press("ArrowLeft")


def test_what_is_beyond_the_targets_stands_at_the_edge_and_what_is_no_number_nowhere(
    context: BrowserContext,
) -> None:
    run = train(BREAKS)
    low, high = axis_of(run)
    state = next(
        state
        for state, each in enumerate(run.checkpoints.predictions)
        if np.isfinite(each).all() and ((each < low) | (each > high)).any()
    )
    expected = predictions_of(run, state)
    with staged(context, BREAKS, state) as page:
        far = on(page)
        page.locator(".player").press("End")
        broken = on(page)

    (frame,) = of(far, "frame")
    edge = {True: frame["y"], False: frame["y"] + frame["h"]}
    beyond = [prediction > high for prediction in expected if not low <= prediction <= high]
    tips, bases = zip(*((path[0]["y"], path[1]["y"]) for path in triangles(far)), strict=True)
    assert list(tips) == [edge[is_above] for is_above in beyond]
    assert all(frame["y"] <= base <= frame["y"] + frame["h"] for base in bases)
    assert len(dots(far)) == len(expected) - len(beyond)
    assert "hollow: test rows, ▲▼ beyond" in texts(far)

    assert run.diverged
    assert of(broken, "frame") == [frame]  # the same scale
    assert not dots(broken)
    assert not triangles(broken)
    weight, bias = (each[-1] for each in run.checkpoints.parameters[:2])
    with np.errstate(invalid="ignore", over="ignore"):
        dead = (np.maximum(run.inputs @ weight.T + bias, 0) == 0).all(axis=0)
    assert sum(each["dashed"] for each in of(broken, "stroke")) == dead.sum()


def many_rows() -> Settings:
    generator = np.random.default_rng(3)
    frame = pd.DataFrame(generator.normal(size=(1_300, 4)), columns=list("abct"))
    return Settings((3,), epochs=2, data=table(frame, target="t"), test_share=0.5)


def facts_of(run: Run, view: PlayerView | None = None) -> dict[str, Any]:
    data = packed(run, view)
    facts: dict[str, Any] = json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])
    return facts


def test_of_many_rows_the_first_are_drawn_and_it_is_said(context: BrowserContext) -> None:
    settings = many_rows()
    with staged(context, settings) as page:
        drawn, said = on(page), key(page)

    assert len(dots(drawn)) == 1_000
    assert "hollow: first 500 test rows" in texts(drawn)
    assert said[4] == "dot: one of the first 500 training rows and the first 500 test rows"


def test_of_a_large_network_fewer_rows_are_drawn() -> None:
    run = train(replace(many_rows(), hidden_units=(64,) * 6))
    (rows, _) = facts_of(run)["scatter"]["targets"]["shape"]

    assert 10 < rows < 100  # including the rows that can be picked


def test_classes_the_plane_and_what_the_browser_does_not_know_have_no_such_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    short = [Settings(epochs=2), Settings(epochs=2, data="hills")]
    assert [facts_of(train(each))["scatter"] for each in short] == [None, None]

    monkeypatch.setitem(ACTIVATIONS, "relu", replace(ACTIVATIONS["relu"], javascript=""))
    assert facts_of(train(penguins(epochs=2)))["scatter"] is None
