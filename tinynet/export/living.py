"""Run or WatchedFilm -> living picture: the whole stage in one HTML file, without a server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from pathlib import Path

from tinynet.analysis.diagnosis import diagnose
from tinynet.export.living_page import MOST_BYTES, Picture, living_page, packed_states, zipped
from tinynet.export.rounding import rounded
from tinynet.export.story import to_script
from tinynet.links.address import View, permalink
from tinynet.settings import meaningful
from tinynet.stage.assets import CHART_HTML, PLAYER_HTML
from tinynet.stage.message import PlayerView, packed
from tinynet.stage.watched import losses_alone, packed_film, story_of
from tinynet.training.film import Film, film
from tinynet.training.run import Run
from tinynet.training.watched import WatchedFilm

FEWEST_STATES = 4  # states that a film keeps, even if they do not fit
PLAYER, LOSSES = "living/living.js", "living/losses.js"
FRAME = (
    '<iframe title="TinyNet" srcdoc="{page}" sandbox="allow-scripts allow-downloads" '
    'allow="clipboard-write" style="border: 0; height: 42rem; width: 100%"></iframe>'
)


def to_html(
    run: Run | WatchedFilm,
    path: str | Path | None = None,
    *,
    include_plotlyjs: bool | str = True,
) -> str:
    """Return the stage of a run or of a watched film as an HTML page; write it to a path if given.

    The page needs no network. `include_plotlyjs` is as in plotly's own `write_html`: True puts
    plotly's script into the page, "cdn" lets the browser fetch it.
    """
    if include_plotlyjs is not True and include_plotlyjs != "cdn":
        raise ValueError(f'include_plotlyjs must be True or "cdn", not {include_plotlyjs!r}.')
    picture = _of_run(run) if isinstance(run, Run) else _of_watched(run)
    page = living_page(picture, has_plotly=include_plotlyjs is True)
    if path is not None:
        Path(path).write_text(page, encoding="utf-8", newline="\n")
    return page


def to_frame(run: Run | WatchedFilm) -> str:
    """Return the page in a frame of its own, for a notebook."""
    return FRAME.format(page=escape(to_html(run)))


def film_data(watched: WatchedFilm) -> bytes:
    """Return the data of a film as in its page: as many of its states as fit, compressed."""
    return _of_watched(watched).data(MOST_BYTES)


def _of_run(run: Run) -> Picture:
    settings, whole = run.settings, film(run)
    diagnosis = diagnose(run) if run.finished else None
    story = f"{diagnosis.sentence} {diagnosis.cause}".strip() if diagnosis else ""
    values = (knob.in_words(getattr(settings, knob.name)) for knob in meaningful(settings))
    details = {
        "Settings": "\n".join(values),
        "Script that prints these losses": to_script(settings),
        "Link, to follow the address of a TinyNet page": permalink("", settings, View()),
    }
    view = PlayerView(None, plays=True, paints=False)
    widths = (run.inputs.shape[1], *settings.hidden_units, settings.outputs)
    data = _as_many_states_as_fit(whole, widths, lambda reel: packed(run, view, reel))
    return Picture(settings.data_set.label, story, details, PLAYER_HTML, PLAYER, data)


def _of_watched(watched: WatchedFilm) -> Picture:
    title, story = type(watched.model).__name__, story_of(watched)
    details = {"Model": str(watched.model)}
    if watched.obstacle:
        chart = zipped(losses_alone(watched))
        return Picture(title, story, details, CHART_HTML, LOSSES, lambda _: chart)
    widths = watched.drawn.widths
    data = _as_many_states_as_fit(watched.to_film(), widths, partial(packed_film, watched))
    return Picture(title, story, details, PLAYER_HTML, PLAYER, data)


def _as_many_states_as_fit(
    whole: Film, widths: Sequence[int], message: Callable[[Film], bytes]
) -> Callable[[int], bytes]:
    """Return a function that packs as many states of a film as fit into a number of characters.

    If some do not fit, all numbers are rounded, and still print the same.
    """

    def pack(room: int) -> bytes:
        reel, step = whole, 1
        while len(data := packed_states(message(reel), reel)) > room * 3 // 4:  # as base64
            if reel is not whole:
                if len(reel.epochs) <= FEWEST_STATES:
                    break
                step *= 2
            reel = rounded(whole.every(step), widths)
        return data

    return pack
