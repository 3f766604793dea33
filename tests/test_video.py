"""The video of a run: recorded by the browser from a living picture, and played by it."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.test_stills import DARK
from tinynet import Run, Settings, to_html, train

# Like Firefox, which records no mp4; what Chromium records as mp4 brings its own duration.
ONLY_WEBM = """
const isSupported = MediaRecorder.isTypeSupported;
MediaRecorder.isTypeSupported = (kind) => kind.includes("webm") && isSupported(kind);
"""
PLAYED = """async (packed) => {
  const video = document.createElement("video");
  video.src = `data:video/webm;base64,${packed}`;
  await new Promise((loaded, failed) => { video.onloadeddata = loaded; video.onerror = failed; });
  const { duration, videoWidth: width, videoHeight: height } = video;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const frames = [];
  for (const time of [0.1, duration - 0.1]) {
    video.currentTime = time;
    await new Promise((sought) => { video.onseeked = sought; });
    canvas.getContext("2d").drawImage(video, 0, 0);
    frames.push(canvas.toDataURL().split(",")[1]);
  }
  return { duration, frames };
}"""


@pytest.fixture
def dark(browser: Browser, tmp_path: Path) -> Page:
    """A dark living picture of moons, at its end."""
    run = train(Settings((4,), 0.05, 60, data="moons", activation="tanh", optimizer="adam"))
    to_html(run, tmp_path / "film.html")
    context = browser.new_context(color_scheme="dark", reduced_motion="reduce")
    context.add_init_script(ONLY_WEBM)
    page = context.new_page()
    page.goto((tmp_path / "film.html").as_uri())
    expect(page.locator(".where")).to_contain_text("After 60 of 60 epochs")
    return page


def test_a_video_lasts_8_seconds_and_shows_the_network_learning(
    browser: Browser, dark: Page, tmp_path: Path
) -> None:
    save = dark.locator(".still summary")
    save.click()
    with dark.expect_download() as arriving:
        dark.get_by_role("button", name="Video").click()
        expect(save).to_have_accessible_name(re.compile(r"Cancel the video: \d+ % recorded"))
    assert arriving.value.suggested_filename == "tinynet-60-epochs.webm"
    arriving.value.save_as(tmp_path / "run.webm")
    expect(save).to_have_accessible_name("Save the network")
    dark.context.close()

    page = browser.new_page()
    played = page.evaluate(PLAYED, b64encode((tmp_path / "run.webm").read_bytes()).decode())
    page.close()
    first, last = (Image.open(BytesIO(b64decode(each))).convert("RGB") for each in played["frames"])
    assert played["duration"] == pytest.approx(8, abs=0.5)
    assert first.size == (1280, 720)
    start, end = (np.asarray(each, float) for each in (first, last))
    for frame in (start, end):
        assert np.abs(frame[2, 2] - DARK).max() <= 4
    apart = np.abs(start - end).max(axis=2)
    assert (apart > 40).mean() > 0.1  # of the frame, mostly the plane


def test_a_cancelled_video_is_not_saved(dark: Page) -> None:
    saved: list[object] = []
    dark.on("download", lambda each: saved.append(each))  # noqa: PLW0108 - it needs a function
    save = dark.locator(".still summary")
    save.click()
    dark.get_by_role("button", name="Video").click()
    expect(save).to_contain_text("%")
    save.click()

    expect(save).to_have_accessible_name("Save the network")
    expect(dark.get_by_role("button", name="PNG", exact=True)).to_be_hidden()
    dark.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    assert saved == []
    dark.context.close()


def test_where_the_browser_cannot_record_there_is_no_button(
    browser: Browser, article_run: Run, tmp_path: Path
) -> None:
    to_html(article_run, tmp_path / "film.html")
    page = browser.new_page()
    page.add_init_script("delete window.MediaRecorder")
    page.goto((tmp_path / "film.html").as_uri())
    page.get_by_label("Save the network").click()

    expect(page.get_by_role("button", name="PNG", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Video")).to_be_hidden()
    page.close()
