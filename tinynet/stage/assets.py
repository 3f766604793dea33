"""The scripts, styles and frames of the components; without a server."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import normpath

from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.features import FEATURES

SCRIPTS = Path(__file__).parent / "scripts"
IMPORT = re.compile(r'^import (\{[^}]*\}) from "(\.[^"]+\.js)";$', re.MULTILINE)
EXPORTED = re.compile(r"^export (?=(?:async )?(?:class|const|function) (\w+))", re.MULTILINE)


def _text(name: str) -> str:
    return (SCRIPTS / name).read_text(encoding="utf-8")


_SHARED_STYLE = _text("told.css")
_BOX = _text("chart/chart.html")

CHART_HTML = f'{_BOX}<p class="told" aria-live="polite"></p>'
CHART_STYLE = _SHARED_STYLE + _text("chart/chart.css")

PLAYER_HTML = _text("player/player.html").replace("<!-- chart -->", _BOX)
PLAYER_STYLE = CHART_STYLE + _text("player/player.css") + _text("player/beside.css")

LINES_HTML = _text("lines/lines.html")
LINES_STYLE = _text("lines/lines.css")

LIVING_HTML = _text("living/living.html")
LIVING_STYLE = PLAYER_STYLE + _text("living/living.css")
WIDGET = _text("living/widget.js")


def modules_of(entry: str) -> list[str]:
    """Return the paths, below the scripts, of an entry module and all modules that it imports."""
    return [*reversed(_ordered(entry))]


@cache
def bundled(entry: str, argument: str = "") -> str:
    """Return a script of an entry module and all its imports, which calls the entry's `begin`.

    Each module becomes a function that returns its exports; it runs after the modules it imports.
    """
    scripts = "".join(
        f"modules[{json.dumps(name)}] = {_wrapped(name)};\n" for name in _ordered(entry)
    )
    begin = f"modules[{json.dumps(entry)}].begin({argument});\n"
    return f'"use strict";\n{{\nconst modules = {{}};\n{scripts}{begin}}}\n'


@cache
def _ordered(name: str) -> tuple[str, ...]:
    """Return the paths of a module and all that it imports, each after its own imports."""
    found: dict[str, None] = {}
    for _, imported in IMPORT.findall(_text(name)):
        found |= dict.fromkeys(_ordered(_beside(name, imported)))
    return (*found, name)


def _wrapped(name: str) -> str:
    text = _text(name)
    body = EXPORTED.sub("", IMPORT.sub(lambda match: _imported(name, *match.groups()), text))
    return f"(() => {{\n{body}return {{ {', '.join(EXPORTED.findall(text))} }};\n}})()"


def _imported(name: str, names: str, imported: str) -> str:
    return f'const {names} = modules["{_beside(name, imported)}"];'


def _beside(name: str, imported: str) -> str:
    """Return the path, below the scripts, of a module that another module imports."""
    return normpath(PurePosixPath(name).parent / imported)


def functions() -> str:
    """Return a JavaScript function of `erf` that returns the registry's features and activations.

    A feature's key is its name, and an activation's key is its code in PyTorch.
    """
    features = {
        name: f"(x1, x2) => {each.javascript}" for name, each in FEATURES.items() if each.javascript
    }
    activations = {
        each.code: f"(x) => {each.javascript}" for each in ACTIVATIONS.values() if each.javascript
    }
    return f"(erf) => ({{ features: {_table(features)}, activations: {_table(activations)} }})"


def _table(entries: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{json.dumps(name)}: {text}" for name, text in entries.items()) + " }"
