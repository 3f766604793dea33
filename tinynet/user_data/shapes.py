"""The shape of numbers: which marks the words of a whole column use.

A single word such as "1,200" can be read in two ways; all words of a column together seldom can.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

MARKS = (*"%‰$€£¥₹", "EUR", "USD", "GBP", "CHF")
# Words for "not known", where the other words of the column are numbers.
_GAPS = "? - – — . .. -- --- n.a. n.a n/a N/A N.A. na NA missing"
GAP_MARKS = frozenset(_GAPS.split())
FEW = 0.05  # the largest share of rows that may be exceptions among numbers
FEWEST_NUMBERS, MOST_EXCEPTIONS = 10, 5
LONGEST_NUMBER = 300  # characters: a longer number does not fit into a float

_MOST_DIGITS = 18  # of a whole number that pandas keeps exactly
_BLANKS = re.compile("[\\s\u00a0\u2007\u2009\u202f]")
_MINUS = re.compile("[\u2212\u2013]")
_THREE_DIGITS = re.compile(r"[+-]?\d{3}")


@dataclass(frozen=True)
class Shape:
    """How the numbers of a column are written."""

    decimal: str = "."  # "" for whole numbers
    thousands: str = ""
    marks: tuple[str, ...] = ()  # %, currencies, blanks of every kind
    has_minus: bool = False  # whether a number has a typographic minus or a dash
    has_decimals: bool = False

    @property
    def dropped(self) -> tuple[str, ...]:
        """Everything in a number that is not a digit, a sign or the decimal point."""
        return (*((self.thousands,) if self.thousands else ()), *self.marks)


PLAIN = Shape()
_POINT, _COMMA = Shape(thousands=","), Shape(",", ".")
_OTHERS = tuple(Shape(decimal, mark) for decimal in ".," for mark in " '’")


def shape_of(words: Mapping[str, int], separator: str) -> tuple[Shape, list[str]] | None:
    """Return how a column writes numbers, and its other words; None for a column of words.

    `words` maps each word to its number of rows, without gaps.
    """
    plain = _pattern(PLAIN)
    if all(map(plain.fullmatch, words)) and not _must_group(list(words), "."):
        return Shape(has_decimals=any("." in word for word in words)), []
    bare = {word: _bare(word) for word in words}
    if not any(map(_starts_like_a_number, bare.values())):
        return None
    best, exceptions = PLAIN, list(words)
    for shape in _candidates(bare.values(), separator):
        others = [word for word in words if not _pattern(shape).fullmatch(bare[word])]
        if _rows(words, others) < _rows(words, exceptions):
            best, exceptions = shape, others
        if not exceptions:
            break
    if not _are_few(words, exceptions):
        return None
    return _with_marks(best, [word for word in words if word not in set(exceptions)]), exceptions


def _starts_like_a_number(word: str) -> bool:
    return bool(re.match(r"[+-]?[.,]?\d", word))


def _rows(words: Mapping[str, int], some: Iterable[str]) -> int:
    return sum(words[each] for each in some)


def _are_few(words: Mapping[str, int], exceptions: list[str]) -> bool:
    if not exceptions:
        return True
    count, all_rows = _rows(words, exceptions), sum(words.values())
    is_single = count == 1 and all_rows > FEWEST_NUMBERS
    return len(exceptions) <= MOST_EXCEPTIONS and (count <= FEW * all_rows or is_single)


def _candidates(bare: Iterable[str], separator: str) -> list[Shape]:
    """Return the shapes to try, the likeliest first: a later shape must fit more rows.

    A comma that separates fields is never a decimal comma.
    """
    bare = list(bare)
    groups = separator != ";" or _must_group(bare, ",")
    with_commas = [_POINT, Shape(",")] if groups else [Shape(","), _POINT]
    points = Shape("", ".") if separator == "," else _COMMA
    with_points = [points, PLAIN] if _must_group(bare, ".") else [PLAIN, points]
    return [
        each
        for each in (*with_points, *with_commas, *_OTHERS)
        if any(each.thousands in word for word in bare) and (each.decimal, separator) != (",", ",")
    ]


def _must_group(bare: list[str], mark: str) -> bool:
    """Return whether a mark groups thousands: 1.200.000, or 1.200 beside 950 and never 9500."""
    pattern = _pattern(Shape("," if mark == "." else ".", mark))
    if not all(pattern.fullmatch(each) for each in bare if mark in each):
        return False
    if any(each.count(mark) > 1 for each in bare):
        return True
    if not any(mark in each for each in bare):
        return False
    whole = [each.lstrip("+-") for each in bare if each.lstrip("+-").isdecimal()]
    is_short = all(len(each) <= 3 for each in whole)  # noqa: PLR2004 - a group has three digits
    return is_short and any(map(_THREE_DIGITS.fullmatch, whole))


@cache
def _pattern(shape: Shape) -> re.Pattern[str]:
    decimal, thousands = re.escape(shape.decimal), re.escape(shape.thousands)
    whole = rf"(?:[1-9]\d{{0,2}}(?:{thousands}\d{{3}})+|\d+)" if thousands else r"\d+"
    numbers = rf"{whole}(?:{decimal}\d*)?|{decimal}\d+" if decimal else whole
    return re.compile(
        rf"[+-]?(?:{numbers})(?:[eE][+-]?\d{{1,3}})?"
        + ("|[+-]?(?:inf|infinity)" if shape == PLAIN else ""),
        re.ASCII | re.IGNORECASE,
    )


def _bare(word: str) -> str:
    """Return a word without marks, with a plain minus and plain blanks."""
    if len(word) > LONGEST_NUMBER or (word.isdecimal() and len(word) > _MOST_DIGITS):
        return "too long"
    word = _BLANKS.sub(" ", _MINUS.sub("-", word))
    sign = word[:1] if word[:1] in ("+", "-") else ""
    word = word[len(sign) :].strip()
    for mark in MARKS:
        if word.startswith(mark) or word.endswith(mark):
            return sign + word.removeprefix(mark).removesuffix(mark).strip()
    return sign + word


def _with_marks(shape: Shape, words: list[str]) -> Shape:
    """Return the shape with all marks and blanks of these numbers."""
    text = "\n".join(words)
    marks = [each for each in MARKS if each in text]
    blanks = sorted({each for each in _BLANKS.findall(text) if each != "\n"})
    uses = bool(shape.thousands) and shape.thousands in _BLANKS.sub(" ", text)
    thousands = shape.thousands if uses else ""
    marks += [each for each in blanks if each != thousands]
    has_decimals = bool(shape.decimal) and shape.decimal in text
    return Shape(shape.decimal, thousands, tuple(marks), bool(_MINUS.search(text)), has_decimals)
