"""The bytes of a file -> a frame; DataError, with a plain sentence, if they are not a table.

Nothing in a file is evaluated: a formula is text. The script calls pandas with the same arguments.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import chain, count, islice
from typing import TYPE_CHECKING, Any

from tinynet.user_data.data import DataError

if TYPE_CHECKING:
    import pandas as pd

MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 2_000_000, 10_000, 100
LONGEST = 100  # characters of a name, and of a word in an input
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
# The part of the file that decides on the separator: characters, and rows within them.
_FIRST_ROWS, _ROWS_TRIED = 100_000, 50
_NOT_TEXT = {
    b"PK\x03\x04": "a ZIP file (an Excel workbook is one)",
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF file",
    b"\xff\xfe": "in UTF-16",
    b"\xfe\xff": "in UTF-16",
}
_SAVE_AS = "Save the table as “CSV UTF-8”."


@dataclass(frozen=True)
class Dialect:
    """The separator and the decimal point of a file."""

    separator: str = ","
    decimal: str = "."

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of pandas' `read_csv`, besides the file."""
        options = {"sep": (self.separator, ","), "decimal": (self.decimal, ".")}
        changed = {name: value for name, (value, default) in options.items() if value != default}
        # With low_memory, pandas guesses the type of a column in pieces.
        return {**changed, "low_memory": False}


def read_frame(content: bytes, separator: str = "") -> tuple[pd.DataFrame, Dialect]:
    """Return the table in a file, and its dialect; the separator is guessed if none is given."""
    text = _as_text(content)
    separator = separator or _separator(text)
    names, rows = _checked(csv.reader(StringIO(text, newline=""), delimiter=separator))
    dialects = [Dialect(separator, decimal) for decimal in (".", ",")]
    if not re.search(r"\d,\d", text):
        del dialects[1]
    frames = [(read_csv(content, each), each) for each in dialects]
    frame, dialect = max(frames, key=lambda each: _count_of_numbers(each[0]))
    if list(frame.columns) != names or len(frame) != rows:
        raise DataError("It is not clear where rows end: are there stray quotation marks?")
    return frame, dialect


def read_csv(content: bytes, dialect: Dialect) -> pd.DataFrame:
    """Return the frame that pandas reads from a file."""
    import pandas as pd  # noqa: PLC0415 - half a second to import

    try:
        frame: pd.DataFrame = pd.read_csv(BytesIO(content), **dialect.arguments)
    except (ValueError, OverflowError) as error:  # including pandas' ParserError
        match = re.search(r"starting at row (\d+)", str(error))
        where = f"Row {match[1]} opens a quotation mark that never closes" if match else ""
        raise DataError(f"{where or 'The file is not a table of rows and columns'}.") from None
    return frame


def shortened(text: object, most: int = 30) -> str:
    """Return a name or a word of a file as a quotation, short and on one line."""
    line = " ".join("".join(each if each.isprintable() else " " for each in str(text)).split())
    return f"“{line if len(line) <= most else line[: most - 1] + '…'}”"


def check_size(size: int) -> None:
    """Raise DataError for a file that is too large, before it is read."""
    if size > MOST_BYTES:
        most = f"{MOST_BYTES // 1_000_000} MB"
        raise DataError(f"The file has {size / 1e6:,.1f} MB; it may have {most} at most.")


def _as_text(content: bytes) -> str:
    """Return the text of a file, without the byte order mark."""
    check_size(len(content))
    for start, kind in _NOT_TEXT.items():
        if content.startswith(start):
            raise DataError(f"This is {kind}, not a table in UTF-8. {_SAVE_AS}")
    if (place := content.find(b"\0")) >= 0:
        raise DataError(f"Line {_line(content, place)} holds a NUL byte, which text never has.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = _line(content, error.start)
        raise DataError(f"Line {line} is not in UTF-8. {_SAVE_AS}") from None
    if not text.strip():
        raise DataError("The file is empty: it must have a row of names and rows below it.")
    return text


def _line(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _separator(text: str) -> str:
    """Return the separator that best splits the first rows into columns."""
    scores = {each: _score(text[:_FIRST_ROWS], each) for each in SEPARATORS}
    best = max(scores, key=lambda each: scores[each])
    if scores[best] > (0, 0):
        return best
    *most, last = SEPARATORS.values()
    message = f"with {', '.join(most)} or {last} between them"
    raise DataError(f"The first row must hold the names of two columns or more, {message}.")


def _score(text: str, separator: str) -> tuple[int, int]:
    """Return how many rows are as long as the first, and that length; zeros for a single column."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    lengths: list[int] = []
    with suppress(csv.Error):
        lengths.extend(len(row) for row in islice(reader, _ROWS_TRIED) if any(row))
    if not lengths or lengths[0] == 1:
        return 0, 0
    return lengths.count(lengths[0]), lengths[0]


def _checked(reader: Iterator[list[str]]) -> tuple[list[str], int]:
    """Return the names of the columns and the number of rows; DataError for a longer row."""
    names: list[str] = []
    number = 0
    try:
        for row in reader:
            if len(row) <= 1 and not any(map(str.strip, row)):
                continue  # an empty line
            if not names:
                names = _checked_names(row)
                continue
            number += 1
            _check_row(row, number, len(names))
    except csv.Error as error:
        reason = "a field is too long" if "limit" in str(error) else "the text cannot be split"
        message = f"Below row {number}, {reason}: does a quotation mark never close?"
        raise DataError(message) from None
    if number == 0:
        raise DataError("There is no row below the names of the columns.")
    return names, number


def _check_row(row: list[str], number: int, columns: int) -> None:
    if number > MOST_ROWS:
        raise DataError(f"The file has more than {MOST_ROWS:,} rows, which is the most allowed.")
    if len(row) > columns:
        has = f"Row {number} has {len(row):,} fields"
        raise DataError(f"{has}; the first row names {columns} columns.")


def _checked_names(row: list[str]) -> list[str]:
    """Return the names of the columns, as pandas names them."""
    if len(row) > MOST_COLUMNS:  # before names are compared pair by pair
        raise DataError(f"The file has {len(row):,} columns; it may have {MOST_COLUMNS} at most.")
    names = [name or _unnamed(index, row) for index, name in enumerate(row)]
    for index, name in enumerate(names, start=1):
        if len(name) > LONGEST:
            raise DataError(
                f"Column {index} has a name of {len(name):,} characters; {LONGEST} are allowed."
            )
        if name in names[: index - 1]:
            first = names.index(name) + 1
            raise DataError(f"Columns {first} and {index} have the same name, {shortened(name)}.")
    if all(map(_is_number, names)):
        raise DataError("The first row holds numbers; it must hold the names of the columns.")
    return names


def _unnamed(index: int, row: list[str]) -> str:
    """Return the unique name that pandas gives to a column without a name."""
    name = f"Unnamed: {index}"
    numbered = (f"{name}.{number}" for number in count(1))
    return next(each for each in chain([name], numbered) if each not in row)


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"\s*[+-]?[\d.,]+(e[+-]?\d+)?\s*", text, re.IGNORECASE | re.ASCII))


def _count_of_numbers(frame: pd.DataFrame) -> int:
    return sum(each.kind in "iuf" for each in frame.dtypes)
