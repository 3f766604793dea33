"""The page of a living picture: its packed parts, and a policy that allows nothing else."""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from html import escape
from string import Template
from typing import NamedTuple

import numpy as np

from tinynet.charts import PLOTLY_ADDRESS, PLOTLY_FILES
from tinynet.stage.assets import LIVING_HTML, LIVING_STYLE, bundled, functions
from tinynet.training.film import Film

MOST_BYTES = 400_000  # of a page, besides plotly's script
POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; "  # plotly writes styles
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)
PACKED = '<script type="text/plain" id="{id}">{text}</script>'
FETCHED = '<script src="{address}" integrity="sha256-{hash}" crossorigin="anonymous"></script>'
DETAIL = (
    "<details><summary>{summary}</summary>"
    '<button type="button" class="copy">Copy</button><pre>{text}</pre></details>'
)


class Picture(NamedTuple):
    """What a living picture shows."""

    title: str
    story: str
    details: dict[str, str]  # the texts below the stage, by their headings
    stage: str  # its HTML
    entry: str  # the script that fills it
    data: Callable[[int], bytes]  # the data for that script, given the room in characters


def living_page(picture: Picture, *, has_plotly: bool) -> str:
    """Return the page of a picture, with plotly's script inside or fetched by the browser."""
    plotly, start = _plotly_script(), bundled("living/start.js")
    stage = bundled(picture.entry, functions())
    parts = {"plotly": _zipped_script(plotly)} if has_plotly else {}
    parts["stage"] = _zipped_script(stage)
    allowed = [f"'sha256-{_hash(start)}'", f"'sha256-{_hash(stage)}'"]
    allowed.append(f"'sha256-{_hash(plotly)}'" if has_plotly else PLOTLY_ADDRESS)
    fetched = FETCHED.format(address=PLOTLY_ADDRESS, hash=_hash(plotly))
    texts = {
        "policy": POLICY.format(scripts=" ".join(allowed)),
        "style": LIVING_STYLE,
        "stage": picture.stage,
        "title": escape(f"TinyNet: {picture.title}"),
        "story": escape(picture.story),
        "details": "\n".join(
            DETAIL.format(summary=summary, text=escape(text))
            for summary, text in picture.details.items()
        ),
        "scripts": ("" if has_plotly else fetched) + f"<script>{start}</script>",
    }
    room = MOST_BYTES - sum(map(len, texts.values())) - len(parts["stage"])
    parts["film"] = b64encode(picture.data(room)).decode()
    packed_parts = "\n".join(PACKED.format(id=name, text=text) for name, text in parts.items())
    return Template(LIVING_HTML).substitute(texts, packed=packed_parts)


def packed_states(message: bytes, reel: Film) -> bytes:
    """Return the message of a film, compressed; `unpack.js` restores it."""
    lag = len(reel.to_bytes()) // (4 * len(reel.epochs))  # the numbers of a state
    start = 4 + int.from_bytes(message[:4], "little")
    return zipped(lag.to_bytes(4, "little") + message[:start] + _planes(message[start:], lag))


def _planes(numbers: bytes, lag: int) -> bytes:
    """Return 32-bit numbers as differences from the number one lag before, byte by byte.

    Neighbouring states differ little, so this saves a third of the compressed size.
    """
    words = np.frombuffer(numbers, "<u4").copy()
    words[lag:] ^= words[: len(words) - lag].copy()
    return words.view(np.uint8).reshape(-1, 4).T.tobytes()


@cache
def _plotly_script() -> str:
    return (PLOTLY_FILES / "plotly.min.js").read_text(encoding="utf-8")


@cache
def _zipped_script(text: str) -> str:
    return b64encode(zipped(text.encode())).decode()


def zipped(part: bytes) -> bytes:
    """Return a part of a page, compressed to the same bytes at any time."""
    return gzip.compress(part, mtime=0)


def _hash(script: str) -> str:
    return b64encode(sha256(script.encode()).digest()).decode()
