"""Bars: a name, a bar and a number in each line."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from tinynet.user_data.words import shortened


def bars(lines: Iterable[tuple[str, float, str]]) -> str:
    """Return the HTML of the lines: a name, the length of its bar from 0 to 1, and a text."""
    return f'<div class="shares">{"".join(_line(*each) for each in lines)}</div>'


def shown(text: str) -> str:
    """Return a word of a file, shortened, as HTML."""
    return escape(shortened(text)[1:-1])


def _line(name: str, length: float, text: str) -> str:
    percent = 100 * min(max(0.0, length), 1.0)  # 0 for NaN
    return (
        f'<div>{shown(name)}</div><div class="share"><div style="width:{percent:.2f}%"></div>'
        f"</div><div>{text}</div>"
    )
