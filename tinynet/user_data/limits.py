"""Limits: the largest file that the page reads. A notebook reads what fits into memory."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet.user_data.data import DataError

MOST_COLUMNS = 100  # of the page, and of a link
# The endings of the files that the page offers to open.
ENDINGS = [*("csv", "tsv", "txt", "dat", "data", "gz"), *("xlsx", "parquet", "json", "jsonl")]
LONGEST = 100  # characters of a name, and of a word in an input
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """The largest size of a file in each respect; None for no limit."""

    bytes: int | None = None
    unpacked: int | None = None  # bytes of an archive's content
    rows: int | None = None
    columns: int | None = None

    def check_bytes(self, size: int) -> None:
        """Raise DataError for a file that is too large, before it is read."""
        if self.bytes is not None and size > self.bytes:
            most = f"{self.bytes // _MEGABYTE} MB"
            raise DataError(
                f"The file has {size / _MEGABYTE:,.1f} MB; it may have {most} at most. Save fewer "
                "rows, or only the columns to learn from."
            )

    def check_unpacked(self, size: int) -> None:
        """Raise DataError for an archive that unpacks to too much."""
        if self.unpacked is not None and size > self.unpacked:
            most = f"{self.unpacked // _MEGABYTE} MB"
            raise DataError(
                f"The file unpacks to more than {most}, which is the most allowed. Save fewer rows."
            )

    def check_shape(self, rows: int, columns: int) -> None:
        """Raise DataError for too many rows or columns."""
        self.check_columns(columns)
        if self.rows is not None and rows > self.rows:
            raise DataError(
                f"The file has more than {self.rows:,} rows, which is the most allowed. Save a "
                "random part of them."
            )

    def check_columns(self, columns: int) -> None:
        """Raise DataError for too many columns."""
        if self.columns is not None and columns > self.columns:
            most = f"it may have {self.columns} at most"
            raise DataError(
                f"The file has {columns:,} columns; {most}. Save only the columns to learn from."
            )


PAGE = Limits(2_000_000, 10_000_000, 10_000, MOST_COLUMNS)
NO_LIMITS = Limits()
