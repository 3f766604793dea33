"""The scripts, styles and frames of the components, as text."""

from __future__ import annotations

from pathlib import Path

SCRIPTS = Path(__file__).parent / "scripts"


def _text(name: str) -> str:
    return (SCRIPTS / name).read_text(encoding="utf-8")


def _texts(folder: str, names: str) -> str:
    return "".join(_text(f"{folder}/{name}.js") for name in names.split())


_SHARED, _SHARED_STYLE = _text("calls.js") + _text("numbers.js"), _text("told.css")
_PARTS = "film field pen dots key answers paint opening curve figures player"
_BOX = _text("chart/chart.html")

CHART_HTML = f'{_BOX}<p class="told" aria-live="polite"></p>'
CHART_STYLE = _SHARED_STYLE + _text("chart/chart.css")
CHART_SCRIPT = _SHARED + _texts("chart", "drawing map chart")

PLAYER_HTML = _text("player/player.html").replace("<!-- chart -->", _BOX)
PLAYER_STYLE = CHART_STYLE + _text("player/player.css") + _text("player/beside.css")
PLAYER_SCRIPT = _SHARED + _text("chart/drawing.js") + _texts("player", _PARTS)

LINES_HTML = _text("lines/lines.html")
LINES_STYLE = _text("lines/lines.css")
LINES_SCRIPT = _SHARED + _text("lines/lines.js")
