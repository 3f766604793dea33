"""A sheet: a file as it was uploaded, before a target is chosen."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinynet.user_data.columns import Column, column_of
from tinynet.user_data.data import DataError
from tinynet.user_data.reading import (
    MOST_COLUMNS,
    MOST_ROWS,
    Dialect,
    check_size,
    read_frame,
    shortened,
)

if TYPE_CHECKING:
    import pandas as pd

OF_HEADER, OF_ROWS = 6, 10  # hexadecimal digits of a fingerprint
LONGEST_NAME = 40
MOST_NAMED = 20  # columns in a sentence
_ENDINGS = (".csv", ".tsv", ".txt")
_OF_WINDOWS = re.compile(
    "con|prn|aux|nul|(com|lpt)[0-9¹²³]", re.IGNORECASE
)  # devices on Windows, not files


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, and its bytes; the script reads the bytes, and `==` compares them."""

    name: str  # of the file, without a folder; only letters, digits and " ._()-"
    content: bytes
    dialect: Dialect
    frame: pd.DataFrame = field(compare=False)  # never changed
    columns: tuple[Column, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Examine all columns."""
        columns = (column_of(self.frame, str(name)) for name in self.frame.columns)
        object.__setattr__(self, "columns", tuple(columns))

    def __len__(self) -> int:
        """Return the number of rows, including rows with gaps."""
        return len(self.frame)

    @cached_property
    def digest(self) -> str:
        """A hash of the column names, then of all rows: equal rows have equal digests."""
        names = sha256("\0".join(map(str, self.frame.columns)).encode())
        rows = names.copy()
        for name in self.frame.columns:
            rows.update(_bytes_of(self.frame[name]))
        return names.hexdigest()[:OF_HEADER] + rows.hexdigest()

    @property
    def fingerprint(self) -> str:
        """The digest, shortened."""
        return self.digest[: OF_HEADER + OF_ROWS]

    @cached_property
    def nbytes(self) -> int:
        """The size in memory, in bytes; slow, since every word is measured."""
        return len(self.content) + int(self.frame.memory_usage(deep=True).sum())

    def is_mostly_gaps(self, column: Column) -> bool:
        """Return whether more than half of the rows have a gap in a column."""
        return 2 * column.gaps > len(self)

    def column(self, name: str) -> Column:
        """Return the column of this name; DataError if there is none."""
        for each in self.columns:
            if each.name == name:
                return each
        names = ", ".join(shortened(each.name) for each in self.columns[:MOST_NAMED])
        more = " and more" if len(self.columns) > MOST_NAMED else ""
        words = f"There is no column {shortened(name)} in {self.name}"
        raise DataError(f"{words}; the columns are {names}{more}.")


def read_sheet(source: bytes | str | Path | pd.DataFrame, name: str = "") -> Sheet:
    """Return the sheet in a file, its bytes or a frame; DataError if it is not a table."""
    if isinstance(source, str | Path):
        path = Path(source)
        check_size(path.stat().st_size)
        name, source = name or path.name, path.read_bytes()
    separator = ""
    if not isinstance(source, bytes):
        _check_shape(*source.shape)
        source, separator = source.to_csv(index=False).encode(), ","
    frame, dialect = read_frame(source, separator)
    return Sheet(file_name(name or "data.csv"), source, dialect, frame)


def _check_shape(rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        most = f"{MOST_ROWS:,} rows and {MOST_COLUMNS} columns"
        raise DataError(f"A frame may have {most}, not {rows:,} and {columns:,}.")


def file_name(text: str) -> str:
    """Return a name that is valid on every system and harmless in code and HTML."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", text)[-1])
    name = " ".join(re.sub(r"[^\w .()-]", " ", name).split())
    stem, dot, ending = name.rpartition(".")
    ending = f"{dot}{ending.lower()}" if f"{dot}{ending.lower()}" in _ENDINGS else ".csv"
    stem = (stem if dot else name).strip(". -") or "data"
    if _OF_WINDOWS.fullmatch(stem.partition(".")[0].strip()):
        stem = f"file-{stem}"
    return f"{stem[: LONGEST_NAME - len(ending)].strip()}{ending}"


def _bytes_of(series: pd.Series[Any]) -> bytes:
    """Return the values of a column as bytes, whatever the file's format."""
    if series.dtype.kind in "iuf":  # not as floats, which would make large integers equal
        return str(series.dtype).encode() + series.to_numpy().tobytes()
    return repr(
        [None if gap else str(each) for each, gap in zip(series, series.isna(), strict=True)]
    ).encode()
