"""WatchedFilm -> a widget of anywidget: a film shown in a notebook grows while the loop goes on."""

from __future__ import annotations

import sys
import time
from functools import cache
from importlib import import_module
from typing import Any

from tinynet.export.living import film_data, to_frame
from tinynet.stage.assets import WIDGET
from tinynet.training.watched import WatchedFilm

KERNELS = {"ipykernel", "marimo"}
REST = 0.5  # seconds from one update to the next, at least
SHARE = 10  # the loop runs at least this many times as long as the updates take


def widget_of(watched: WatchedFilm) -> Any:
    """Return a widget that shows a film and follows it; None without anywidget or a kernel."""
    if sys.modules.keys().isdisjoint(KERNELS):  # nothing would carry its messages
        return None
    try:
        widget = _kind()(frame=to_frame(watched))
    except ImportError:
        return None
    growth = Growth(watched, widget)
    watched.listeners.append(growth.go_on)
    widget.on_msg(lambda *_: growth.catch_up())  # it asks once the cell has ended
    return widget


class Growth:
    """Sends a film to its widget as it grows, at most twice a second."""

    def __init__(self, watched: WatchedFilm, widget: Any) -> None:
        self.watched, self.widget = watched, widget
        self.sent = watched.epochs
        self.due = time.monotonic() + REST

    def go_on(self) -> None:
        """Send the film, if an update is due."""
        if time.monotonic() >= self.due:
            self.catch_up()

    def catch_up(self) -> None:
        """Send the film, if it has grown."""
        if self.sent == self.watched.epochs:
            return
        start = time.monotonic()
        self.sent = self.watched.epochs
        self.widget.film = film_data(self.watched)
        end = time.monotonic()
        self.due = end + max(REST, SHARE * (end - start))


@cache
def _kind() -> Any:
    """Return the class of the widgets; ImportError without anywidget."""
    anywidget, traitlets = import_module("anywidget"), import_module("traitlets")
    parts = {
        "_esm": WIDGET,
        "frame": traitlets.Unicode().tag(sync=True),
        "film": traitlets.Bytes().tag(sync=True),
    }
    return type("FilmWidget", (anywidget.AnyWidget,), parts)
