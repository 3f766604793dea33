"""Run -> living picture: the whole stage in one HTML file, which plays without a server."""

from __future__ import annotations

import gzip
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template

import numpy as np

from tinynet.analysis.diagnosis import diagnose
from tinynet.charts import PLOTLY_ADDRESS, PLOTLY_FILES
from tinynet.export.story import to_script
from tinynet.links.address import View, permalink
from tinynet.settings import meaningful
from tinynet.stage.assets import LIVING_HTML, LIVING_STYLE, PLAYER_HTML, bundled, functions
from tinynet.stage.message import PlayerView, packed
from tinynet.training.film import Film, film
from tinynet.training.run import Run

MOST_BYTES = 400_000  # of a page, besides plotly's script
FEWEST_STATES = 8  # that a film keeps, whatever its size
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
FRAME = (
    '<iframe title="TinyNet" srcdoc="{page}" sandbox="allow-scripts allow-downloads" '
    'allow="clipboard-write" style="border: 0; height: 42rem; width: 100%"></iframe>'
)


def to_html(
    run: Run, path: str | Path | None = None, *, include_plotlyjs: bool | str = True
) -> str:
    """Return the stage of a run as a page of HTML, and write it to the path if there is one.

    The page needs no network. `include_plotlyjs` is that of plotly's own `write_html`: True puts
    plotly's script into the page, "cdn" lets the browser fetch it.
    """
    if include_plotlyjs is not True and include_plotlyjs != "cdn":
        raise ValueError(f'include_plotlyjs must be True or "cdn", not {include_plotlyjs!r}.')
    page = _page(run, has_plotly=include_plotlyjs is True)
    if path is not None:
        Path(path).write_text(page, encoding="utf-8", newline="\n")
    return page


def to_frame(run: Run) -> str:
    """Return the page of a run in a frame of its own, for a notebook."""
    return FRAME.format(page=escape(to_html(run)))


def _page(run: Run, *, has_plotly: bool) -> str:
    plotly, stage = _plotly_script(), bundled("living/living.js", functions())
    start = bundled("living/start.js")
    parts = {"plotly": _zipped_script(plotly)} if has_plotly else {}
    parts["stage"] = _zipped_script(stage)
    allowed = [f"'sha256-{_hash(start)}'", f"'sha256-{_hash(stage)}'"]
    allowed.append(f"'sha256-{_hash(plotly)}'" if has_plotly else PLOTLY_ADDRESS)
    fetched = FETCHED.format(address=PLOTLY_ADDRESS, hash=_hash(plotly))
    texts = {
        "policy": POLICY.format(scripts=" ".join(allowed)),
        "style": LIVING_STYLE,
        "stage": PLAYER_HTML,
        "title": escape(f"TinyNet: {run.settings.data_set.label}"),
        "story": escape(_story(run)),
        "details": "\n".join(
            DETAIL.format(summary=summary, text=escape(text))
            for summary, text in _details(run).items()
        ),
        "scripts": ("" if has_plotly else fetched) + f"<script>{start}</script>",
    }
    room = MOST_BYTES - sum(map(len, texts.values())) - len(parts["stage"])
    parts["film"] = _fitting(run, room)
    packed_parts = "\n".join(PACKED.format(id=name, text=text) for name, text in parts.items())
    return Template(LIVING_HTML).substitute(texts, packed=packed_parts)


def _story(run: Run) -> str:
    if not run.finished:
        return ""
    diagnosis = diagnose(run)
    return f"{diagnosis.sentence} {diagnosis.cause}".strip()


def _details(run: Run) -> dict[str, str]:
    """Return the texts below the stage, by their headings."""
    settings = run.settings
    values = (knob.in_words(getattr(settings, knob.name)) for knob in meaningful(settings))
    return {
        "Settings": "\n".join(values),
        "Script that prints these losses": to_script(settings),
        "Link, to follow the address of a TinyNet page": permalink("", settings, View()),
    }


def _fitting(run: Run, room: int) -> str:
    """Return the film of a run, packed, with as many of its states as fit into the room."""
    whole = reel = film(run)
    step = 1
    while len(text := _packed(run, reel)) > room and len(reel.epochs) > FEWEST_STATES:
        step *= 2
        reel = whole.every(step)
    return text


def _packed(run: Run, reel: Film) -> str:
    message = packed(run, PlayerView(None, plays=True, paints=False), reel)
    lag = len(reel.to_bytes()) // (4 * len(reel.epochs))  # the numbers of a state
    start = 4 + int.from_bytes(message[:4], "little")
    return _zipped(lag.to_bytes(4, "little") + message[:start] + _planes(message[start:], lag))


def _planes(numbers: bytes, lag: int) -> bytes:
    """Return 32-bit numbers as differences from the number one lag before, byte by byte.

    Neighbouring states differ little, so this saves a third of the compressed size.
    """
    words = np.frombuffer(numbers, "<u4").copy()
    words[lag:] ^= words[:-lag].copy()
    return words.view(np.uint8).reshape(-1, 4).T.tobytes()


@cache
def _plotly_script() -> str:
    return (PLOTLY_FILES / "plotly.min.js").read_text(encoding="utf-8")


@cache
def _zipped_script(text: str) -> str:
    return _zipped(text.encode())


def _zipped(part: bytes) -> str:
    return b64encode(gzip.compress(part, mtime=0)).decode()  # the same bytes at any time


def _hash(script: str) -> str:
    return b64encode(sha256(script.encode()).digest()).decode()
