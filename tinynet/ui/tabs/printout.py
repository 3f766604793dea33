"""Lines that a loop printed, to read and to copy."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

MOST_LINES = 1_000  # more of them would slow down every rerun; they are a download away

Lines = Callable[[int, int], list[str]]  # from the first of them to just before the last


def draw_printout(lines: Lines, count: int) -> None:
    """Draw so many lines; the middle of a long printout is left out, and all can be downloaded."""
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
    """Draw code or a printout, in a box that scrolls, unless one is to see the whole of it.

    Not with st.code: it has the browser fetch 1.6 MB of highlighting, a sixth of the whole page.
    """
    look = "plain whole" if whole else "plain"
    st.html(f'<pre class="{look}" tabindex="0">{escape(text)}</pre>')


def _shortened(lines: Lines, count: int) -> str:
    if count <= MOST_LINES:
        return "\n".join(lines(0, count))
    half = MOST_LINES // 2
    left_out = f"… {count - MOST_LINES:,} lines …"
    return "\n".join([*lines(0, half), left_out, *lines(count - half, count)])
