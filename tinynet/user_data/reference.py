"""A reference to a file and the choices made for it, encoded for a link.

It contains no row and no column name: a visitor who opens the link must have the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from tinynet.registry.tasks import FORMER_NAMES, TASKS, TaskName
from tinynet.user_data.data import DataError
from tinynet.user_data.examples import example_sheets
from tinynet.user_data.reading import MOST_COLUMNS
from tinynet.user_data.sheet import LONGEST_NAME, OF_HEADER, Sheet

_WORD = re.compile(
    rf"(?P<name>[A-Za-z0-9.-]{{1,{LONGEST_NAME}}})\.(?P<rows>[1-9]\d{{0,4}})\."
    r"(?P<fingerprint>[0-9a-f]{16})\.(?P<target>\d{1,2})\.(?P<inputs>[0-9a-f]{1,25})\."
    rf"(?P<task>{'|'.join((*TASKS, *FORMER_NAMES))})",
    re.ASCII,
)


@dataclass(frozen=True)
class Reference:
    """A file by name, number of rows and fingerprint; target and inputs by column index."""

    name: str
    rows: int
    fingerprint: str
    target: int
    inputs: tuple[int, ...]
    task: TaskName

    @classmethod
    def to(cls, sheet: Sheet, target: str, inputs: Sequence[str], task: TaskName) -> Reference:
        """Return a reference to a sheet and the choices made for it."""
        names = [each.name for each in sheet.columns]
        name = re.sub(r"[^A-Za-z0-9.-]+", "-", sheet.name)
        places = tuple(map(names.index, inputs))
        return cls(name, len(sheet), sheet.fingerprint, names.index(target), places, task)

    def word(self) -> str:
        """Return its encoding for a link."""
        inputs = sum(1 << each for each in self.inputs)
        parts = (self.name, self.rows, self.fingerprint, self.target, f"{inputs:x}", self.task)
        return ".".join(map(str, parts))

    def fits(self, sheet: Sheet) -> bool:
        """Return whether a sheet has the same columns, with any rows."""
        return self.fingerprint[:OF_HEADER] == sheet.fingerprint[:OF_HEADER]

    def means(self, sheet: Sheet) -> bool:
        """Return whether it refers to this sheet."""
        return self.fingerprint == sheet.fingerprint

    def __str__(self) -> str:
        return f"{self.name}, {self.rows:,} rows"


def read_reference(word: str) -> Reference:
    """Return the reference that a link encodes; DataError if it encodes none."""
    match = _WORD.fullmatch(word[:200])
    if not match:
        raise DataError("This encodes no file.")
    mask, target = int(match["inputs"], 16), int(match["target"])
    inputs = tuple(each for each in range(MOST_COLUMNS) if mask >> each & 1)
    if mask >> MOST_COLUMNS or not inputs or target in inputs:
        raise DataError("This encodes no columns of a file.")
    task: TaskName = FORMER_NAMES.get(match["task"]) or match["task"]  # type: ignore[assignment]
    return Reference(match["name"], int(match["rows"]), match["fingerprint"], target, inputs, task)


_AT_HAND: ContextVar[tuple[Sheet, ...]] = ContextVar("sheets at hand", default=())


@contextmanager
def at_hand(sheets: Iterable[Sheet]) -> Iterator[None]:
    """Let links find these sheets, in addition to the examples."""
    token = _AT_HAND.set(tuple(sheets))
    try:
        yield
    finally:
        _AT_HAND.reset(token)


def find_sheet(reference: Reference) -> Sheet | None:
    """Return the sheet of a reference, or None; a visitor's sheets come before the examples."""
    for sheet in (*_AT_HAND.get(), *example_sheets()):
        if reference.means(sheet):
            return sheet
    return None
