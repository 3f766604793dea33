"""Shared helpers for the tests of painting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from tests.drawn import encoded
from tinynet import Settings, train
from tinynet.stage.message import PlayerView, packed
from tinynet.stage.strokes import Stroke, read_stroke
from tinynet.user_data import Painting

REACH = 1.02 * 2.56  # the extent of the painted plane


@dataclass
class Easel:
    """The player alone, with a fake server that answers on demand."""

    page: Page

    def answer(self, settings: Settings, stroke: Stroke | None = None) -> None:
        """Send the run of these settings, as the answer to a stroke if one is given."""
        run = train(settings)
        self.page.evaluate("answer", encoded(packed(run, PlayerView(None, stroke=stroke))))
        expect(self.page.locator(".player")).to_have_attribute("data-run", repr(settings))

    @property
    def sent(self) -> list[Stroke]:
        """The points sent to the server, stroke by stroke."""
        strokes = [read_stroke(each) for each in self.page.evaluate("sent")]
        assert all(strokes)
        return [each for each in strokes if each]

    @property
    def last(self) -> Painting:
        """The last stroke sent to the server."""
        return self.sent[-1].painting

    def pick(self, name: str) -> None:
        """Click a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def drag(self, *places: tuple[float, float]) -> None:
        """Drag through places, given as the network's inputs; a single place is a click."""
        box = self.page.locator(".easel").bounding_box()
        assert box
        for number, (x1, x2) in enumerate(places):
            right, down = ((1 + sign * x / REACH) / 2 for sign, x in ((1, x1), (-1, x2)))
            self.page.mouse.move(box["x"] + right * box["width"], box["y"] + down * box["height"])
            if not number:
                self.page.mouse.down()
        self.page.mouse.up()

    def told(self) -> str:
        """The text below the picture."""
        return self.page.locator(".lit").inner_text()


def inputs(painting: Painting) -> Any:
    return train(Settings(data=painting, epochs=1)).inputs
