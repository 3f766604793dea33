"""User data: files and paintings, which train like the built-in data sets.

data        the base of all user data: UserData, DataError
painting    points painted on the plane: Painting
limits      the largest file that the page reads
decoding    bytes -> text, whatever the encoding
layout      text -> the separator, and the lines above the names
reading     text -> a frame of words
formats     workbooks, Parquet and JSON -> a frame
calls       the pandas call that reads a file
shapes      the words of a column -> how its numbers are written
dates       the words of a column -> how its dates are written
recipes     the words of a column -> numbers, days or classes
columns     a frame -> the kind and the possible roles of each column
file_names  a file's own name, and a harmless name
pixels      columns -> the pixels of a picture, if they are
sheet       a file as it was uploaded: Sheet
giveaways   columns that give the answer away
examples    small files to start with
reference   the file that a link refers to
table       a sheet with a target and inputs: Table
new_rows    new rows for a trained network -> the numbers of its inputs
absent      a table without its rows, as a saved network knows it
code        a Table -> the lines of the script
story       a Table -> sentences on how it is read and used
choosing    a sheet -> a Table, with guesses for open choices: table
words       quotations of a file's words
"""

from __future__ import annotations

from collections.abc import Callable

from tinynet.user_data.choosing import inputs_alone, read_table, table, table_from
from tinynet.user_data.data import DataError, UserData
from tinynet.user_data.painting import Painting, read_painting
from tinynet.user_data.reference import Reference, at_hand, read_reference
from tinynet.user_data.sheet import Sheet, read_sheet
from tinynet.user_data.table import Table

_READERS: dict[str, Callable[[str], UserData]] = {
    Painting.kind: read_painting,
    Table.kind: read_table,
}


def read_user_data(text: str) -> UserData:
    """Return the data that a parameter of the address encodes; DataError if it encodes none."""
    kind, _, rest = text.partition(".")
    if kind not in _READERS:
        raise DataError("There is no such data.")
    return _READERS[kind](rest)


def file_meant(text: str) -> Reference | None:
    """Return the file reference that a parameter encodes, or None; the file may be missing."""
    kind, _, rest = text.partition(".")
    try:
        return read_reference(rest) if kind == Table.kind else None
    except DataError:
        return None


__all__ = [
    "DataError",
    "Painting",
    "Reference",
    "Sheet",
    "Table",
    "UserData",
    "at_hand",
    "file_meant",
    "inputs_alone",
    "read_sheet",
    "read_user_data",
    "table",
    "table_from",
]
