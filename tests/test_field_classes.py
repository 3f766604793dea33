"""The painted plane of multiclass tasks, and curves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import BrowserContext, Page

from tests.drawing.test_drawing_networks import pixel, texts
from tests.drawn import of, on, staged
from tests.field import DEEPEST, MOONS, layers_of, ringed
from tests.node import Module
from tinynet import Settings, train
from tinynet.charts.colours import OF_CLASSES
from tinynet.registry.activations import ACTIVATIONS, Activation
from tinynet.registry.data_sets import DATA_SETS, DataSet
from tinynet.training.run import Run

OF_THREE = OF_CLASSES[:3]


@pytest.fixture(scope="module")
def moons() -> Run:
    return train(MOONS)


ARMS = Settings((8,), 0.1, 60, data="arms", activation="tanh", optimizer="adam", test_share=0.3)
CLASSES = """([outputs, colours]) => {
  const shares = pure.softmaxOf(outputs.map((each) => new Float32Array(each)));
  const bytes = new Uint8ClampedArray(4 * outputs[0].length);
  pure.paintClasses(bytes, shares, colours, 0.85);
  const rows = outputs[0].map((_, place) => outputs.map((each) => each[place]));
  return { shares: shares.map((each) => [...each]), bytes: [...bytes],
    answers: rows.map((each) => pure.answerOf(each)) };
}"""


def parts_of(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def mixed(logits: torch.Tensor) -> np.ndarray[Any, Any]:
    """Return the colours of classes, mixed by PyTorch's softmax, and their opacity: (places, 4)."""
    shares = logits.softmax(dim=1).numpy()
    colours = np.array([parts_of(OF_THREE[index]) for index in range(shares.shape[1])])
    count = shares.shape[1]
    sure = (count * shares.max(1) - 1) / (count - 1)
    return np.column_stack([shares @ colours, 255 * DEEPEST * sure])


@pytest.mark.parametrize("classes", [2, 3])
def test_the_colours_of_several_classes_are_mixed_by_pytorchs_softmax_to_within_one_step(
    module: Module, classes: int
) -> None:
    generator = torch.Generator().manual_seed(classes)
    logits = 4 * torch.randn(500, classes, generator=generator)
    logits[:3] = torch.tensor([80.0, -80, 0])[:classes]
    painted = module.evaluate(CLASSES, [logits.T.tolist(), OF_THREE[:classes]])

    assert np.abs(np.array(painted["shares"]).T - logits.softmax(1).numpy()).max() < 1e-6
    assert np.abs(np.array(painted["bytes"]).reshape(-1, 4) - mixed(logits)).max() <= 1
    assert painted["answers"] == logits.argmax(1).tolist()


def test_what_is_no_number_is_not_painted_and_is_answered_as_pytorch_does(module: Module) -> None:
    logits: list[list[Any]] = [["NaN", 1, 2], ["Infinity", 0, 0], [3, "NaN", 5], [1, 1, 0]]
    painted = module.evaluate(
        f"([rows, colours]) => ({CLASSES})([[0, 1, 2].map((output) => "
        "rows.map((row) => Number(row[output]))), colours])",
        [logits, OF_THREE],
    )
    numbers = torch.tensor([[float(each) for each in row] for row in logits])

    assert painted["bytes"][3] == painted["bytes"][7] == painted["bytes"][11] == 0
    assert painted["bytes"][15] > 0
    assert painted["answers"] == numbers.argmax(1).tolist()


@pytest.fixture(scope="module")
def arms() -> Run:
    return train(ARMS)


@pytest.fixture(scope="module")
def stage_of_three(context: BrowserContext) -> Iterator[Page]:
    with staged(context, ARMS) as page:
        yield page


def test_the_plane_of_three_classes_has_the_colours_of_pytorchs_probabilities(
    stage_of_three: Page, arms: Run
) -> None:
    (frame,) = of(on(stage_of_three), "frame")
    rows = np.concatenate([arms.points, arms.test_points])
    reach, side = 1.08 * np.abs(rows).max(), 44
    compared = 0
    for column, row in np.ndindex(side, side):
        x, y = reach * ((2 * column + 1) / side - 1), -reach * ((2 * row + 1) / side - 1)
        if column % 4 or row % 4 or np.hypot(*(rows - (x, y)).T).min() < reach / 10:
            continue  # a point covers this place
        ((*colour, alpha),) = mixed(layers_of(arms, np.array([[x, y]]), torch.tanh)[-1].detach())
        expected = 255 * (1 - alpha / 255) + alpha / 255 * np.array(colour)
        size = frame["w"] / side
        seen = pixel(
            stage_of_three, frame["x"] + (column + 0.5) * size, frame["y"] + (row + 0.5) * size
        )
        if np.abs(np.array(seen) - expected).max() < 12:  # neighbours blend into it
            compared += 1
        else:
            near = [
                layers_of(arms, np.array([[x + dx, y + dy]]), torch.tanh)[-1].detach()
                for dx in (-2 * reach / side, 2 * reach / side)
                for dy in (-2 * reach / side, 2 * reach / side)
            ]
            assert len({int(each.argmax()) for each in near}) > 1, "only on a border"
    assert compared > 20


def test_a_point_of_each_class_has_its_own_colour_and_shape(
    stage_of_three: Page, arms: Run
) -> None:
    drawn = on(stage_of_three)
    (frame,) = of(drawn, "frame")
    reach = 1.08 * max(np.abs(arms.points).max(), np.abs(arms.test_points).max())
    filled = [each for each in of(drawn, "fill") if each["fill"] in OF_THREE and each["alpha"] == 1]
    kinds = {
        colour: [each["path"] for each in filled if each["fill"] == colour] for colour in OF_THREE
    }

    for index, colour in enumerate(OF_THREE):
        mine = [len(path) for path in kinds[colour] if len(path) == (0, 1, 3)[index]]
        assert len(mine) >= (arms.targets == index).sum()
    triangles = [path for path in kinds[OF_THREE[2]] if len(path) == 3]
    for path, (x1, x2) in zip(triangles, arms.points[arms.targets[:, 0] == 2], strict=True):
        x = frame["x"] + frame["w"] * (1 + x1 / reach) / 2
        y = frame["y"] + frame["h"] * (1 - x2 / reach) / 2
        assert path[0]["x"] == pytest.approx(x, abs=0.01)
        assert path[0]["y"] < y < path[1]["y"] == path[2]["y"]


def test_rows_of_the_wrong_class_are_ringed_and_the_key_names_every_class(
    stage_of_three: Page, arms: Run
) -> None:
    drawn = on(stage_of_three)
    wrong = (~arms.correct).sum() + (~arms.test_correct).sum()

    assert ringed(drawn) == wrong
    key = [(each["text"], each["fill"]) for each in of(drawn, "text")]
    for shape, colour in zip(("■", "●", "▲"), OF_THREE, strict=True):
        assert (f" {shape}", colour) in key
    assert {"prediction:", " 0", " 1", " 2", "outputs"} <= {text for text, _ in key}


def test_an_output_tells_pytorchs_logit_and_how_probable_its_class_is_everywhere(
    context: BrowserContext, arms: Run
) -> None:
    with staged(context, ARMS) as page:
        (frame,) = of(on(page), "frame")
        page.locator(".row").select_option("4")
        for _ in range(2 + 8 + 2):  # the inputs, the hidden units, the second output
            page.locator(".player").press("ArrowDown")
        tip = page.locator(".tip").inner_text()
        page.locator(".row").select_option("mean")
        said = texts(on(page))
        corner = pixel(page, frame["x"] + 2, frame["y"] + 2)
    reach = 1.08 * max(np.abs(arms.points).max(), np.abs(arms.test_points).max())
    place = np.array([[-reach * 43 / 44, reach * 43 / 44]])
    share = layers_of(arms, place, torch.tanh)[-1].softmax(1)[0, 1].item()
    depth = DEEPEST * share

    assert f"logit  {arms.predictions[4, 1]:.4f}" in tip
    assert tip.startswith("output 1, row 4")
    assert "output 1: how probable class 1 is" in said
    expected = 255 * (1 - depth) + depth * np.array(parts_of(OF_THREE[1]))
    assert np.abs(np.array(corner) - expected).max() < 12


def thirds(rows, noise, generator=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Three classes, side by side on a line."""
    y = torch.arange(rows) % 3
    x = y.float().reshape(rows, 1) - 1 + (0.3 + noise) * torch.randn(rows, 1, generator=generator)
    return x, y


def test_on_a_line_each_class_has_the_curve_of_its_probability(
    context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = DataSet("Thirds", "Points on a line.", thirds, 1, task="multiclass", classes=3)
    monkeypatch.setitem(DATA_SETS, "thirds", entry)
    settings = Settings((8,), 0.1, 60, data="thirds", activation="tanh", optimizer="adam")
    run = train(settings)
    with staged(context, settings) as page:
        drawn = on(page)
    (frame,) = of(drawn, "frame")
    curves = [each for each in of(drawn, "stroke") if len(each["path"]) > 100]
    reach = 1.08 * np.abs(run.points).max()

    assert [each["line"] for each in curves] == list(OF_THREE)
    for index, curve in enumerate(curves):
        x = [reach * (2 * (each["x"] - frame["x"]) / frame["w"] - 1) for each in curve["path"]]
        y = [1.08 * (1 - (each["y"] - frame["y"]) / frame["h"]) for each in curve["path"]]
        expected = layers_of(run, np.array(x)[:, None], torch.tanh)[-1].softmax(1)[:, index]
        assert y == pytest.approx(expected.tolist(), abs=1e-3)
    assert ringed(drawn) == (~run.correct).sum()


def test_without_a_plane_each_row_is_a_bar_parted_by_its_probabilities(
    context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ACTIVATIONS, "mish", Activation("mish", "bends", "nn.Mish()"))
    settings = Settings((5,), 0.1, 30, data="blobs", rows=10, activation="mish")
    run = train(settings)
    with staged(context, settings) as page:
        drawn = on(page)
    bars = np.array(of(drawn, "bar")).reshape(10, 3)
    left, whole = bars[0][0]["x"], sum(each["w"] for each in bars[0])
    softmax = torch.tensor(run.predictions).softmax(1)

    for row, its in enumerate(bars):
        assert [each["fill"] for each in its] == list(OF_THREE)
        assert [each["w"] / whole for each in its] == pytest.approx(softmax[row].tolist(), abs=1e-6)
        assert its[0]["x"] == left
    shapes = [each for each in of(drawn, "fill") if each["fill"] in OF_THREE][-10:]
    assert [each["fill"] for each in shapes] == [OF_THREE[row % 3] for row in range(10)]
    marked = [each for each in of(drawn, "text") if each["text"] == "✕"]
    assert len(marked) == (~run.correct).sum()
    assert "probabilities and targets, ✕ wrong" in texts(drawn)


def test_pointing_at_a_unit_shows_its_map_large(context: BrowserContext, moons: Run) -> None:
    with staged(context, MOONS) as page:
        (frame,) = of(on(page), "frame")
        corner = frame["x"] + 2, frame["y"] + 2
        before = pixel(page, *corner)
        for _ in range(3):  # two inputs, then the first unit
            page.locator(".player").press("ArrowDown")
        reach = 1.08 * max(np.abs(moons.points).max(), np.abs(moons.test_points).max())
        place = np.array([[-reach * 43 / 44, reach * 43 / 44]])
        value = layers_of(moons, place, torch.tanh)[0][0, 0].item()

        assert "hidden 0: blue above 0, orange below" in texts(on(page))
        red, _, blue = pixel(page, *corner)
        assert (blue > red) == (value > 0)
        assert (red, blue) != before[::2]


def test_a_curve_goes_through_pytorchs_predictions(context: BrowserContext) -> None:
    settings = Settings((8,), 0.1, 60, data="curve", activation="tanh", optimizer="adam")
    run = train(settings)
    with staged(context, settings) as page:
        drawn = on(page)
    (frame,) = of(drawn, "frame")
    (curve,) = (each["path"] for each in of(drawn, "stroke") if len(each["path"]) > 100)
    reach = 1.08 * np.abs(run.points).max()
    low, high = (1.08 * end for end in (min(0, run.targets.min()), max(0, run.targets.max())))

    x = [reach * (2 * (each["x"] - frame["x"]) / frame["w"] - 1) for each in curve]
    y = [high - (high - low) * (each["y"] - frame["y"]) / frame["h"] for each in curve]

    expected = layers_of(run, np.array(x)[:, None], torch.tanh)[-1].ravel().tolist()
    assert y == pytest.approx(expected, abs=1e-3)
