"""Starts a server and a headless Chromium for the tests of the page in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Locator,
    Page,
    Playwright,
    WebSocketRoute,
)
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.run import BROWSERS
from tests.visitor import is_the_end

Shared = Callable[..., Any]  # tests/conftest.py describes this shared page

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "app.py"
CHART = ".st-key-player .losses"
CURVE = f"{CHART} .scatterlayer .js-line"
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no host but this machine resolves
)
# Each page requests plotly's script, and compressing it again takes the server longer than training
# and drawing.
UNCOMPRESSED = {"Accept-Encoding": "identity"}
# tinynet/ui/components/asking.js keeps the time of the visitor's last action under this name.
NEVER_IDLE = """
Object.defineProperty(window, Symbol.for("when TinyNet's page was last touched"), {
  get: () => (window.isIdle ? 0 : performance.now()),
  set: () => {},
});
"""
MISSING = (
    "The tests drive a real browser, and none could be started. Install Chromium or Google Chrome, "
    "or run `python tests/run.py`, which installs one."
)


def find_browser() -> str | None:
    """Return the path of an installed Chromium or Chrome, if any."""
    found = filter(None, (os.environ.get("TINYNET_BROWSER"), *map(shutil.which, BROWSERS)))
    return next(found, None)


def launch(playwright: Playwright, *flags: str) -> Browser:
    """Start a headless browser: the installed one, else Playwright's own."""
    try:
        return playwright.chromium.launch(executable_path=find_browser(), args=[*FLAGS, *flags])
    except Error as error:
        raise RuntimeError(f"{MISSING} ({str(error).splitlines()[0]})") from error


def calm_context(browser: Browser, **wishes: Any) -> BrowserContext:
    """Return a new browser context for a visitor who prefers reduced motion and is never idle.

    A page then opens in its final state, which is what most tests check, and does not ask the coach
    for a second of the processor.
    """
    context = browser.new_context(reduced_motion="reduce", **wishes)
    context.add_init_script(NEVER_IDLE)
    return context


def idle(page: Page) -> Page:
    """Be idle from now on, so that the page asks the coach."""
    page.evaluate("window.isIdle = true")
    return page


def in_motion(page: Page) -> Page:
    """Turn motion on for a page, as most visitors have it; a page opened later plays its run."""
    page.emulate_media(reduced_motion="no-preference")
    return page


@dataclass(frozen=True)
class Server:
    """A served page: its address and its process."""

    address: str
    process: subprocess.Popen[bytes]

    @property
    def processor_seconds(self) -> float:
        """Return the processor time of the process so far (Linux)."""
        ticks = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")

    def processor_seconds_until_it_rests(self) -> float:
        """Wait until the process is nearly idle; return the processor time it used until then.

        Unlike wall time, this does not depend on other work on the machine.
        """
        start = before = self.processor_seconds
        while True:
            time.sleep(0.4)
            now = self.processor_seconds
            if now - before < 0.05:
                return now - start
            before = now

    @property
    def megabytes(self) -> float:
        """Return the memory of the process (Linux)."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    @property
    def threads(self) -> int:
        """Return the number of threads of the process (Linux)."""
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))


def free_port() -> int:
    """Return a free port of this machine."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def served(
    script: Path, *, cwd: Path = ROOT, port: int | None = None, log: IO[bytes] | None = None
) -> Iterator[Server]:
    """Serve a Streamlit script on a port of this machine, by default a free one."""
    port = port or free_port()
    address = ("--server.address=127.0.0.1", f"--server.port={port}", "--server.headless=true")
    command = [sys.executable, "-m", "streamlit", "run", str(script), *address]
    server = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=log)
    try:
        _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health")
        yield Server(f"http://127.0.0.1:{port}/", server)
    finally:
        server.terminate()
        server.wait(timeout=10)


_blank: list[Page] = []  # pages returned by `blank`, for reuse


@contextmanager
def blank(context: BrowserContext) -> Iterator[Page]:
    """Yield a blank page; errors in the page are raised at the end.

    The page is reused, because a new one would need another browser process.
    """
    free = [each for each in _blank if each.context == context and not each.is_closed()]
    page = free[0] if free else context.new_page()
    _blank[:] = free[1:]
    errors: list[Error] = []

    def note(error: Error) -> None:
        errors.append(error)

    page.on("pageerror", note)
    yield page
    page.remove_listener("pageerror", note)
    page.mouse.move(0, 0)  # so that nothing is left for the next test
    page.goto("about:blank")
    _blank.append(page)
    assert errors == []


class Answers:
    """The server's messages to a page that is opened later; they can be held back."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._held: list[bytes] = []
        self._holding = False
        page.route_web_socket(re.compile("_stcore/stream"), self._connect)

    def hold(self) -> None:
        """Hold back all messages to the page from now on."""
        self._holding = True

    def wait_for(self, scripts: int) -> None:
        """Wait until a number of scripts have ended, while their messages are held back."""
        end = time.monotonic() + 60
        while sum(is_the_end(ForwardMsg.FromString(each)) for each in self._held) < scripts:
            assert time.monotonic() < end, f"{scripts} scripts did not end."
            self._page.wait_for_timeout(20)

    def let_go(self) -> None:
        """Send the page all held messages; new messages queue behind them."""
        while self._held:
            self._browser.send(self._held.pop(0))
        self._holding = False

    def _connect(self, browser: WebSocketRoute) -> None:
        self._browser = browser
        browser.connect_to_server().on_message(self._take_in)

    def _take_in(self, message: str | bytes) -> None:
        if self._holding:
            assert isinstance(message, bytes)
            self._held.append(message)
        else:
            self._browser.send(message)


def settled(page: Page) -> None:
    """Wait until the page has answered the last action and its script has ended."""
    page.wait_for_timeout(150)
    script = page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
    script.wait_for(timeout=60_000)


def rested(page: Page) -> None:
    """Wait until the address has been stable long enough to become an entry of the history."""
    page.wait_for_function(
        """() => window[Symbol.for("the page's own history")].rested === location.href"""
    )


def opened(page: Page, address: str) -> Page:
    """Open an address, and wait for the first chart and the end of the script."""
    page.goto(address)
    page.locator(CURVE).first.wait_for(timeout=60_000)
    settled(page)
    return page


def figure(page: Page, label: str) -> Locator:
    """Return the value of a figure below the network."""
    return page.get_by_role("group", name=label, exact=True).locator(".value")


def suggestion(page: Page) -> Locator:
    """Return the button of the coach's first suggestion; it appears after the trial."""
    return page.locator(".st-key-suggestion_0 button").first


def advised(page: Page) -> Locator:
    """Wait for the first suggestion; on a busy server, a trial lets everyone else go first."""
    suggestion(idle(page)).wait_for(timeout=90_000)
    return suggestion(page)


def slider(page: Page, label: str) -> Locator:
    """Return the thumb of the slider with a label; arrow keys move it."""
    return page.get_by_role("slider", name=label)


def fly(thumb: Locator, stops: int) -> float:
    """Move a slider as a held key does; return the longest pause in milliseconds.

    The browser presses the keys, which may still pause on a busy machine.
    """
    longest: float = thumb.evaluate(
        """async (thumb, stops) => {
          let longest = 0, last = performance.now();
          for (let stop = 0; stop < stops; stop += 1) {
            thumb.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
            await new Promise((drawn) => setTimeout(drawn, 33));
            longest = Math.max(longest, performance.now() - last);
            last = performance.now();
          }
          return longest;
        }""",
        stops,
    )
    return longest


def _wait_until_healthy(url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=2):  # noqa: S310 - our own server, on loopback
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"No answer from {url} after {seconds:.0f} s.")
