"""Seams: the parts of Streamlit that the page needs still exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import streamlit
from playwright.sync_api import Page
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import Runtime, app_session
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequests,
    ScriptRequestType,
)
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from tests.browser import Server, idle, opened, settled

UI = Path(__file__).parents[1] / "tinynet/ui"
STYLES = UI / "styles"
SEAMS = "".join(path.read_text() for path in STYLES.glob("*seams.css"))
PRIVATE = re.compile(r"streamlit\.(proto|runtime|elements|web|config|errors)\b|streamlit\.runtime$")


def test_back_and_forward_can_be_told_from_moved_widgets() -> None:
    harm = "Back and Forward would leave the sliders where they are."
    assert "is_history_navigation" in ScriptRunContext.__dataclass_fields__, harm


def test_a_newer_request_of_the_same_visitor_can_be_seen() -> None:
    harm = "A long training would hold up its own visitor's next move."
    assert "script_requests" in ScriptRunContext.__dataclass_fields__, harm
    requests = ScriptRequests()
    assert requests._state is ScriptRequestType.CONTINUE, harm
    assert requests.request_rerun(RerunData()), harm
    assert requests._state is not ScriptRequestType.CONTINUE, harm


def test_the_theme_is_a_message_that_one_function_fills_by_section() -> None:
    harm = "The page would lose its colours, or every script would read all options again."
    light, empty = CustomThemeConfig(), CustomThemeConfig()
    app_session._populate_theme_msg(light, "theme.light")
    app_session._populate_theme_msg(empty, "theme.dark.sidebar")
    assert light.ListFields(), harm
    assert light.primary_color == "#1f6fb2", harm


def test_the_keeper_of_uploads_can_be_read_and_told_to_forget() -> None:
    harm = "Uploads would fill the memory, or every upload would fail."
    assert "uploaded_file_mgr" in ScriptRunContext.__dataclass_fields__, harm
    assert isinstance(Runtime.uploaded_file_mgr, property), harm
    assert callable(Runtime.is_active_session), harm
    manager = MemoryUploadedFileManager("/upload")
    manager.add_file("one", UploadedFileRec("7", "a.csv", "text/csv", b"1,2"))
    assert manager.file_storage["one"]["7"].data == b"1,2", harm
    manager.remove_file("one", "7")
    assert not manager.file_storage["one"], harm


def attributes(page: Page) -> set[str]:
    """Return the attributes of Streamlit's elements on the page."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("*")].flatMap((each) =>
          ["data-testid", "data-stale", "role"].filter((name) => each.hasAttribute(name))
            .map((name) => `${name}="${each.getAttribute(name)}"`))"""
    )
    return set(found)


def test_every_element_that_a_rule_names_is_on_some_page(page: Page, server: Server) -> None:
    wanted = {*re.findall(r'(?:data-testid|role)="\w+"', SEAMS), 'data-stale="false"'}
    assert len(wanted) > 15
    wanted.remove('data-testid="stStatusWidget"')  # only while a script runs for long
    scripts = Path(streamlit.__file__).with_name("static").rglob("*.js")
    assert any("stStatusWidget" in each.read_text() for each in scripts)

    opened(page, f"{server.address}?hidden=9")
    idle(page).locator(".st-key-advice").get_by_test_id("stPopover").wait_for(timeout=90_000)
    seen = attributes(page)
    page.goto(f"{server.address}?tab=Code")
    page.get_by_test_id("stCode").first.wait_for()
    seen |= attributes(page)
    page.set_viewport_size({"width": 375, "height": 700})
    page.reload()
    settled(page)
    page.get_by_test_id("stExpandSidebarButton").wait_for()
    seen |= attributes(page)

    assert wanted <= seen, "Streamlit has renamed these: the rules of seams.css on them do nothing."


OTHERS = [path.name for path in STYLES.glob("*.css") if "seams" not in path.name]


@pytest.mark.parametrize("name", OTHERS)
def test_other_styles_name_our_own_keys_and_classes_only(name: str) -> None:
    assert not re.search(r"data-|\.st[A-Z]|role=", (STYLES / name).read_text())


def test_no_other_module_imports_what_is_private() -> None:
    for source in [UI.parents[1] / "app.py", *UI.rglob("*.py")]:
        if source.name == "seams.py" or source.parent.name == "components":
            continue
        names = [
            each.module or ""
            for each in ast.walk(ast.parse(source.read_text()))
            if isinstance(each, ast.ImportFrom)
        ]
        assert not any(map(PRIVATE.match, names)), f"{source.name}: this belongs into seams.py"
