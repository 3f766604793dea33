"""The stage alone: its scripts on their own page, without Streamlit.

Like the strictest hosts, the page forbids code from strings: its policy lacks `unsafe-eval`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tinynet.stage.assets import PLAYER_HTML, SCRIPTS, functions

POLICY = "script-src 'self'"
# An empty source would load the base address.
HEAD = '<!doctype html><base href="/nothing/">'
FRAME = f"{HEAD}<style>{(SCRIPTS / 'player/player.css').read_text()}</style><div></div>"
ALONE = """
import player from "/scripts/streamlit/player.js";
import functions from "/functions.js";

const { dataset } = document.documentElement;
dataset.violations = 0;
addEventListener("securitypolicyviolation", () => { dataset.violations++; });
try { new Function("return 1")(); } catch { dataset.eval = "refused"; }
const data = Uint8Array.from(atob(location.hash.slice(1)), (each) => each.charCodeAt(0));
player({ data, parentElement: document.querySelector("div"), setTriggerValue() {} }, functions);
"""
TEXTS: dict[str, Callable[[], str]] = {
    "/": lambda: FRAME,
    "/alone": lambda: (
        f'{FRAME[:-6]}{PLAYER_HTML}</div><script type="module" src="/alone.js"></script>'
    ),
    "/alone.js": lambda: ALONE,
    "/functions.js": lambda: f"export default {functions()};",
    "/plotly.js": lambda: "window.Plotly = window.stub;",
}
JAVASCRIPT, HTML = "text/javascript", "text/html; charset=utf-8"


class _Files(BaseHTTPRequestHandler):
    """Serves the page, and the modules below `/scripts`."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send one of our texts, or a module."""
        path = self.path
        is_module = path.startswith("/scripts/")
        module = SCRIPTS / path.removeprefix("/scripts/")
        body = module.read_bytes() if is_module else TEXTS.get(path, str)().encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", JAVASCRIPT if path.endswith(".js") else HTML)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600" if is_module else "no-store")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@cache
def stage_address() -> str:
    """Serve the page until the tests end; return its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"
