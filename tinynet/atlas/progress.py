"""The progress as text."""

from __future__ import annotations

BAR = 30  # characters
MINUTE, HOUR = 60, 3_600


def progress(done: int, tiles: int, seconds: float, computed: int) -> str:
    """Return a bar and the time left, estimated from the time of the computed tiles."""
    filled = BAR * done // tiles
    bar = "#" * filled + "." * (BAR - filled)
    text = f"[{bar}] {done:,} of {tiles:,} tiles"
    if not computed or done == tiles:
        return text
    return f"{text}, {in_words(seconds / computed * (tiles - done))} to go"


def in_words(seconds: float) -> str:
    """Return a duration as text: 5 s, 10 min, 2.5 h."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / MINUTE:.0f} min" if seconds < HOUR else f"{seconds / HOUR:.1f} h"
