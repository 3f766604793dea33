"""Shared helpers for the tests of watched loops: a script's own loop, watched."""

from __future__ import annotations

from typing import Any

import torch

from tinynet import Settings, WatchedFilm, to_script, watch
from tinynet.export import Form


def watched(settings: Settings, form: Form = "sequential") -> WatchedFilm:
    """Run the script of these settings with two more lines, and return the film."""
    lines = to_script(settings, form).splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("for epoch in"))
    end = start + 1
    while end < len(lines) and lines[end].startswith(" "):
        end += 1
    test = ", x_test, y_test" if settings.test_rows else ""
    lines.insert(end, "    film.record()")
    lines.insert(start, f"film = watch(model, x, y, criterion{test})")
    names: dict[str, Any] = {"watch": watch, "print": lambda *_: None}
    threads = torch.get_num_threads()
    with torch.random.fork_rng():
        exec("\n".join(lines), names)  # noqa: S102 - our own script
    film: WatchedFilm = names["film"]
    film.to_film()  # computes its passes in one thread, like the script
    torch.set_num_threads(threads)
    return film
