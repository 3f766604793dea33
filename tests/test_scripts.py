"""The components' scripts: fetched once, not sent with every message; and the page's tabs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, WebSocket, expect

from tests.browser import Server, blank, figure, opened, settled, slider
from tests.drawn import encoded
from tests.oracle import article_loop
from tests.stage import stage_address
from tinynet import Settings, train
from tinynet.stage.assets import IMPORT, SCRIPTS, modules_of
from tinynet.stage.message import packed
from tinynet.ui.components.scripts import MISSING, served

LINE = 20  # pixels
ENTRIES = (
    "streamlit/player",
    "streamlit/chart",
    "streamlit/lines",
    "living/living",
    "living/losses",
    "living/start",
    "living/widget",
)


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_modules_of_an_entry_are_all_that_its_modules_import(entry: str) -> None:
    modules = modules_of(f"{entry}.js")
    assert modules[0] == f"{entry}.js"
    assert len(set(modules)) == len(modules)
    for name in modules:
        text = (SCRIPTS / name).read_text(encoding="utf-8")
        assert len(IMPORT.findall(text)) == len(re.findall(r'^[^/]*\bfrom "', text, re.MULTILINE))


def test_every_module_belongs_to_an_entry() -> None:
    used = {name for entry in ENTRIES for name in modules_of(f"{entry}.js")}
    assert used == {path.relative_to(SCRIPTS).as_posix() for path in SCRIPTS.rglob("*.js")}


def test_only_the_entries_know_of_streamlit() -> None:
    for path in SCRIPTS.rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        knows = re.search(r"streamlit|setTriggerValue|data-testid|stApp", text, re.IGNORECASE)
        assert bool(knows) == (path.parent.name == "streamlit"), path


def test_where_nobody_is_served_the_script_does_nothing() -> None:
    assert served("streamlit/player.js") == "export default () => {\n};\n"


def test_a_moved_slider_brings_no_script(page: Page, server: Server) -> None:
    sent: list[bytes] = []
    fetched: list[str] = []

    def note(frame: bytes | str) -> None:
        sent.append(frame if isinstance(frame, bytes) else frame.encode())

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", note)

    page.on("websocket", listen)
    page.on("request", lambda request: fetched.append(request.url))
    opened(page, server.address)
    for name in modules_of("streamlit/player.js"):
        assert sum(url.endswith(f"/{name}") for url in fetched) == 1, name
    fetched.clear()
    sent.clear()

    slider(page, "Hidden units").press("ArrowRight")
    expect(figure(page, "Parameters")).to_have_text("73")  # 10 x 6 + 6, and 6 + 1
    settled(page)

    text = (SCRIPTS / "player/player.js").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if len(line) > 40]
    assert not any(line.encode() in each for line in lines[:50] for each in sent)
    assert not any(url.endswith(".js") for url in fetched)
    assert sum(map(len, sent)) < 120_000  # the film has about 30 kB of numbers


@pytest.mark.parametrize("name", ["streamlit/player.js", "player/film.js"])
def test_a_part_whose_script_does_not_load_says_so_keeps_its_place_and_the_others_work(
    page: Page, server: Server, name: str
) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    page.route(f"**/{name}", refuse)
    page.goto(server.address)
    page.get_by_role("heading", name="The loop").wait_for()
    settled(page)

    expect(page.get_by_text(MISSING)).to_be_visible()
    below = page.get_by_role("heading", name="The loop")
    before = below.bounding_box()
    slider(page, "Hidden units").press("ArrowRight")
    page.wait_for_url("**hidden=6")
    settled(page)
    page.locator("pre.plain").last.evaluate("e => e.scrollIntoView()")
    expect(page.locator("pre.plain").last).to_contain_text(
        str(article_loop([6], 0.01, 50, 0)["losses"][0])
    )

    page.unroute(f"**/{name}", refuse)
    settled(page)
    slider(page, "Hidden units").press("ArrowRight")  # the next call tries again
    expect(page.locator(".where")).to_contain_text("After 50 of 50 epochs")
    expect(page.get_by_text(MISSING)).to_have_count(0)
    page.get_by_role("heading", name="TinyNet").scroll_into_view_if_needed()
    after = below.bounding_box()
    assert before
    assert after
    assert abs(after["y"] - before["y"]) < LINE  # the place was reserved for the late script


def test_no_script_makes_code_from_text(context: BrowserContext) -> None:
    film = packed(train(Settings(epochs=3, data="moons", activation="gelu")))
    with blank(context) as page:
        page.goto(f"{stage_address()}alone#{encoded(film)}")

        expect(page.locator(".where")).to_contain_text("After 3 of 3 epochs")
        expect(page.locator("html")).to_have_attribute("data-eval", "refused")
        expect(page.locator("html")).to_have_attribute("data-violations", "1")  # the cached copy


def test_keys_go_from_tab_to_tab_and_one_view_is_seen(page: Page, server: Server) -> None:
    opened(page, server.address)
    watch, inside = (page.get_by_role("radio", name=name) for name in ("Watch", "Look inside"))

    watch.press("ArrowRight")
    expect(inside).to_be_focused()
    page.keyboard.press("Enter")
    expect(inside).to_be_checked()
    expect(page.locator(".lines[data-update='49']")).to_be_visible()
    expect(page.get_by_role("heading", name="Loss by epoch")).to_be_hidden()
    page.wait_for_url("**/?tab=Look+inside")

    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Loss by epoch")).to_be_visible()
    expect(page.locator(".lines[data-update='49']")).to_be_hidden()
