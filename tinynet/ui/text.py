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
# Words with at most inner underscores, and a few marks between them, none of which has a meaning.
_HARMLESS = re.compile(r"(?=[^\W\d])[^\W_]+(?:_[^\W_]+|[ ()%,/-] ?\(?[^\W_]+)*[)%]?")


def inert(text: str) -> str:
    """Return Markdown that shows the text literally, on one line."""
    separated = _READ_ONCE_MORE.sub(WORD_JOINER, " ".join(text.split()))
    return re.sub(rf"([{_PUNCTUATION}])", r"\\\1", separated)


def inert_label(text: str) -> str:
    """Return the same for a label; harmless text stays bare, since a screen reader reads marks."""
    return text if _HARMLESS.fullmatch(text) else inert(text)
