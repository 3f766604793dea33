"""Data of one's own: rows that are in no table of this project, on the same road as those that are.

data      what all of it has in common: OwnData, DataError
painting  points that were painted on the plane: Painting
"""

from __future__ import annotations

from collections.abc import Callable

from tinynet.own.data import DataError, OwnData
from tinynet.own.painting import Painting, read_painting

READERS: dict[str, Callable[[str], OwnData]] = {Painting.kind: read_painting}


def read_own(text: str) -> OwnData:
    """Return the data that a word of an address spells; DataError if it spells none."""
    kind, _, rest = text.partition(".")
    if kind not in READERS:
        raise DataError("There is no such data.")
    return READERS[kind](rest)


__all__ = ["READERS", "DataError", "OwnData", "Painting", "read_own", "read_painting"]
