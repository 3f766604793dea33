"""Shown: the base of what shows itself as a living picture, in a notebook or in a browser."""

from __future__ import annotations

import webbrowser
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp
from typing import Any


class Shown:
    """Something that `tinynet.to_html` draws."""

    def to_html(
        self, path: str | Path | None = None, *, include_plotlyjs: bool | str = True
    ) -> str:
        """Return the living picture as a page, like `tinynet.to_html`."""
        page: str = _living().to_html(self, path, include_plotlyjs=include_plotlyjs)
        return page

    def show(self) -> None:
        """Open the living picture in the browser."""
        path = Path(mkdtemp(prefix="tinynet-")) / "film.html"
        self.to_html(path)
        webbrowser.open(path.as_uri())

    def _repr_html_(self) -> str:
        """Return the living picture in a frame, for a notebook."""
        frame: str = _living().to_frame(self)
        return frame


def _living() -> Any:
    """Return the module that draws living pictures; it imports this package, so import it late."""
    return import_module("tinynet.export.living")
