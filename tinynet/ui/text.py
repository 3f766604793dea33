"""Text that others wrote, of an address or a file, where the page reads markdown."""

from __future__ import annotations

import re

WORD_JOINER = "\u2060"  # it is not seen, and no line breaks there
_PUNCTUATION = r"!-/:-@\[-`{-~"
# The browser reads some things in a text once more, when all backslashes are gone: it makes links
# of hosts and of mail addresses, and of :words: pictures, of --> arrows.
_READ_ONCE_MORE = re.compile(
    rf"(?<=www)(?=\.)|(?=@)|(?<=:)(?=\S)|(?<=[{_PUNCTUATION}])(?=[{_PUNCTUATION}])", re.IGNORECASE
)


def inert(text: str) -> str:
    """Return a text as markdown that shows it, on one line, and does nothing else."""
    apart = _READ_ONCE_MORE.sub(WORD_JOINER, " ".join(text.split()))
    return re.sub(rf"([{_PUNCTUATION}])", r"\\\1", apart)
