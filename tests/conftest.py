"""Fixtures for several tests: a served page, a browser, a few runs."""

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

# Other work may share the machine, for which the default of five seconds is too short.
PATIENCE = 20_000  # milliseconds
expect.set_options(timeout=PATIENCE)
# A test's page lives for a second or two, too short for these to pay: parsing in a second thread,
# optimising the code, and starting another process.
FOR_SHORT_LIVES = (
    *("--process-per-site", "--renderer-process-limit=1", "--disable-features=ScriptStreaming"),
    "--js-flags=--no-turbofan --no-maglev --no-flush-bytecode --min-semi-space-size=64",
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip files without the mark `alone` when only the tests with this mark are collected."""
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
    """Scan the installed packages once instead of for every page without a browser."""
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="session", autouse=True)
def trained_in_one_go() -> Iterator[None]:
    """Train long runs in one go, because a page without a browser does not request the rest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "PASS", 60)
        yield


@pytest.fixture(scope="session")
def article_run() -> Run:
    """The article's own run."""
    return train(Settings())


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The page, served for the whole session, after a first visit that has imported torch."""
    with served(PAGE) as server:
        run(open_and_leave(server.address))
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless browser; without one, the tests fail with instructions."""
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
    """One browser context for all tests, so that Streamlit's 10 MB of scripts are fetched once.

    The scripts are also compiled once, because all pages share a process, which lives as long as
    any page of the host. A page then opens in 1 s or less.
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
    for each in context.pages:  # also pages that the test opened
        if each not in kept:
            each.close()


@pytest.fixture(scope="module")
def shared(context: BrowserContext, kept: list[Page]) -> Iterator[Shared]:
    """A function that opens a page for all read-only tests of a file: `shared(opened, address)`.

    The first test opens the page with `opened(page, address)`. A test on it must not change what
    others check, unless those set it first.
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
    """Check after each test that no page had an error or a request to another host.

    Names of other hosts do not resolve here, so the browser reports such a request as failed.
    Reporting all requests would take longer than answering them.
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
