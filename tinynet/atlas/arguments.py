"""Command line -> RenderJob; invalid arguments give one sentence."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

from tinynet.atlas.plan import AtlasPlan
from tinynet.links.address import EPOCH, TAB, as_meant, foreign
from tinynet.links.maps import MAP, MEASURES, OPENING, SEPARATOR, MapView, read_map
from tinynet.links.pins import PIN
from tinynet.settings import DEVICE, KNOBS, Settings, SettingsError, listed

SIZE = "1024"
NOT_OF_A_MAP = {TAB, EPOCH, PIN, "v"}  # other parameters of an address
ABOUT = """Render a large map to a picture and its numbers, tile by tile.

Finished tiles are kept: the same command continues where it stopped.

  python -m tinynet.atlas --set data=moons epochs=500 --x lr~0.0001~10 --y l2~0~1 --size 4096
  python -m tinynet.atlas --link "https://…?data=plane&activation=tanh&map=…" --out plane.png
  python -m tinynet.atlas --link "…" --ray 10.0.0.1:6379
"""


@dataclass(frozen=True)
class RenderJob:
    """A map to render, and where to write it."""

    plan: AtlasPlan
    picture: Path
    ray: str | None  # the address of a cluster

    @property
    def numbers(self) -> Path:
        """The file for the numbers."""
        return self.picture.with_suffix(".npz")

    @property
    def tiles(self) -> Path:
        """The folder for the tiles."""
        return self.picture.with_suffix(".tiles")


def read_job(arguments: Sequence[str]) -> RenderJob:
    """Return the job that the arguments describe; exit with a sentence if they are invalid."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        plan = AtlasPlan(_settings(asked), _view(asked), *_size(asked.size))
    except SettingsError as refusal:
        parser.error(str(refusal))
    if asked.out.suffix != ".png":
        parser.error(f"--out must name a picture that ends in .png, not {asked.out.name!r}.")
    return RenderJob(plan, asked.out, asked.ray)


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Print only the error, without the usage."""
        self.exit(2, f"{message}\n")


def _parser() -> ArgumentParser:
    parser = _Parser(
        "python -m tinynet.atlas",
        description=ABOUT,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--link", default="", help="an address of the page, for its settings and its map")
    words = "settings as in an address, such as data=plane; they override the link"
    add("--set", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help=words)
    add("--x", metavar="NAME~LOW~HIGH", help="the horizontal axis, such as lr~0.0001~10")
    add("--y", metavar="NAME~LOW~HIGH", help="the vertical axis, such as hidden~1~64")
    add("--measure", choices=MEASURES, help="the measure that the colours show")
    add("--size", default=SIZE, help="the number of cells per side: 4096, or 4096x2048")
    add(
        "--out",
        type=Path,
        default=Path("map.png"),
        help="the picture; the numbers go beside it, as .npz",
    )
    add("--device", help="the device to train on: cpu, cuda …")
    add("--ray", metavar="ADDRESS", help="the address of a Ray cluster, or local")
    return parser


def _settings(asked: Namespace) -> Settings:
    knobs = {knob.parameter: knob for knob in KNOBS}
    values: dict[str, Any] = {}
    for name, text in _texts(asked).items():
        if name not in knobs:
            message = f"There is no setting {name!r}; there are {listed(knobs, 'and')}."
            raise SettingsError(message, name)
        values[knobs[name].name] = knobs[name].read(text)
    return Settings(**values)


def _texts(asked: Namespace) -> dict[str, str]:
    """Return the named settings as text; --set overrides the link."""
    parameters = as_meant({name: [text] for name, text in _query(asked.link).items()})
    linked = {
        name: text for name, (text,) in parameters.items() if name not in {*NOT_OF_A_MAP, MAP}
    }
    if invalid := [word for word in asked.set if "=" not in word]:
        raise SettingsError(f"--set must hold NAME=VALUE, not {invalid[0]!r}.", "set")
    given = dict(word.split("=", 1) for word in asked.set)
    device = {DEVICE.parameter: asked.device} if asked.device else {}
    return {**linked, **given, **device}


def _query(link: str) -> dict[str, str]:
    """Return the parameters of an address, without foreign parameters such as utm_source."""
    try:
        query = urlsplit(link).query or link
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError:
        message = f"--link must be an address of the page, with settings in it, not {link!r}."
        raise SettingsError(message, "link") from None
    ignored = foreign({name: (text,) for name, text in pairs})
    return {name: text for name, text in pairs if name not in ignored}


def _view(asked: Namespace) -> MapView:
    """Return the map of the link or the default map, with the named axes and measure."""
    text = _query(asked.link).get(MAP)
    view = read_map(text) if text else OPENING
    *ends, measure = view.text().split(SEPARATOR)
    half = len(ends) // 2
    axes = (asked.x or SEPARATOR.join(ends[:half]), asked.y or SEPARATOR.join(ends[half:]))
    if invalid := [axis for axis in axes if len(axis.split(SEPARATOR)) != half]:
        message = f"An axis must be NAME~LOW~HIGH, such as lr~0.0001~10, not {invalid[0]!r}."
        raise SettingsError(message, MAP)
    try:
        return read_map(SEPARATOR.join((*axes, asked.measure or measure)))
    except SettingsError as refusal:
        raise SettingsError(f"{' and '.join(axes)} do not make a map. {refusal}", MAP) from None


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,6})(?:x(\d{1,6}))?", text, re.ASCII)
    if not found:
        raise SettingsError(f"--size must be 4096 or 4096x2048, not {text!r}.", "size")
    return int(found[1]), int(found[2] or found[1])
