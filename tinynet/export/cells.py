"""Cells: the pieces of the story, prose and code, of which script and notebook are made."""

from __future__ import annotations

from textwrap import fill
from typing import Literal, NamedTuple

WIDTH = 100  # characters of a line


class Cell(NamedTuple):
    """A piece of the story."""

    kind: Literal["markdown", "code"]
    text: str


def prose(heading: str, *paragraphs: str) -> Cell:
    """Make a cell of prose."""
    return Cell("markdown", "\n\n".join((heading, *paragraphs)))


def code(*pieces: str) -> Cell:
    """Make a cell of code: pieces with an empty line between them; empty ones are left out."""
    return Cell("code", "\n\n".join(filter(None, pieces)))


def comment(text: str, indent: str) -> str:
    """Return a comment, on as many lines as it needs."""
    start = f"{indent}# "
    return fill(text, WIDTH, initial_indent=start, subsequent_indent=start)
