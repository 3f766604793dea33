"""Cells of prose and code, which make up the script and the notebook."""

from __future__ import annotations

from textwrap import fill
from typing import Literal, NamedTuple

WIDTH = 100  # characters of a line


class Cell(NamedTuple):
    """A cell of the notebook; a script consists of the code cells."""

    kind: Literal["markdown", "code"]
    text: str


def prose(heading: str, *paragraphs: str) -> Cell:
    """Return a cell of prose."""
    return Cell("markdown", "\n\n".join((heading, *paragraphs)))


def code(*pieces: str) -> Cell:
    """Return a cell of code: the pieces that are not empty, with a blank line between pieces."""
    return Cell("code", "\n\n".join(filter(None, pieces)))


def comment(text: str, indent: str) -> str:
    """Return a comment, wrapped to the line width."""
    start = f"{indent}# "
    return fill(text, WIDTH, initial_indent=start, subsequent_indent=start)
