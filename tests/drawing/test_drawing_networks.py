"""The drawing of networks of every shape."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.drawn import (
    BLUE,
    MOUNT,
    ORANGE,
    Strokes,
    circles,
    columns,
    edges,
    encoded,
    of,
    on,
    sign,
    staged,
    tip,
)
from tests.test_files import penguins
from tinynet import Settings, train
from tinynet.registry.activations import ACTIVATIONS
from tinynet.stage.message import packed


def pixel(page: Page, x: float, y: float) -> tuple[int, int, int]:
    """Return the colour at a place of its canvas, on a white background."""
    red, green, blue, alpha = page.locator(".stage").evaluate(
        """(canvas, [x, y]) => [...canvas.getContext("2d")
          .getImageData(x * devicePixelRatio, y * devicePixelRatio, 1, 1).data]""",
        [x, y],
    )
    share = alpha / 255
    one, two, three = (round(255 * (1 - share) + share * each) for each in (red, green, blue))
    return one, two, three


def texts(drawn: Strokes) -> list[str]:
    return [each["text"] for each in of(drawn, "text")]


def test_a_regressions_bars_start_at_a_common_zero_and_reach_all_of_the_run(
    context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bars are drawn for an activation that the browser does not know."""
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
        aim = np.clip(aim, left + 1.5, left + width - 1.5)  # marks stay within the bars
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
        (Settings(epochs=2, data="xor"), "rows: ■ 0 ● 1, ○ wrong"),
        (Settings(epochs=2, data="xor", test_share=0.2), "1, hollow: test rows, ○ wrong"),
        (Settings(epochs=2, data="blobs"), "points: rows, ○ wrong"),
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
    unknown = replace(ACTIVATIONS["relu"], javascript="")  # drawn as bars
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
    # Two inputs and the units with a finite value; NaN is neither blue nor orange.
    assert len(nodes) == 2 + np.isfinite(activations).sum() < 2 + 5 + 1
    assert len(of(broken, "bar")) == 20  # backgrounds and targets
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
