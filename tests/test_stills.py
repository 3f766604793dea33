"""Stills: the network and the plane as a picture for print, saved from a living picture."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, expect

from tests.test_living import HOSTILE
from tinynet import Settings, table, train

DARK = (0x14, 0x19, 0x1F)  # the ground of the dark theme
XML = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"
WIDTH, HEIGHT = 832, 422
PIXELS = 3  # of the PNG per unit of the SVG


@pytest.fixture(scope="module")
def saved(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both pictures of a run of hostile names, and the SVG as a browser renders it.

    They are saved with the keys from a narrow, dark picture in a frame.
    """
    folder = tmp_path_factory.mktemp("stills")
    draws = np.random.default_rng(0).standard_normal((30, 2))
    rows = {HOSTILE: draws[:, 0], "bell\a": draws[:, 1], "target": draws[:, 0] > draws[:, 1]}
    pd.DataFrame(rows).to_csv(folder / "rows.csv", index=False)
    data = table(folder / "rows.csv", target="target")
    run = train(Settings((4, 3), 0.5, 60, data=data, activation="tanh"))
    (folder / "slide.html").write_text(run._repr_html_())
    context = browser.new_context(
        viewport={"width": 375, "height": 800}, color_scheme="dark", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto((folder / "slide.html").as_uri())
    stage = page.frames[-1]
    expect(stage.locator(".where")).to_contain_text("After 60 of 60 epochs")
    for kind in ("PNG", "SVG"):
        stage.get_by_label("Save the network").press("Enter")
        with page.expect_download() as arriving:
            stage.get_by_role("button", name=kind, exact=True).press(" ")
        assert arriving.value.suggested_filename == f"network-epoch-60.{kind.lower()}"
        arriving.value.save_as(folder / f"network.{kind.lower()}")
        expect(stage.get_by_label("Save the network")).to_be_focused()  # the choice is closed
    context.close()
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=PIXELS
    )
    page = context.new_page()
    page.goto((folder / "network.svg").as_uri())
    page.screenshot(path=folder / "rendered.png")
    context.close()
    return folder


def test_the_png_is_as_wide_as_a_page_of_print_on_the_ground_of_the_theme(saved: Path) -> None:
    picture = Image.open(saved / "network.png").convert("RGB")
    corners = [(x, y) for x in (0, picture.width - 1) for y in (0, picture.height - 1)]

    assert picture.width >= 2_000
    assert {picture.getpixel(corner) for corner in corners} == {DARK}


def test_the_png_is_as_sharp_as_a_browsers_rendering_of_the_svg_at_that_size(saved: Path) -> None:
    drawn, rendered = (
        Image.open(saved / f"{name}.png").convert("RGB") for name in ("network", "rendered")
    )
    blown_up = drawn.resize((WIDTH, HEIGHT)).resize(drawn.size)

    def apart(one: Image.Image) -> float:
        return float(np.asarray(ImageChops.difference(one, rendered), np.float64).mean())

    assert drawn.size == rendered.size
    assert apart(drawn) < 0.5  # of 255
    assert apart(blown_up) > 2 * apart(drawn)


def test_the_svg_is_shapes_and_words_with_no_script_and_no_address(saved: Path) -> None:
    elements = [*ET.parse(saved / "network.svg").iter()]  # noqa: S314 - our own file
    kinds = {each.tag.removeprefix(XML) for each in elements}
    values = [(name, value) for each in elements for name, value in each.attrib.items()]
    words = " ".join(each.text or "" for each in elements if each.tag == f"{XML}text")

    drawn = {"rect", "circle", "path", "text", "g", "clipPath", "image"}
    assert kinds == {"svg", "title"} | drawn
    assert all(
        value.startswith("data:image/png;base64,") for name, value in values if name == XLINK
    )
    assert {name for name, _ in values if name.endswith(("href", "src"))} == {XLINK}
    assert not any(
        name.startswith("on") or "url(" in value.replace("url(#", "") for name, value in values
    )
    assert {"4 hidden", "3 hidden"} <= {each.text for each in elements}
    assert "</scr" in words  # a name, as text
    weights = [each for each in elements if each.tag == f"{XML}path" and each.get("stroke")]
    assert len(weights) == 2 * 4 + 4 * 3 + 3
    title = elements[1].text
    assert title
    assert title.startswith("After 60 of 60 epochs: loss ")
