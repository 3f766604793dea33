"""Digits, the example, and columns that are the pixels of pictures; the oracle is plain PyTorch."""

from __future__ import annotations

import io
from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest
import torch
from playwright.sync_api import Locator, Page, Position, expect
from torch import nn

from tests.browser import Server, opened
from tests.combinations import different
from tests.strokes_of_digits import DIGITS, Stroke
from tinynet import Settings, read_script, table, to_script, train, worst_rows
from tinynet.links.address import View, shortened
from tinynet.stage.message import packed
from tinynet.stage.pixels import MOST_PRODUCTS
from tinynet.training.run import Run
from tinynet.ui.sidebar.file_actions import opened_by
from tinynet.user_data.examples import EXAMPLES
from tinynet.user_data.pixels import pixels_of

(EXAMPLE,) = (each for each in EXAMPLES if each.label == "Digits")
SETTINGS: Settings = opened_by(EXAMPLE)
FRAME = pd.read_csv(io.BytesIO(EXAMPLE.sheet.content), compression="gzip")
PIXELS = FRAME.drop(columns="digit")


@pytest.fixture(scope="module")
def run() -> Run:
    return train(SETTINGS)


@pytest.mark.slow
def test_the_loop_of_plain_pytorch_ends_at_the_same_loss(run: Run) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    x = torch.tensor(PIXELS.to_numpy(dtype=float) / 16).float()
    y = torch.tensor(FRAME["digit"].to_numpy())
    order = torch.randperm(len(x))
    tests, rows = order[:539], order[539:]
    model = nn.Sequential(nn.Linear(64, 24), nn.ReLU(), nn.Linear(24, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=0.001)
    x, y, x_test, y_test = x[rows], y[rows], x[tests], y[tests]
    for _ in range(50):
        for batch in torch.randperm(len(x)).split(50):  # type: ignore[no-untyped-call]
            loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()

    with torch.no_grad():
        assert nn.functional.cross_entropy(model(x), y).item() == run.final_loss
        correct = model(x_test).argmax(dim=1) == y_test
    np.testing.assert_array_equal(correct.numpy(), run.test_correct.ravel())


def test_the_script_prints_the_same_bits_and_is_read_back() -> None:
    settings = replace(SETTINGS, epochs=2)

    assert different(settings) == []
    assert read_script(to_script(settings)).settings == settings


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 11, 23])  # 23 has the fewest right of the first 30
def test_at_least_95_of_100_test_rows_are_read(seed: int) -> None:
    assert train(replace(SETTINGS, seed=seed)).test_correct.mean() >= 0.95


def test_new_rows_are_scaled_as_the_rows_of_the_training(run: Run) -> None:
    answers = run.predict(PIXELS.iloc[:50])

    with torch.no_grad():
        weights = [torch.tensor(each[-1]) for each in run.checkpoints.parameters]
        x = torch.tensor(PIXELS.iloc[:50].to_numpy(dtype=float) / 16).float()
        outputs = (x @ weights[0].T + weights[1]).relu() @ weights[2].T + weights[3]
    assert answers["digit"].tolist() == outputs.argmax(dim=1).tolist()


def test_pixels_are_found_by_their_values_whatever_their_names_and_shades() -> None:
    names = [f"c{place}" for place in range(64)]

    found = pixels_of(PIXELS.set_axis(names, axis=1))
    assert found is not None
    assert (found.side, found.low, found.high) == (8, 0, 16)
    inverted = pixels_of(255 - 10 * PIXELS)
    assert inverted is not None
    assert (inverted.low, inverted.high) == (95, 255)


def test_other_columns_are_no_pixels() -> None:
    answers = np.random.default_rng(1).integers(1, 6, size=(300, 25))
    wide = PIXELS.copy()
    wide.iloc[0, 20] = 900

    assert pixels_of(pd.DataFrame(answers)) is None  # 25 questions, from 1 to 5
    assert pixels_of(PIXELS.iloc[:, 1:]) is None  # not a square
    assert pixels_of(PIXELS.iloc[:, :9]) is None  # too few
    assert pixels_of(PIXELS.astype(str)) is None  # words
    assert pixels_of(PIXELS.mask(PIXELS == 13)) is None  # gaps
    assert pixels_of(0 * PIXELS) is None  # always the same
    assert pixels_of(wide) is None  # several ranges
    assert table(FRAME, target="pixel 2 4").pixels is None  # 63 pixels and the digit
    large = np.tile(PIXELS.to_numpy().reshape(-1, 8, 8), (4, 4)).reshape(len(PIXELS), -1)
    assert pixels_of(pd.DataFrame(large)) is None  # more than a network may have


def test_a_pixel_may_be_the_same_in_all_rows_and_all_become_inputs() -> None:
    data = table(FRAME.rename(columns={"digit": "what"}), target="what")

    assert PIXELS.iloc[:, 0].eq(0).all()
    assert len(data.inputs) == 64
    assert "The 64 inputs are the pixels of a picture, 8 × 8" in data.story


def test_the_message_to_the_browser_stays_small() -> None:
    wide = train(replace(SETTINGS, hidden_units=(64, 64), epochs=3))

    assert len(packed(wide)) < 2_500_000
    assert len(wide.test_inputs) * wide.parameter_count > MOST_PRODUCTS  # so not all rows are sent


def draw(page: Page, strokes: list[Stroke]) -> None:
    """Draw on the pad with the mouse."""
    box = page.locator(".pad").bounding_box()
    assert box
    for stroke in strokes:
        (x, y), *rest = (
            (box["x"] + box["width"] * right / 100, box["y"] + box["height"] * down / 100)
            for right, down in stroke
        )
        page.mouse.move(x, y)
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(x, y)
        page.mouse.up()


def told_on(page: Page) -> Locator:
    return page.locator(".player .told")


def test_nine_of_ten_drawn_digits_are_read_and_wrong_rows_are_shown(
    page: Page, server: Server, run: Run
) -> None:
    opened(page, f"{server.address}?{urlencode(dict(shortened(SETTINGS, View())))}")
    clear, right = page.get_by_role("button", name="Clear"), 0

    for digit, (strokes, *_) in DIGITS.items():
        draw(page, strokes)
        expect(told_on(page)).to_contain_text("your drawing: answer: ")
        right += told_on(page).inner_text() == f"your drawing: answer: {digit}"
        clear.click()
        expect(told_on(page)).to_have_text("The pad is empty.")
    assert right >= 9

    worst = worst_rows(run, test=True).query("not correct").iloc[0]
    pad = page.locator(".pad").bounding_box()
    assert pad
    page.mouse.click(pad["x"] + 20, pad["y"] + pad["height"] + 44)  # the first picture below
    said = f"picked row: answer: {worst['answer']}, target {worst['target']}"
    expect(told_on(page)).to_have_text(said)

    page.mouse.wheel(0, 900)
    first = Position(x=17, y=52)  # the box before the first row: the table is drawn on a canvas
    page.locator(".st-key-mistakes .stDataFrameGlideDataEditor").first.click(position=first)
    expect(page.locator(".st-key-player .key")).to_contain_text(f"value for row {worst['row']}")
