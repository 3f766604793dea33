"""The picture between the rows: PyTorch's own predictions, to within one step of the colours."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from playwright.sync_api import BrowserContext, Page

from tests.drawing.test_drawing_networks import pixel, texts
from tests.drawn import BLUE, ORANGE, of, on, staged
from tests.field import DEEPEST, MOONS, layers_of, ringed
from tests.node import Module
from tinynet import Settings, train
from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.features import FEATURES
from tinynet.registry.pytorch import evaluate
from tinynet.stage.assets import functions
from tinynet.stage.message import packed
from tinynet.training.run import Run

STEP = 1 / 255  # opacity steps of the strongest colour
GRID = """(bytes) => {
  const data = pure.unpack(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
  const film = pure.decode(data), { dimensions, functions, points } = data.field;
  const made = pure.functionsOf(functions, TABLE(pure.erf)), from = data.fieldStart + points.start;
  const size = points.shape[0] * dimensions;
  const products = film.layers.reduce((sum, layer) => sum + layer.units * layer.inputs, 0);
  const grid = pure.gridOf(data.numbers.subarray(from, from + size), dimensions, products);
  const inputs = pure.inputsOf(grid.places, dimensions, made.features);
  const layers = pure.passForward(film.layers, film.parameters(film.states - 1), inputs, made);
  return { ...grid, layers: layers.map((units) => units.map((each) => [...each])) };
}"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        *(
            Settings((6, 3), 0.1, 40, data="moons", activation=name, optimizer="adam")
            for name, each in ACTIVATIONS.items()
            if each.javascript
        ),
        Settings((5,), 0.1, 40, data="hills", features=tuple(FEATURES), test_share=0.3),
        Settings((8,), 0.1, 40, data="curve", activation="tanh"),
        Settings((), 0.1, 40, data="xor"),
        Settings((64,) * 6, epochs=5, data="spiral", activation="tanh"),
        Settings((6, 3), 0.1, 40, data="blobs", activation="elu"),
    ],
    ids=str,
)
def test_what_is_painted_is_what_pytorch_makes_of_every_place(
    module: Module, settings: Settings
) -> None:
    run = train(settings)
    in_javascript = GRID.replace("TABLE", f"({functions()})")
    painted = module.evaluate(in_javascript, base64.b64encode(packed(run, None)).decode())
    places = np.array(painted["places"]).reshape(painted["columns"] * painted["rows"], -1)
    activation = evaluate(ACTIVATIONS[settings.activation].code)

    assert np.abs(places).max() <= painted["reach"]
    for seen, expected in zip(painted["layers"], layers_of(run, places, activation), strict=True):
        values = expected.detach().numpy().T
        assert np.abs(np.array(seen) - values).max() <= STEP * max(1, np.abs(values).max())


@pytest.fixture(scope="module")
def moons() -> Run:
    return train(MOONS)


@pytest.fixture(scope="module")
def stage(context: BrowserContext) -> Iterator[Page]:
    with staged(context, MOONS) as page:
        yield page


def test_the_plane_has_the_colour_of_pytorchs_prediction_at_each_place(
    stage: Page, moons: Run
) -> None:
    (frame,) = of(on(stage), "frame")
    reach = 1.08 * max(np.abs(moons.points).max(), np.abs(moons.test_points).max())
    side = 44
    colours = {
        sign: np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)])
        for sign, colour in ((True, BLUE), (False, ORANGE))
    }
    compared = 0
    for column, row in np.ndindex(side, side):
        if column % 5 or row % 5:
            continue
        x, y = reach * ((2 * column + 1) / side - 1), -reach * ((2 * row + 1) / side - 1)
        rows = np.concatenate([moons.points, moons.test_points])
        if np.hypot(*(rows - (x, y)).T).min() < reach / 10:
            continue  # a point covers this place
        answer = layers_of(moons, np.array([[x, y]]), torch.tanh)[-1].item()
        depth = DEEPEST * abs(2 * answer - 1)
        expected = 255 * (1 - depth) + depth * colours[answer > 0.5]
        size = frame["w"] / side
        seen = pixel(stage, frame["x"] + (column + 0.5) * size, frame["y"] + (row + 0.5) * size)
        assert np.abs(np.array(seen) - expected).max() < 12  # neighbours blend into it
        compared += 1
    assert compared > 20


def test_every_row_lies_in_its_place_and_its_shape_and_colour_tell_its_class(
    stage: Page, moons: Run
) -> None:
    drawn = on(stage)
    (frame,) = of(drawn, "frame")
    reach = 1.08 * max(np.abs(moons.points).max(), np.abs(moons.test_points).max())
    round_ones = [
        each for each in of(drawn, "fill") if each["path"] and each["path"][0].get("radius") == 4
    ]
    in_test = 2 * int((moons.test_targets == 1).sum())
    filled = round_ones[in_test + 1 :: 2]  # each picture is first filled with the background

    ones = moons.points[moons.targets[:, 0] == 1]
    assert len(filled) == len(ones)
    for each, (x1, x2) in zip(filled, ones, strict=True):
        x = frame["x"] + frame["w"] * (1 + x1 / reach) / 2
        y = frame["y"] + frame["h"] * (1 - x2 / reach) / 2
        assert (each["path"][0]["x"], each["path"][0]["y"]) == pytest.approx((x, y), abs=0.01)
        assert (each["fill"], each["alpha"]) == (BLUE, 1)
    hollow = round_ones[1:in_test:2]
    assert [each["alpha"] for each in hollow] == [0] * (in_test // 2)


def test_rows_that_are_wrong_are_ringed_in_every_state(context: BrowserContext) -> None:
    run = train(MOONS)
    with staged(context, MOONS, 4) as page:
        early = ringed(on(page))
        page.locator(".player").press("End")
        late = ringed(on(page))
        said = texts(on(page))

    wrong = (run.checkpoints.predictions[4] > 0.5) != (run.targets > 0.5)
    wrong_in_test = len(run.test_correct) - run.test_correct.sum()
    assert late == (~run.correct).sum() + wrong_in_test
    assert early >= wrong.sum() > late
    assert "rows: ■ 0 ● 1, hollow: test rows, ○ wrong" in "".join(said)
