"""How far it is, in words."""

from __future__ import annotations

BAR = 30  # characters
MINUTE, HOUR = 60, 3_600


def progress(done: int, tiles: int, seconds: float, computed: int) -> str:
    """Return a bar and a guess of what is left, by the seconds that took so many tiles."""
    filled = BAR * done // tiles
    bar = "#" * filled + "." * (BAR - filled)
    told = f"[{bar}] {done:,} of {tiles:,} tiles"
    if not computed or done == tiles:
        return told
    return f"{told}, {in_words(seconds / computed * (tiles - done))} to go"


def in_words(seconds: float) -> str:
    """Return a length of time as one says it."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / MINUTE:.0f} min" if seconds < HOUR else f"{seconds / HOUR:.1f} h"
