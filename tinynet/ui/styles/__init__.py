"""The styles: which of them a page needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tinynet.ui.visit import Visit

FOLDER = Path(__file__).parent


def styles_of(visit: Visit, *, is_embedded: bool) -> Iterator[Path]:
    """Yield the files of a page's styles; a later one overrides an earlier one."""
    names = {
        "seams": True,
        "page": True,
        "embed": is_embedded,
        "lesson": visit.lesson_shown is not None,
        "pair": visit.beside is not None,
        "present": visit.is_presented,
        "present_seams": visit.is_presented,
    }
    return (FOLDER / f"{name}.css" for name, is_needed in names.items() if is_needed)
