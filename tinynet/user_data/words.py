"""Words of a file, as sentences quote them."""

from __future__ import annotations

from collections.abc import Sequence

_MOST_QUOTED = 3


def shortened(text: object, most: int = 30) -> str:
    """Return a name or a word of a file as a quotation, short and on one line."""
    line = " ".join("".join(each if each.isprintable() else " " for each in str(text)).split())
    return f"“{line if len(line) <= most else line[: most - 1] + '…'}”"


def quoted(words: Sequence[str]) -> str:
    """Return a few words of a file as quotations: “a”, “b” and “c”."""
    *first, last = [shortened(each) for each in words[:_MOST_QUOTED]]
    if len(words) > _MOST_QUOTED:
        return f"{', '.join([*first, last])} …"
    return f"{', '.join(first)} and {last}" if first else last


def counted(count: int, what: str) -> str:
    """Return a number of things in words."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
