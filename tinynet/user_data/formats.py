"""Workbooks, Parquet and JSON: their bytes -> a frame, once they are known to be small enough."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from tinynet.user_data.calls import Call
from tinynet.user_data.data import DataError
from tinynet.user_data.decoding import SAVE_AS
from tinynet.user_data.limits import Limits
from tinynet.user_data.words import quoted, shortened

if TYPE_CHECKING:
    import pandas as pd

ZIP, PARQUET = b"PK\x03\x04", b"PAR1"
_MOST_TITLES = 10  # rows above the names
_BOUNDED_CODECS = ("SNAPPY", "UNCOMPRESSED")  # unpack to some 20 times their size at most
_CALLS: dict[str, dict[str, Any]] = {
    # Text such as "NA" stays text, as in a CSV file.
    "read_excel": {"engine": "openpyxl", "keep_default_na": False, "na_values": ("",)},
    "read_parquet": {"engine": "pyarrow"},
    "read_json": {"orient": "records", "dtype": False},
}


def format_of(content: bytes) -> str:
    """Return the pandas reader that a file needs, judged by the file's first bytes."""
    if content.startswith(ZIP):
        return "read_excel"
    if content.startswith(PARQUET):
        return "read_parquet"
    is_json = (
        content[:100]
        .lstrip(b"\xef\xbb\xbf \t\r\n")
        .startswith((b"[{", b"[ {", b"[\n", b"[\r", b'{"'))
    )
    return "read_json" if is_json else "read_csv"


def read_format(
    content: bytes, reader: str, limits: Limits
) -> tuple[pd.DataFrame, Call, list[str]]:
    """Return the frame of a file other than CSV, its call, and sentences on how it was read."""
    try:
        arguments, sentences = _CHECKS[reader](content, limits)
        call = Call(reader, tuple({**_CALLS[reader], **arguments}.items()))
        frame = call.read(content)
    except (DataError, MemoryError):
        raise
    except Exception as error:  # damaged files raise errors of every kind
        raise DataError(f"This {_KINDS[reader]} cannot be read: {SAVE_AS}") from error
    limits.check_shape(*frame.shape)
    if not len(frame):
        raise DataError("There is no row below the names of the columns.")
    if len(frame.columns) < 2:  # noqa: PLR2004 - a target, and something to learn it from
        raise DataError("There must be two columns or more: a target, and an input.")
    if len(set(frame.columns)) < len(frame.columns):
        raise DataError("Two columns have the same name: rename one.")
    return frame, call, sentences


def _check_workbook(content: bytes, limits: Limits) -> tuple[dict[str, Any], list[str]]:
    """Check a workbook cell by cell; return the sheet and the first row to read."""
    try:
        archive = ZipFile(BytesIO(content))
    except BadZipFile:
        raise DataError(f"This ZIP file is damaged. {SAVE_AS}") from None
    if "xl/workbook.xml" not in archive.namelist():
        raise DataError(f"This is a ZIP file, not a table. Unpack it first. {SAVE_AS}")
    limits.check_unpacked(sum(each.file_size for each in archive.infolist()))
    from openpyxl import load_workbook  # noqa: PLC0415 - only workbooks need it

    workbook = load_workbook(BytesIO(content), read_only=True, data_only=True)
    names = [each.title for each in workbook.worksheets]
    for sheet in workbook.worksheets:
        rows = list(_bounded(sheet.iter_rows(values_only=True), limits))
        if any(map(_filled, rows)):
            above = _titles(rows)
            told = [f"Read from the sheet {shortened(sheet.title)}."] if len(names) > 1 else []
            if above:
                told.append(f"{above:,} row{'s' if above > 1 else ''} above the names left out.")
            options = {"sheet_name": sheet.title} if len(names) > 1 else {}
            return {**options, **({"skiprows": above} if above else {})}, told
    raise DataError(f"The workbook is empty: {quoted(names)} holds no cell.")


def _bounded(rows: Iterator[tuple[Any, ...]], limits: Limits) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a sheet; DataError as soon as there are too many cells or characters."""
    characters = 0
    for number, row in enumerate(rows):
        if any(each is not None for each in row):
            limits.check_shape(number - _MOST_TITLES, len(row))
        characters += sum(len(each) for each in row if isinstance(each, str))
        limits.check_unpacked(characters)
        yield row


def _filled(row: tuple[Any, ...]) -> int:
    return sum(each is not None for each in row)


def _titles(rows: list[tuple[Any, ...]]) -> int:
    """Return how many rows are above the names: blank rows, and rows with few filled cells."""
    width = max(map(_filled, rows))
    for index, row in enumerate(islice(rows, _MOST_TITLES + 1)):
        if _filled(row) > 1 and _filled(row) >= width / 2:
            return index
    return 0


def _check_parquet(content: bytes, limits: Limits) -> tuple[dict[str, Any], list[str]]:
    """Check the shape, and the size of the words, before they are spread over the rows."""
    import pyarrow as pa  # noqa: PLC0415 - only Parquet needs it
    from pyarrow import compute, parquet  # noqa: PLC0415

    file = parquet.ParquetFile(BytesIO(content))
    metadata, schema = file.metadata, file.schema_arrow
    limits.check_shape(metadata.num_rows, len(schema))
    if lists := [each.name for each in schema if pa.types.is_nested(each.type)]:
        raise DataError(f"{quoted(lists)} holds lists or records; it must hold single values.")
    groups = [metadata.row_group(each) for each in range(metadata.num_row_groups)]
    limits.check_unpacked(sum(each.total_byte_size for each in groups))
    if limits.unpacked and groups and groups[0].column(0).compression not in _BOUNDED_CODECS:
        raise DataError("This Parquet file may unpack to any size: save it with Snappy instead.")
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary)
    words = [each.name for each in schema if any(is_kind(each.type) for is_kind in kinds)]
    table = parquet.read_table(BytesIO(content), read_dictionary=words)
    limits.check_unpacked(table.nbytes)
    for column in table.columns:
        for chunk in column.chunks:
            if pa.types.is_dictionary(chunk.type) and len(chunk.dictionary):
                longest = compute.max(compute.binary_length(chunk.dictionary.cast(pa.string())))
                limits.check_unpacked(longest.as_py() * len(chunk))
    return {}, []


def _check_json(content: bytes, limits: Limits) -> tuple[dict[str, Any], list[str]]:
    """Check that JSON holds records of single values, as an array or one on each line."""
    text = content.decode("utf-8-sig")
    by_line = text.lstrip().startswith("{")
    try:
        records = (
            [json.loads(each) for each in text.splitlines() if each.strip()]
            if by_line
            else json.loads(text)
        )
    except (ValueError, RecursionError):
        raise DataError("This is no valid JSON: it must be an array of records.") from None
    if not isinstance(records, list) or not all(isinstance(each, dict) for each in records):
        raise DataError("JSON must be an array of records, [{“x”: 1, “t”: 2}, …].")
    names = {name for each in records[: limits.rows] for name in each}
    limits.check_shape(len(records), len(names))
    for number, record in enumerate(records, start=1):
        for name, value in record.items():
            if isinstance(value, dict | list):
                where = f"Row {number:,} of {shortened(name)}"
                raise DataError(f"{where} holds a list or a record; it must hold a single value.")
    return ({"lines": True} if by_line else {}), []


_CHECKS = {
    "read_excel": _check_workbook,
    "read_parquet": _check_parquet,
    "read_json": _check_json,
}
_KINDS = {"read_excel": "workbook", "read_parquet": "Parquet file", "read_json": "JSON file"}
