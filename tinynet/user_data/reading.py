"""The text of a file -> a frame; DataError, with a plain sentence, if it is not a table.

Nothing in a file is evaluated: a formula is text. The script calls pandas with the same arguments.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from itertools import chain, count, islice, pairwise
from typing import TYPE_CHECKING

from tinynet.user_data.calls import Call
from tinynet.user_data.data import DataError
from tinynet.user_data.decoding import Text
from tinynet.user_data.layout import Layout, is_number, layout_of, rows_in
from tinynet.user_data.limits import LONGEST, PAGE, Limits
from tinynet.user_data.words import quoted, shortened

if TYPE_CHECKING:
    import pandas as pd

_FORMER = (",", ";", "\t")  # the separators of the first links to files
_FIRST_ROWS, _ROWS_TRIED = 100_000, 50


def read_words(
    content: bytes, text: Text, limits: Limits, separator: str = ""
) -> tuple[pd.DataFrame, Call, Layout]:
    """Return the words of a table, the call that reads it, and its layout."""
    layout = Layout(separator) if separator else layout_of(text.text)
    names, rows = _checked(rows_in(text.text, layout), limits)
    call = _call(text, layout)
    frame = call.as_words().read(content)
    if list(frame.columns) != names or len(frame) != rows:
        raise DataError("It is not clear where rows end: are there stray quotation marks?")
    return frame, call, layout


def _call(text: Text, layout: Layout) -> Call:
    skipped: int | list[int] = layout.above
    if layout.comments:
        skipped = [*range(layout.above), *layout.comments]
    return Call.of_csv(
        sep=layout.separator,
        encoding=text.encoding,
        compression=text.compression,
        skiprows=skipped,
        skipinitialspace=layout.skips_blanks,
    )


def read_as_before(
    content: bytes, text: Text, separator: str = ""
) -> tuple[pd.DataFrame, Call] | None:
    """Return the frame that the first links to files refer to; None if there is no such frame.

    pandas alone decides how to read each column. All columns have the same decimal point: the mark
    that makes more columns numeric.
    """
    if text.compression or text.encoding != "utf-8" or len(content) > (PAGE.bytes or 0):
        return None
    with suppress(DataError):
        separator = separator or _separator(text.text)
        _checked(csv.reader(StringIO(text.text, newline=""), delimiter=separator), PAGE)
        decimals = ".," if re.search(r"\d,\d", text.text) else "."
        calls = [Call.of_csv(sep=separator, decimal=each) for each in decimals]
        frames = [(each.read(content), each) for each in calls]
        return max(frames, key=lambda each: sum(kind.kind in "iuf" for kind in each[0].dtypes))
    return None


def _separator(text: str) -> str:
    """Return the separator that best splits the first rows into columns."""
    scores = {each: _score(text[:_FIRST_ROWS], each) for each in _FORMER}
    best = max(scores, key=lambda each: scores[each])
    if scores[best] > (0, 0):
        return best
    raise DataError("There are no two columns.")


def _score(text: str, separator: str) -> tuple[int, int]:
    """Return how many rows are as long as the first, and that length; zeros for a single column."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    lengths: list[int] = []
    with suppress(csv.Error):
        lengths.extend(len(row) for row in islice(reader, _ROWS_TRIED) if any(row))
    if not lengths or lengths[0] == 1:
        return 0, 0
    return lengths.count(lengths[0]), lengths[0]


def _checked(reader: Iterator[list[str]], limits: Limits) -> tuple[list[str], int]:
    """Return the names of the columns and the number of rows; DataError for a longer row."""
    names: list[str] = []
    number = 0
    try:
        for row in reader:
            if len(row) <= 1 and not any(map(str.strip, row)):
                continue  # an empty line
            if not names:
                names = _checked_names(row, limits)
                continue
            number += 1
            _check_row(row, number, len(names), limits)
    except csv.Error as error:
        reason = "a field is too long" if "limit" in str(error) else "the text cannot be split"
        message = f"Below row {number}, {reason}: does a quotation mark never close?"
        raise DataError(message) from None
    if number == 0:
        raise DataError("There is no row below the names of the columns.")
    return names, number


def _check_row(row: list[str], number: int, columns: int, limits: Limits) -> None:
    limits.check_shape(number, columns)
    if len(row) > columns:
        has = f"Row {number} has {len(row):,} fields"
        raise DataError(
            f"{has}; the first row names {columns} columns. Name every column, and put a field "
            "that holds the separator in quotation marks."
        )


def _checked_names(row: list[str], limits: Limits) -> list[str]:
    """Return the names of the columns, as pandas names them."""
    limits.check_columns(len(row))
    names = [name or _unnamed(index, row) for index, name in enumerate(row)]
    places: dict[str, int] = {}
    for index, name in enumerate(names, start=1):
        if len(name) > LONGEST:
            raise DataError(
                f"Column {index} has a name of {len(name):,} characters; {LONGEST} are allowed."
            )
        if name in places:
            same = f"Columns {places[name]} and {index} have the same name, {shortened(name)}"
            raise DataError(f"{same}: rename one.")
        places[name] = index
    if values := _values_among(names):
        raise DataError(
            f"The first row holds {quoted(values)}; it must hold the names of the columns: add a "
            "row."
        )
    return names


def _values_among(names: list[str]) -> list[str]:
    """Return the numbers among the names, unless they are whole and rise, as years do."""
    numbers = [each for each in names if is_number(each)]
    are_whole = all(each.strip().isdigit() for each in numbers)
    rise = are_whole and all(int(one) < int(other) for one, other in pairwise(numbers))
    return [] if rise and len(numbers) < len(names) else numbers


def _unnamed(index: int, row: list[str]) -> str:
    """Return the unique name that pandas gives to a column without a name."""
    name = f"Unnamed: {index}"
    numbered = (f"{name}.{number}" for number in count(1))
    return next(each for each in chain([name], numbered) if each not in row)
