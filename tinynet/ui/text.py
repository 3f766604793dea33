"""Foreign text, from an address or a file, where the page reads Markdown."""

from __future__ import annotations

import re

WORD_JOINER = "\u2060"  # invisible, and prevents a line break
_PUNCTUATION = r"!-/:-@\[-`{-~"
# After removing backslashes, the browser still turns hosts and mail addresses into links, :words:
# into pictures and --> into arrows.
_READ_ONCE_MORE = re.compile(
    rf"(?<=www)(?=\.)|(?=@)|(?<=:)(?=\S)|(?<=[{_PUNCTUATION}])(?=[{_PUNCTUATION}])", re.IGNORECASE
)


def inert(text: str) -> str:
    """Return Markdown that shows the text literally, on one line."""
    separated = _READ_ONCE_MORE.sub(WORD_JOINER, " ".join(text.split()))
    return re.sub(rf"([{_PUNCTUATION}])", r"\\\1", separated)
