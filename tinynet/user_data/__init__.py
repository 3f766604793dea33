"""Data of one's own: rows that are in no table of this project, on the same road as those that are.

data       what all of it has in common: OwnData, DataError
painting   points that were painted on the plane: Painting
reading    the bytes of a file -> a frame
columns    a frame -> what each of its columns is, and can be
sheet      what someone has brought, as it is: Sheet
examples   small files to start from
reference  which file a link means
table      what is to be learned from a sheet: Table
"""

from __future__ import annotations

from collections.abc import Callable

from tinynet.user_data.data import DataError, UserData
from tinynet.user_data.painting import Painting, read_painting
from tinynet.user_data.reference import Reference, at_hand, read_reference
from tinynet.user_data.sheet import Sheet, read_sheet
from tinynet.user_data.table import Table, chosen_again, inputs_alone, read_table, table

_READERS: dict[str, Callable[[str], UserData]] = {
    Painting.kind: read_painting,
    Table.kind: read_table,
}


def read_user_data(text: str) -> UserData:
    """Return the data that a word of an address spells; DataError if it spells none."""
    kind, _, rest = text.partition(".")
    if kind not in _READERS:
        raise DataError("There is no such data.")
    return _READERS[kind](rest)


def file_meant(text: str) -> Reference | None:
    """Return which file a word of an address means, whether it is here or not."""
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
    "chosen_again",
    "file_meant",
    "inputs_alone",
    "read_sheet",
    "read_user_data",
    "table",
]
