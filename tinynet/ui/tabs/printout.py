"""The lines that a loop printed, to read and to copy."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

MOST_LINES = 1_000  # more would slow every rerun; the download has them all

Lines = Callable[[int, int], list[str]]  # the lines from a start to before a stop, as in slices


def draw_printout(lines: Lines, count: int) -> None:
    """Draw all lines, or both ends of a long printout and a download of all lines."""
    draw_plain_text(_shortened(lines, count))
    if count > MOST_LINES:
        st.download_button(
            f"All {count:,} lines",
            lambda: "\n".join(lines(0, count)) + "\n",
            "printed.txt",
            on_click="ignore",
            icon=":material/download:",
        )


def draw_plain_text(text: str, *, whole: bool = False) -> None:
    """Draw code or a printout, in a box that scrolls unless it shows the whole text.

    st.code would load 1.6 MB of syntax highlighting, a sixth of the whole page.
    """
    look = "plain whole" if whole else "plain"
    st.html(f'<pre class="{look}" tabindex="0">{escape(text)}</pre>')


def _shortened(lines: Lines, count: int) -> str:
    if count <= MOST_LINES:
        return "\n".join(lines(0, count))
    half = MOST_LINES // 2
    left_out = f"… {count - MOST_LINES:,} lines …"
    return "\n".join([*lines(0, half), left_out, *lines(count - half, count)])
