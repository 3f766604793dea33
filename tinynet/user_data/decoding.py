"""The bytes of a file -> its text, whatever its encoding; DataError for a file that is not text."""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass
from io import BytesIO

from tinynet.user_data.data import DataError
from tinynet.user_data.limits import Limits

GZIP = b"\x1f\x8b"
SAVE_AS = "Save the table as “CSV UTF-8”."
_BINARY = {b"%PDF": "a PDF file", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture"}
_MARKS = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_NAMES = {"utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32": "UTF-32"}
_NUL = re.compile("\0")
_CONTROL = re.compile("[\0-\x08\x0e-\x1f]")  # characters that text does not contain


@dataclass(frozen=True)
class Text:
    """The text of a file, without the byte order mark, and the bytes it was before."""

    text: str
    encoding: str = "utf-8"
    compression: str | None = None

    @property
    def sentences(self) -> list[str]:
        """Sentences on how the text was read."""
        told = ["The file was unpacked (gzip)."] if self.compression else []
        if self.encoding == "cp1252":
            told.append(f"The file is not in UTF-8; read as Windows-1252, {self._example}.")
        elif self.encoding in _NAMES:
            told.append(f"Read as {_NAMES[self.encoding]}.")
        return told

    @property
    def _example(self) -> str:
        match = re.search(r"\w*[^\W\d_a-zA-Z]\w*", self.text) or re.search(r"[^\0-\x7f]", self.text)
        return f"so that it holds “{match[0][:20]}”" if match else "an older encoding"


def decoded(content: bytes, limits: Limits) -> Text:
    """Return the text of a file; DataError if it holds no text, or too much."""
    compression = None
    if content.startswith(GZIP):
        content, compression = _unpacked(content, limits), "gzip"
    for start, kind in _BINARY.items():
        if content.startswith(start):
            raise DataError(f"This is {kind}, not a table. {SAVE_AS}")
    encoding = _encoding(content)
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = _line(content, error.start)
        raise DataError(f"Line {line} is not in UTF-8. {SAVE_AS}") from None
    _check_characters(text, _CONTROL if encoding == "cp1252" else _NUL)
    return Text(text, encoding, compression)


def _unpacked(content: bytes, limits: Limits) -> bytes:
    most = limits.unpacked
    try:
        with gzip.GzipFile(fileobj=BytesIO(content)) as file:
            unpacked = file.read(-1 if most is None else most + 1)
    except (OSError, EOFError, zlib.error):
        raise DataError("This gzip file is damaged: pack the table again.") from None
    limits.check_unpacked(len(unpacked))
    return unpacked


def _encoding(content: bytes) -> str:
    """Return the encoding of a text: UTF-8 if that is possible, otherwise the likeliest."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return encoding
    if b"\0" in content:  # UTF-16 without a mark has NUL as every other byte
        half, first = len(content) // 2, content[:1_000]
        if half and first[1::2].count(0) > 0.8 * len(first) / 2:
            return "utf-16-le"
        if half and first[::2].count(0) > 0.8 * len(first) / 2:
            return "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _check_characters(text: str, forbidden: re.Pattern[str]) -> None:
    if match := forbidden.search(text):
        line = text.count("\n", 0, match.start()) + 1
        what = "NUL byte" if match[0] == "\0" else "control character"
        raise DataError(f"Line {line} holds a {what}, which text never has. {SAVE_AS}")
    if not text.strip():
        raise DataError("The file is empty: it must have a row of names and rows below it.")


def _line(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1
