"""The components' scripts: fetched once, not sent with every message; and the tabs of the page."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, WebSocket, expect

from tests.browser import Server, figure, opened, settled, slider
from tests.oracle import article_loop
from tinynet.stage.assets import PLAYER_SCRIPT
from tinynet.ui.components import scripts
from tinynet.ui.components.scripts import MISSING, restore, served

LINE = 20  # pixels


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the scripts of a server are."""
    folder = tmp_path / "scripts"
    folder.mkdir()
    monkeypatch.setattr("streamlit.runtime.exists", lambda: True)
    monkeypatch.setattr(scripts, "_folder", lambda: folder)
    monkeypatch.setattr(scripts, "_files", {})
    return folder


def test_a_script_that_changes_has_another_name(folder: Path) -> None:
    assert served("player", "one") == served("player", "one") != served("player", "another")
    assert sorted(each.read_text() for each in folder.iterdir()) == ["another", "one"]


def test_where_nobody_is_served_no_file_is_written(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr("streamlit.runtime.exists", lambda: False)

    assert served("player", "the script") == "the script"
    assert not list(folder.iterdir())


def test_where_no_file_can_be_written_the_script_itself_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise FileNotFoundError("No usable temporary directory")

    monkeypatch.setattr("streamlit.runtime.exists", lambda: True)
    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    monkeypatch.setattr(scripts, "_folder", scripts._folder.__wrapped__)

    assert served("player", "the script") == "the script"


def test_files_that_the_system_has_cleaned_away_are_written_again(folder: Path) -> None:
    served("player", "the script")
    (file,) = folder.iterdir()
    shutil.rmtree(folder)

    restore()

    assert file.read_text() == "the script"


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
    assert sum(url.endswith(".js") and "/player." in url for url in fetched) == 1
    fetched.clear()
    sent.clear()

    slider(page, "Hidden units").press("ArrowRight")
    expect(figure(page, "Parameters")).to_have_text("73")  # 10 x 6 + 6, and 6 + 1
    settled(page)

    lines = [line for line in PLAYER_SCRIPT.splitlines() if len(line) > 40]
    assert not any(line.encode() in each for line in lines[:50] for each in sent)
    assert not any(url.endswith(".js") for url in fetched)
    assert sum(map(len, sent)) < 100_000  # the film has some 30 kB of numbers


def test_a_part_whose_script_does_not_load_says_so_keeps_its_place_and_the_others_work(
    page: Page, server: Server
) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/player.*.js", refuse)
    page.goto(server.address)
    page.get_by_role("heading", name="The loop").wait_for()
    settled(page)

    expect(page.get_by_text(MISSING)).to_be_visible()
    below = page.get_by_role("heading", name="The loop")
    before = below.bounding_box()
    slider(page, "Hidden units").press("ArrowRight")
    page.wait_for_url("**hidden=6")
    page.locator("pre.plain").last.scroll_into_view_if_needed()
    expect(page.locator("pre.plain").last).to_contain_text(
        str(article_loop([6], 0.01, 50, 0)["losses"][0])
    )

    page.unroute("**/player.*.js", refuse)
    settled(page)
    slider(page, "Hidden units").press("ArrowRight")  # and the next call tries again
    expect(page.locator(".where")).to_contain_text("After 50 of 50 epochs")
    expect(page.get_by_text(MISSING)).to_have_count(0)
    page.get_by_role("heading", name="TinyNet").scroll_into_view_if_needed()
    after = below.bounding_box()
    assert before
    assert after
    assert abs(after["y"] - before["y"]) < LINE  # the place stood there for what came late


def test_keys_go_from_tab_to_tab_and_one_view_is_seen(page: Page, server: Server) -> None:
    opened(page, server.address)
    watch, inside = (page.get_by_role("radio", name=name) for name in ("Watch", "Look inside"))

    watch.press("ArrowRight")
    expect(inside).to_be_focused()
    page.keyboard.press("Enter")
    expect(inside).to_be_checked()
    expect(page.get_by_text("In epoch 49, look at")).to_be_visible()
    expect(page.get_by_role("heading", name="Loss by epoch")).to_be_hidden()
    page.wait_for_url("**/?tab=Look+inside")

    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Loss by epoch")).to_be_visible()
    expect(page.get_by_text("In epoch 49, look at")).to_be_hidden()
