"""Record the README's animation, and its living picture: a network that learns two moons.

    python -m tests.benchmarks.picture

Writes docs/learning.webp, whose frames are screenshots of the page in a headless browser, and
docs/living.html.
"""

from __future__ import annotations

import io
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser import PAGE, ROOT, calm_context, launch, opened, served
from tinynet import Settings, to_html, train

SETTINGS = "?data=moons&hidden=6-6&activation=tanh&optimizer=adam&lr=0.05&epochs=100&seed=1"
RUN = Settings((6, 6), 0.05, 100, seed=1, data="moons", activation="tanh", optimizer="adam")
WINDOW = {"width": 1180, "height": 900}  # the stage is then 800 pixels wide
EPOCHS = [*range(30), *range(30, 101, 2)]
FRAME, BOTH_ENDS = 80, 1600  # milliseconds
GO = """async (scrub, epoch) => {
  scrub.value = epoch;
  scrub.dispatchEvent(new Event("input", { bubbles: true }));
  for (let frame = 0; frame < 4; frame += 1) await new Promise(requestAnimationFrame);
}"""


def frames() -> list[Image.Image]:
    """Return a screenshot of the stage for each epoch."""
    with served(PAGE) as server, sync_playwright() as playwright:
        page = calm_context(launch(playwright), viewport=WINDOW).new_page()
        opened(page, server.address + SETTINGS)
        stage, seen = page.locator(".st-key-player"), []
        for epoch in EPOCHS:
            page.locator(".scrub").evaluate(GO, str(epoch))
            seen.append(Image.open(io.BytesIO(stage.screenshot())).convert("RGB"))
        return seen


def main() -> None:
    """Write both."""
    to_html(train(RUN), ROOT / "docs" / "living.html")
    first, *others = frames()
    times = [BOTH_ENDS, *[FRAME] * (len(others) - 1), BOTH_ENDS]
    animation: Any = {"save_all": True, "append_images": others, "duration": times, "loop": 0}
    first.save(ROOT / "docs" / "learning.webp", quality=80, method=6, **animation)


if __name__ == "__main__":
    main()
