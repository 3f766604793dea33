"""What several tests share: a served page, a browser, a few runs."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    WebError,
    expect,
    sync_playwright,
)
from streamlit.components.v2 import manifest_scanner

from tests.browser import PAGE, UNCOMPRESSED, Server, Shared, calm_context, launch, served
from tests.node import Module, in_node
from tests.visitor import open_and_leave, run
from tinynet import Run, Settings, train
from tinynet.ui import runs

# A page on a machine with other work on it; five seconds, the default, are too few for that.
PATIENCE = 20_000  # milliseconds
expect.set_options(timeout=PATIENCE)
# A page of a test lives for a second or two, in which none of this pays: to parse in a second
# thread what was compiled for the page before, to optimise the code, to start another process.
FOR_SHORT_LIVES = (
    *("--process-per-site", "--renderer-process-limit=1", "--disable-features=ScriptStreaming"),
    "--js-flags=--no-turbofan --no-maglev --no-flush-bytecode --min-semi-space-size=64",
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Of the few tests that want to be alone, none stands in a file without their mark."""
    if config.option.markexpr != "alone" or collection_path.suffix != ".py":
        return None
    return "pytest.mark.alone" not in collection_path.read_text(encoding="utf-8") or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test that needs a browser or a served page."""
    for item in items:
        if {"browser", "server"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


@pytest.fixture(scope="session", autouse=True)
def scanned_once() -> Iterator[None]:
    """Every page without a browser looks through all installed packages; they stay as they are."""
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="session", autouse=True)
def trained_in_one_go() -> Iterator[None]:
    """A page without a browser asks for no more of a long run: all of it is trained at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "PASS", 60)
        yield


@pytest.fixture(scope="session")
def article_run() -> Run:
    """The article's own run."""
    return train(Settings())


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The page, served for the whole session; its first visitor has waited for torch already."""
    with served(PAGE) as server:
        run(open_and_leave(server.address))
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless browser; the tests fail without one, with a sentence that says what to do."""
    with sync_playwright() as playwright:
        browser = launch(playwright, *FOR_SHORT_LIVES)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def kept() -> list[Page]:
    """The pages that outlive a test."""
    return []


@pytest.fixture(scope="session")
def context(browser: Browser, kept: list[Page]) -> Iterator[BrowserContext]:
    """One browser's memory for all tests: Streamlit's 10 MB of scripts are fetched once.

    And compiled once, since all pages share a process: it lives as long as a page of their host.
    A page is then open in 1 s or less.
    """
    context = calm_context(browser, extra_http_headers=UNCOMPRESSED)
    context.set_default_timeout(PATIENCE)
    keeper = context.new_page()
    kept.append(keeper)
    keeper.route("**", lambda route: route.fulfill(body=""))
    keeper.goto("http://127.0.0.1/")
    yield context
    context.close()


@pytest.fixture(scope="session")
def module() -> Iterator[Module]:
    """The functions of the stage's scripts."""
    with in_node() as module:
        yield module


@pytest.fixture
def page(context: BrowserContext, kept: list[Page]) -> Iterator[Page]:
    """A fresh visitor on a small laptop."""
    yield on_a_laptop(context)
    for each in context.pages:  # others too that a test has opened
        if each not in kept:
            each.close()


@pytest.fixture(scope="module")
def shared(context: BrowserContext, kept: list[Page]) -> Iterator[Shared]:
    """A page for all tests of a file that only look at it: `shared(opened, address)`.

    Opened by the first of them, as `opened(page, address)` would. Such a test changes nothing that
    another looks at, or sets first whatever it looks at itself.
    """
    seen: dict[tuple[Any, ...], tuple[Page, Any]] = {}

    def share(opened: Callable[..., Any], *where: Any) -> Any:
        if (opened, *where) not in seen:
            page = on_a_laptop(context)
            seen[opened, *where] = page, opened(page, *where)
            kept.append(page)
        page, found = seen[opened, *where]
        page.bring_to_front()
        return found

    yield share
    for page, _ in seen.values():
        kept.remove(page)
        page.close()


def on_a_laptop(context: BrowserContext) -> Page:
    """Return a blank page of the size of a small laptop."""
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    return page


@pytest.fixture
def no_errors(
    context: BrowserContext,
    page: Page,  # noqa: ARG001 - it is closed after this
    server: Server,
) -> Iterator[None]:
    """Whatever a test does, no page breaks or asks other hosts for anything.

    Other hosts have no address here, so a request to one fails, and of that the browser tells. Of
    each request it would tell for longer than it takes to answer.
    """
    failed: list[str] = []
    errors: list[str] = []

    def note_request(request: Request) -> None:
        failed.append(request.url)

    def note_error(error: WebError) -> None:
        errors.append(str(error.error))

    context.on("requestfailed", note_request)
    context.on("weberror", note_error)
    yield
    broken = [each for each in context.pages if each.get_by_test_id("stException").count()]
    context.remove_listener("requestfailed", note_request)
    context.remove_listener("weberror", note_error)
    assert errors == []
    ours = (server.address, "data:", "blob:")
    assert [url for url in failed if not url.startswith(ours)] == []
    assert broken == []
