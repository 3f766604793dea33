"""Shared helpers for the tests of the drawn network."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import blank
from tests.stage import stage_address
from tinynet import Settings, train
from tinynet.stage.assets import PLAYER_HTML
from tinynet.stage.message import PlayerView, packed

STATE, RATE = 12, 0.5
BLUE, ORANGE = "#2f7fc1", "#c0762b"
# Records everything drawn on the player's canvas since it was last cleared.
RECORD = """(() => {
  const pen = CanvasRenderingContext2D.prototype;
  let path = [];
  window.drawn = [];
  const note = (it, kind, more) => window.drawn.push({
    kind, fill: it.fillStyle, line: it.strokeStyle, alpha: it.globalAlpha, width: it.lineWidth,
    dashed: it.getLineDash().length > 0, ...more });
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
    fillText: (it, [text, x, y]) => note(it, "text", { text, x, y, align: it.textAlign,
      font: it.font, w: it.measureText(text).width }),
  };
  for (const [name, look] of Object.entries(watch)) {
    const draw = pen[name];
    pen[name] = function (...given) {
      if (this.canvas.className === "stage") look(this, given);
      return draw.apply(this, given);
    };
  }
})()"""

MOUNT = """async ([film, html]) => {
  const { default: player } = await import("/scripts/streamlit/player.js");
  const { default: functions } = await import("/functions.js");
  const parentElement = document.querySelector("div");
  parentElement.innerHTML = html;
  const data = Uint8Array.from(atob(film), (each) => each.charCodeAt(0));
  player({ data, parentElement, setTriggerValue: () => {} }, functions);
}"""

Strokes = list[dict[str, Any]]


@contextmanager
def staged(
    context: BrowserContext,
    settings: Settings,
    state: int | None = None,
    width: int = 900,
    *,
    opens_epochs: bool = False,
) -> Iterator[Page]:
    """Open the player without a server; errors in the page are raised at the end."""
    film = packed(train(settings), PlayerView(state, opens_epochs=opens_epochs))
    with blank(context) as page:
        page.set_viewport_size({"width": width, "height": 600})
        page.goto(stage_address())
        page.evaluate(RECORD)
        page.evaluate(MOUNT, [encoded(film), PLAYER_HTML])
        expect(page.locator(".where")).to_contain_text("After")
        yield page


def on(page: Page) -> Strokes:
    """Return the recorded drawing of the canvas."""
    strokes: Strokes = page.evaluate("window.drawn")
    return strokes


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def of(drawn: Strokes, kind: str) -> Strokes:
    return [each for each in drawn if each["kind"] == kind]


def circles(drawn: Strokes, kind: str) -> Strokes:
    """Return the filled or stroked circles, from left to right and from top to bottom."""
    round_ones = [each for each in of(drawn, kind) if "radius" in (each["path"] or [{}])[0]]
    return sorted(round_ones, key=lambda each: (each["path"][0]["x"], each["path"][0]["y"]))


def sign(value: float) -> str:
    return BLUE if value > 0 else ORANGE


def follow(sizes: list[float], values: list[float]) -> None:
    """Check that drawn sizes grow linearly with values."""
    assert np.corrcoef(sizes, np.abs(values))[0, 1] > 0.9999


def edges(drawn: Strokes) -> Strokes:
    """Return the lines between the nodes."""
    right = circles(drawn, "fill")[-1]["path"][0]["x"]
    lines = [each for each in of(drawn, "stroke") if len(each["path"]) == 2]
    rightmost = max(node["path"][0]["x"] for node in circles(drawn, "stroke"))
    assert right >= rightmost
    return [each for each in lines if each["path"][1]["x"] < rightmost]


def key(page: Page) -> list[str]:
    """Return the entries of the picture's key."""
    return [each.strip() for each in page.locator(".key li").all_inner_texts()]


def columns(drawn: Strokes) -> list[Strokes]:
    """Return the rings of the nodes, column by column."""
    found: dict[float, Strokes] = {}
    for each in circles(drawn, "stroke"):
        found.setdefault(round(each["path"][0]["x"], 3), []).append(each)
    return list(found.values())


def tip(page: Page, steps: int) -> Any:
    """Move the focus to a node by keys; return its tip."""
    for _ in range(steps):
        page.locator(".player").press("ArrowDown")
    return page.locator(".tip")
