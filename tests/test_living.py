"""Living pictures: the stage in one file, which needs no network and runs no other script."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, expect

from tests.node import Module
from tinynet import Run, Settings, table, to_html, to_script, train
from tinynet.export.living_page import MOST_BYTES
from tinynet.stage.message import packed
from tinynet.training.film import film

HOSTILE = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)> &amp; \u2028"
MOONS = Settings((8, 8), 0.5, 200, data="moons", test_share=0.3, activation="tanh")


class Parsed(HTMLParser):
    """The elements of a page, each with its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.is_within = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        self.texts.append("")
        self.is_within = True

    def handle_endtag(self, _: str) -> None:
        """End the text of an element."""
        self.is_within = False

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if self.is_within:
            self.texts[-1] += data

    def all(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        """Return the attributes and the text of each element of a kind."""
        pairs = zip(self.elements, self.texts, strict=True)
        return [(attributes, text) for (name, attributes), text in pairs if name == tag]

    def packed(self, name: str) -> bytes:
        """Return the bytes of a packed part."""
        [text] = [text for each, text in self.all("script") if each.get("id") == name]
        return gzip.decompress(b64decode(text))


def test_the_policy_allows_the_pages_own_scripts_by_their_hashes_and_nothing_else(
    article_run: Run,
) -> None:
    page = Parsed(to_html(article_run))
    [policy] = [str(each["content"]) for each, _ in page.all("meta") if each.get("http-equiv")]
    rules = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    [start] = [text for each, text in page.all("script") if not each]
    scripts = [start.encode(), page.packed("stage"), page.packed("plotly")]
    hashes = [f"'sha256-{b64encode(sha256(each).digest()).decode()}'" for each in scripts]

    assert rules.pop("script-src").split() == hashes
    assert rules.pop("style-src") == "'unsafe-inline'"
    assert rules.pop("img-src") == "data: blob:"
    assert set(rules) == {"default-src", "base-uri", "form-action"}
    assert set(rules.values()) == {"'none'"}
    assert not any("src" in each for _, each in page.elements)


def test_plotly_may_come_from_the_address_that_plotlys_own_write_html_uses(
    article_run: Run,
) -> None:
    import plotly.graph_objects as go

    theirs = Parsed(go.Figure().to_html(include_plotlyjs="cdn")).all("script")
    [fetched] = [each for each, _ in theirs if "src" in each]
    ours = Parsed(to_html(article_run, include_plotlyjs="cdn"))
    [tag] = [each for each, _ in ours.all("script") if "src" in each]
    [policy] = [str(each["content"]) for each, _ in ours.all("meta") if each.get("http-equiv")]

    assert (tag["src"], tag["integrity"]) == (fetched["src"], fetched["integrity"])
    assert f" {tag['src']};" in policy
    with pytest.raises(ValueError, match='include_plotlyjs must be True or "cdn", not False'):
        to_html(article_run, include_plotlyjs=False)


@pytest.mark.slow
@pytest.mark.parametrize("settings", [MOONS, Settings((64,), epochs=500, test_share=0.3)], ids=str)
def test_a_page_has_at_most_400_kilobytes_and_plotly(settings: Settings) -> None:
    run = train(settings)

    assert len(to_html(run, include_plotlyjs="cdn").encode()) <= 400_000 == MOST_BYTES
    assert len(to_html(run).encode()) <= 2_500_000


def test_the_browser_restores_the_message_of_the_page(module: Module) -> None:
    run = train(MOONS)
    sent = Parsed(to_html(run, include_plotlyjs="cdn")).packed("film")
    restored = module.evaluate("(bytes) => [...pure.restored(Uint8Array.from(bytes))]", [*sent])
    message = bytes(restored)
    length = int.from_bytes(message[:4], "little")
    facts = json.loads(message[4 : 4 + length])
    states = facts["fieldStart"]

    assert message[4 + length :] == packed(run)[4 + int.from_bytes(packed(run)[:4], "little") :]
    assert message[4 + length :][: 4 * states] == film(run).to_bytes()
    assert facts["epochs"] == list(range(201))


def test_a_large_film_keeps_its_first_state_its_last_and_states_between() -> None:
    reel = film(train(Settings((64,), epochs=200)))
    shorter = reel.every(8)

    assert shorter.epochs.tolist() == [*range(0, 200, 8), 200]
    assert shorter.every(16).epochs.tolist() == [0, 128, 200]
    np.testing.assert_array_equal(shorter.parameters[-1], reel.parameters[200])


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    file = tmp_path / "<b>rows<b>.csv"
    rows = {HOSTILE: [0.5, 1, 2, 3], "b": [3, 1, 0, 2], "target": [HOSTILE, "x", HOSTILE, "x"]}
    pd.DataFrame(rows).to_csv(file, index=False)
    data = table(file, target="target")
    run = train(Settings(epochs=3, data=data))
    plain = Parsed(to_html(train(Settings(epochs=3)), include_plotlyjs="cdn"))
    page = Parsed(to_html(run, include_plotlyjs="cdn"))

    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    assert to_script(run.settings) in [text for _, text in page.all("pre")]


def test_it_brings_the_colours_of_the_page() -> None:
    import tomllib

    from tinynet.stage.assets import LIVING_STYLE

    root = Path(__file__).parents[1]
    theme = tomllib.loads((root / ".streamlit/config.toml").read_text())["theme"]
    colours = re.findall(r"--st-([a-z-]+color): (#\w+);", LIVING_STYLE)
    light, dark = colours[: len(colours) // 2], colours[len(colours) // 2 :]
    for name, its in (("light", light), ("dark", dark)):
        for each, colour in its:
            words = each.split("-")
            key = words[0] + "".join(word.capitalize() for word in words[1:])
            assert theme[name][key] == colour
    assert [name for name, _ in light] == [name for name, _ in dark]


def test_a_run_shows_itself_in_one_line_and_in_a_frame(
    article_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    article_run.show()
    [[frame, _]] = Parsed(article_run._repr_html_()).all("iframe")

    assert "\n" not in repr(article_run)
    assert repr(Settings()) in repr(article_run)
    assert frame["srcdoc"] == to_html(article_run)
    assert frame["sandbox"] == "allow-scripts allow-downloads"  # no rights of the notebook's page
    assert Path(opened[0].removeprefix("file://")).read_text() == to_html(article_run)


def noted(page: Page) -> tuple[list[str], list[str]]:
    """Return lists that collect the requests and the messages of a page."""
    asked: list[str] = []
    said: list[str] = []

    def on_request(request: Request) -> None:
        asked.append(request.url)

    def on_message(message: ConsoleMessage) -> None:
        said.append(message.text)

    def on_error(error: Error) -> None:
        said.append(str(error))

    page.on("request", on_request)
    page.on("console", on_message)
    page.on("pageerror", on_error)
    return asked, said


def test_it_plays_from_a_disk_and_in_a_frame_without_a_request(
    browser: Browser, tmp_path: Path
) -> None:
    run = train(MOONS)
    (tmp_path / "slide.html").write_text(run._repr_html_())
    to_html(run, tmp_path / "film.html")
    for name in ("film.html", "slide.html"):
        context = browser.new_context(viewport={"width": 375, "height": 800})
        page = context.new_page()
        asked, said = noted(page)
        page.goto((tmp_path / name).as_uri())
        stage = page.frames[-1]

        expect(stage.locator(".losses .js-line").first).to_be_visible()
        expect(stage.locator(".where")).to_contain_text("After 200 of 200 epochs")  # it has played
        stage.locator(".player").press("Home")
        expect(stage.locator(".where")).to_contain_text(f"loss {run.losses[0]:.4f}")
        stage.locator("summary", has_text="Script").click()
        expect(stage.locator("details[open] pre")).to_have_text(to_script(run.settings))
        width = stage.evaluate("document.documentElement.scrollWidth")
        assert width <= 375
        assert asked == [(tmp_path / name).as_uri()]
        assert said == []
        context.close()
