"""The layout of a text: what separates its fields, and the lines above the names."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from tinynet.user_data.data import DataError
from tinynet.user_data.words import counted

BLANKS = r"\s+"
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "|", BLANKS: "blanks"}
# The part of the file that decides on the separator: characters, and rows within them.
_FIRST_ROWS, _ROWS_TRIED = 100_000, 50
_MOST_TITLES = 10  # rows above the names
_SAYS_SEPARATOR = re.compile(r'"?sep=(.|\\t)"?\s*', re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """The separator, and the lines that are not part of the table, counted from 0."""

    separator: str
    above: int = 0  # lines above the names
    comments: tuple[int, ...] = ()  # lines that begin with "#" below the names
    skips_blanks: bool = False  # whether blanks before a field are not part of it

    @property
    def sentences(self) -> list[str]:
        """Sentences on how the rows were found."""
        told = []
        if self.separator in ("|", BLANKS):
            told.append(f"Fields are separated by {SEPARATORS[self.separator]}.")
        if self.above:
            lines = "The first line is" if self.above == 1 else f"The first {self.above} lines are"
            told.append(f"{lines} above the names of the columns, and left out.")
        if self.comments:
            lines = "line that begins" if len(self.comments) == 1 else "lines that begin"
            told.append(f"{len(self.comments):,} {lines} with “#” left out.")
        return told


def layout_of(text: str) -> Layout:
    """Return the layout of a text; DataError if it has fewer than two columns."""
    lines = re.split("\r\n|\r|\n", text)
    separator, start = "", 0
    if match := _SAYS_SEPARATOR.fullmatch(lines[0]):
        separator, start = match[1].replace("\\t", "\t"), 1
    start, has_comments = _comments_above(lines, start)
    rest = "\n".join(lines[start:])[:_FIRST_ROWS]
    best, titles = _best(rest, [separator] if separator else [*SEPARATORS])
    above = start + titles
    skips_blanks = best in ",;|" and _has_blanks_before_fields(rest, lines[above], best)
    below = enumerate(lines[above + 1 :], start=above + 1)
    comments = (number for number, line in below if line.startswith("#"))
    has_comments &= '"' not in text  # a quoted field may contain such a line
    return Layout(best, above, tuple(comments) if has_comments else (), skips_blanks)


def _has_blanks_before_fields(text: str, names: str, separator: str) -> bool:
    """Return whether blanks stand before a name, or before a quotation mark."""
    return f"{separator} " in names or bool(re.search(f'{re.escape(separator)} +"', text))


def _best(text: str, separators: Sequence[str]) -> tuple[str, int]:
    """Return the separator that best splits the first rows, and the lines of titles above them."""
    found = {each: _tried(text, each) for each in separators}
    score, best = max((found[each][0], -index) for index, each in enumerate(separators))
    if score > (0, 0):
        return separators[-best], found[separators[-best]][1]
    _check_blanks(text)
    *most, last = SEPARATORS.values()
    between = f"with {', '.join(most)} or {last} between them"
    raise DataError(f"The first row must hold the names of two columns or more, {between}.")


def _check_blanks(text: str) -> None:
    """Raise DataError if blanks separate the names, and a row has more or fewer fields."""
    rows = [row for row in _fields(StringIO(text, newline=""), BLANKS) if any(row)]
    for number, row in enumerate(rows[1:_ROWS_TRIED], start=1):
        if len(rows[0]) > 1 and len(row) != len(rows[0]):
            raise DataError(
                f"Row {number} has {counted(len(row), 'word')} between blanks, but there are "
                f"{len(rows[0]):,} names. Separate the fields with commas or tabs."
            )


def rows_in(text: str, layout: Layout) -> Iterator[list[str]]:
    """Yield the rows of the table as lists of fields, the names first."""
    comments = set(layout.comments)
    lines = StringIO(text, newline="")
    if layout.above or comments:
        kept = enumerate(re.split("(?<=\n)|(?<=\r)(?!\n)", text))
        lines = StringIO(
            "".join(
                line for number, line in kept if number >= layout.above and number not in comments
            ),
            newline="",
        )
    return _fields(lines, layout.separator, skips_blanks=layout.skips_blanks)


def _fields(lines: StringIO, separator: str, *, skips_blanks: bool = False) -> Iterator[list[str]]:
    if separator != BLANKS:
        return csv.reader(lines, delimiter=separator, skipinitialspace=skips_blanks)
    stripped = (line.replace("\t", " ").strip() for line in lines)
    return csv.reader(stripped, delimiter=" ", skipinitialspace=True)


def _comments_above(lines: Sequence[str], start: int) -> tuple[int, bool]:
    """Return the line of the names, and whether lines above it begin with "#"."""
    first = start
    while start < len(lines) and (lines[start].startswith("#") or not lines[start].strip()):
        start += 1
    if start == first or start == len(lines):
        return first, False
    start -= _names_columns(lines[start - 1], lines[start])
    return start, any(each.startswith("#") for each in lines[first:start])


def _names_columns(comment: str, line: str) -> bool:
    """Return whether a line that begins with "#" holds the names of the columns below."""
    if not comment.startswith("#") or not any(map(is_number, re.split(r"[,;\t| ]", line))):
        return False
    marks = [each for each in ",;\t|" if each in line] or [" "]
    return any(comment.lstrip("# ").count(each) == line.strip().count(each) for each in marks)


def _tried(text: str, separator: str) -> tuple[tuple[int, int], int]:
    """Return how well a separator splits the first rows, and how many titles are above them."""
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows.extend(islice(_fields(StringIO(text, newline=""), separator), _ROWS_TRIED))
    lines = [index for index, row in enumerate(rows) if any(row)]
    known = [rows[index] for index in lines]
    titles = _titles(known)
    lengths = [len(row) for row in known[titles:]]
    if not lengths or lengths[0] == 1:
        return (0, 0), 0
    count = lengths.count(lengths[0])
    if separator == BLANKS:
        # Words contain blanks too, so blanks separate fields only if all rows are equally long.
        return ((1, 0) if count == len(lengths) > 1 and not titles else (0, 0)), 0
    return (count, lengths[0]), lines[titles] if titles else 0


def _titles(rows: list[list[str]]) -> int:
    """Return how many of the first rows are titles: mostly empty rows above a row of names."""
    width = max(map(len, rows), default=0)
    for index, row in enumerate(rows[: _MOST_TITLES + 1]):
        filled = sum(map(bool, map(str.strip, row)))
        if row[0].strip() and (filled == 1 or filled < width / 2):
            continue
        is_header = filled == len(row) == width and not any(map(is_number, row))
        return index if is_header else 0
    return 0


def is_number(text: str) -> bool:
    """Return whether a field is a number, which cannot be a name."""
    return bool(re.fullmatch(r"\s*[+-]?[\d.,]+(e[+-]?\d+)?\s*", text, re.IGNORECASE | re.ASCII))
