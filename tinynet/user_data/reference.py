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
from tinynet.user_data.file_names import LONGEST_NAME
from tinynet.user_data.limits import MOST_COLUMNS
from tinynet.user_data.recipes import Options
from tinynet.user_data.sheet import OF_HEADER, Sheet

_WORD = re.compile(
    rf"(?P<name>[A-Za-z0-9.-]{{1,{LONGEST_NAME}}})\.(?P<rows>[1-9]\d{{0,4}})\."
    r"(?P<fingerprint>[0-9a-f]{16})\.(?P<target>\d{1,2})\.(?P<inputs>[0-9a-f]{1,25})\."
    rf"(?P<task>{'|'.join((*TASKS, *FORMER_NAMES))})(\.(?P<choices>[a-z]{{1,9}}))?",
    re.ASCII,
)
# Letters for choices. A link without the letter of "tidy" is older than the choices: it means the
# columns as pandas alone reads them.
_TIDY, _EXCEPTIONS_ARE_WORDS, _EXACT_WORDS, _FILLS = "twxf"
_PARTS = {"year": "y", "month": "m", "weekday": "k"}
_NO_DAYS = "n"
_LETTERS = {_TIDY, _EXCEPTIONS_ARE_WORDS, _EXACT_WORDS, _FILLS, _NO_DAYS, *_PARTS.values()}


@dataclass(frozen=True)
class Reference:
    """A file by name, number of rows and fingerprint; target and inputs by column index."""

    name: str
    rows: int
    fingerprint: str
    target: int
    inputs: tuple[int, ...]
    task: TaskName
    choices: str = ""  # letters, sorted

    @classmethod
    def to(
        cls, sheet: Sheet, target: str, inputs: Sequence[str], task: TaskName, choices: str = ""
    ) -> Reference:
        """Return a reference to a sheet and the choices made for it."""
        names = [each.name for each in sheet.columns]
        name = re.sub(r"[^A-Za-z0-9.-]+", "-", sheet.name) or "-"
        places = tuple(map(names.index, inputs))
        return cls(name, len(sheet), sheet.fingerprint, names.index(target), places, task, choices)

    def word(self) -> str:
        """Return the encoding of the reference for a link."""
        inputs = sum(1 << each for each in self.inputs)
        parts = (self.name, self.rows, self.fingerprint, self.target, f"{inputs:x}", self.task)
        return ".".join(map(str, (*parts, *filter(None, [self.choices]))))

    @property
    def options(self) -> Options:
        """The options with which the file is read."""
        return Options(
            plain=_TIDY not in self.choices,
            exceptions="words" if _EXCEPTIONS_ARE_WORDS in self.choices else "gaps",
            words="exact" if _EXACT_WORDS in self.choices else "tidy",
        )

    @property
    def fills(self) -> bool:
        """Whether gaps are filled."""
        return _FILLS in self.choices

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that dates become."""
        days = () if _NO_DAYS in self.choices else ("days",)
        return (*days, *(part for part, letter in _PARTS.items() if letter in self.choices))

    def fits(self, sheet: Sheet) -> bool:
        """Return whether a sheet has the same columns, with any rows."""
        return self.fingerprint[:OF_HEADER] == sheet.fingerprint[:OF_HEADER]

    def means(self, sheet: Sheet) -> bool:
        """Return whether the reference is to this sheet."""
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
    choices = match["choices"] or ""
    if "".join(sorted(set(choices) & _LETTERS)) != choices or set(choices) == {_NO_DAYS}:
        raise DataError("This encodes no choices for a file.")
    name, rows, fingerprint = match["name"], int(match["rows"]), match["fingerprint"]
    return Reference(name, rows, fingerprint, target, inputs, task, choices)


def choices_of(sheet: Sheet, parts: Sequence[str], *, fills: bool) -> str:
    """Return the letters of all choices."""
    letters = {_FILLS} if fills else set()
    letters |= {letter for part, letter in _PARTS.items() if part in parts}
    if "days" not in parts:
        letters.add(_NO_DAYS)
    if not sheet.is_plain:
        letters.add(_TIDY)
        letters |= {_EXCEPTIONS_ARE_WORDS} if sheet.options.exceptions == "words" else set()
        letters |= {_EXACT_WORDS} if sheet.options.words == "exact" else set()
    return "".join(sorted(letters))


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
