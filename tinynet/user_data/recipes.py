"""Recipes: how the words of a column become numbers, days or classes, and sentences about it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from tinynet.registry import frames
from tinynet.user_data.dates import ways_of_dates
from tinynet.user_data.shapes import GAP_MARKS, Shape, shape_of
from tinynet.user_data.words import counted, quoted, shortened

if TYPE_CHECKING:
    import pandas as pd

# The words that pandas reads as gaps. Whether they are gaps depends on a column's other words.
_GAPS_OF_PANDAS = (
    "NA N/A n/a nan NaN -nan -NaN null NULL None <NA> #N/A #NA 1.#IND -1.#IND 1.#QNAN -1.#QNAN "
    "#N/A|N/A"
)
OF_PANDAS = frozenset(_GAPS_OF_PANDAS.split())
MOST_SPELLINGS = 1_000  # different words of a column whose spelling is compared
_MOSTLY = 0.9  # the share of codes such as "DE" among which "NA" is a code too
_UNCLEAR = "Day and month cannot be told apart in {}: write dates as 2024-01-31."
_NAMES = {",": "Commas", ".": "Points", "'": "Apostrophes", "’": "Apostrophes"}
Kind = Literal["number", "days", "words"]


@dataclass(frozen=True)
class Options:
    """The choices where a file can be read in two ways."""

    plain: bool = False  # as pandas alone reads the file: the meaning of old links
    exceptions: Literal["gaps", "words"] = "gaps"  # what a few words among numbers are
    words: Literal["tidy", "exact"] = "tidy"  # "tidy" ignores case and outer blanks


@dataclass(frozen=True)
class Recipe:
    """How the words of a column become its values: a call of a function in `registry/frames.py`."""

    column: str
    kind: Kind
    arguments: tuple[tuple[str, Any], ...] = ()
    sentences: tuple[str, ...] = ()
    is_needed: bool = True  # whether pandas alone would read the column in another way
    decimal: str = ""  # the decimal point of its numbers; "" if they have no decimals
    exceptions: int = 0  # rows whose word is not a number
    spellings: int = 0  # words that are written in several ways

    def for_new_rows(self, known: Sequence[str]) -> Recipe:
        """Return the recipe with more words that mean a gap, but no word that is known."""
        gaps = OF_PANDAS | ({"?"} if self.kind == "words" else GAP_MARKS)
        arguments = dict(self.arguments)
        arguments["gaps"] = tuple(sorted({*arguments.get("gaps", ()), *gaps} - {*known}))
        return replace(self, arguments=tuple(arguments.items()))

    def applied_to(self, words: pd.Series[Any]) -> pd.Series[Any]:
        """Return the column."""
        made: pd.Series[Any] = FUNCTIONS[self.kind](words, **dict(self.arguments))
        return made

    @property
    def call(self) -> str:
        """The call that makes `frame[name]`, in the script."""
        options = "".join(f", {name}={_literal(value)}" for name, value in self.arguments)
        return f"{self.function.__name__}(frame[name]{options})"

    @property
    def function(self) -> Any:
        """The function that is called."""
        return FUNCTIONS[self.kind]


FUNCTIONS: dict[Kind, Any] = {
    "number": frames.numbers_in,
    "days": frames.days_in,
    "words": frames.words_in,
}


def _literal(value: object) -> str:
    return repr(list(value) if isinstance(value, tuple) else value)


def recipes_of(frame: pd.DataFrame, separator: str, options: Options) -> list[Recipe]:
    """Return a recipe for each column of words or dates in a frame."""
    columns = [_Words(name, frame[name]) for name in frame.columns if is_text(frame[name])]
    shapes = {each.name: each.shape(separator) for each in columns}
    # R writes NA for every gap: if NA is in a column of numbers, NA is a gap in all columns.
    na_is_gap = any(shapes[each.name] and "NA" in each.counts for each in columns)
    found = [_of_words(each, shapes[each.name], options, na_is_gap=na_is_gap) for each in columns]
    dates = [name for name in frame.columns if frame[name].dtype.kind == "M"]
    return found + [
        Recipe(name, "days", (), (f"{shortened(name)} counts days.",)) for name in dates
    ]


def is_text(series: pd.Series[Any]) -> bool:
    """Return whether a column holds texts, which a recipe reads."""
    return series.dtype.kind not in "biufM"


class _Words:
    """The words of a column, without outer blanks, and the number of rows with each word."""

    def __init__(self, name: str, series: pd.Series[Any]) -> None:
        self.name, self.quoted = name, shortened(name)
        self.series = series.astype(str).fillna("")
        self.raw = Counter(
            {str(each): int(rows) for each, rows in self.series.value_counts().items()}
        )
        self.counts: Counter[str] = Counter()
        for word, rows in self.raw.items():
            self.counts[word.strip()] += rows
        del self.counts[""]
        # pandas reads an empty field as a gap, and a blank as a word.
        self.has_blanks = any(word and not word.strip() for word in self.raw)

    def without(self, gaps: Iterable[str]) -> dict[str, int]:
        """Return all words except these, with their numbers of rows."""
        return {word: rows for word, rows in self.counts.items() if word not in gaps}

    def among(self, gaps: Iterable[str]) -> list[str]:
        """Return all words that are among these."""
        return [word for word in self.counts if word in gaps]

    def shape(self, separator: str) -> tuple[Shape, list[str]] | None:
        """Return how its numbers are written, and the exceptions; None if it has no numbers."""
        words = self.without(GAP_MARKS | OF_PANDAS)
        return shape_of(words, separator) if words else None

    def rows_of(self, words: Iterable[str]) -> str:
        """Return how many rows hold these words, as text."""
        return counted(sum(self.counts[each] for each in words), "row")


def _of_words(
    column: _Words, shape: tuple[Shape, list[str]] | None, options: Options, *, na_is_gap: bool
) -> Recipe:
    dates = ways_of_dates(list(column.without(GAP_MARKS | OF_PANDAS)))
    if shape and not dates and not (shape[1] and options.exceptions == "words"):
        return _number(column, *shape)
    if len(dates) == 1:
        return _days(column, dates[0])
    if options.words == "exact" or len(column.counts) > MOST_SPELLINGS:
        differs = options.words == "exact" and bool(column.among(OF_PANDAS))
        return Recipe(column.name, "words", (("exact", True),), is_needed=differs)
    recipe = _tidy(column, na_is_gap=na_is_gap)
    return (
        replace(recipe, sentences=(*recipe.sentences, _UNCLEAR.format(column.quoted)))
        if dates
        else recipe
    )


def _number(column: _Words, shape: Shape, exceptions: list[str]) -> Recipe:
    gaps = column.among(GAP_MARKS | OF_PANDAS)
    arguments: dict[str, Any] = {}
    if shape.decimal == ",":
        arguments["decimal"] = shape.decimal
    if shape.dropped:
        arguments["drop"] = shape.dropped
    if gaps or exceptions:
        arguments["gaps"] = tuple(sorted({*gaps, *exceptions}))
    is_known = not shape.dropped and not shape.has_minus and not exceptions
    return Recipe(
        column.name,
        "number",
        tuple(arguments.items()),
        (*_on_marks(column, shape), *_on_gaps(column, gaps), *_on_exceptions(column, exceptions)),
        is_needed=column.has_blanks or not is_known or not OF_PANDAS.issuperset(gaps),
        decimal=shape.decimal if shape.has_decimals else "",
        exceptions=sum(column.counts[each] for each in exceptions),
    )


def _on_marks(column: _Words, shape: Shape) -> Iterator[str]:
    if shape.thousands:
        mark = _NAMES.get(shape.thousands, "Blanks")
        yield f"{mark} in {column.quoted} group thousands."
    if shape.decimal == ",":
        yield f"Commas in {column.quoted} are decimal commas."
    if marks := [each for each in shape.marks if each.strip()]:
        yield f"{quoted(marks)} in {column.quoted} is dropped, so that numbers remain."
    if shape.has_minus:
        yield f"A dash in {column.quoted} is a minus sign."


def _on_gaps(column: _Words, gaps: list[str]) -> Iterator[str]:
    if gaps:
        count = "counts as a gap" if len(gaps) == 1 else "count as gaps"
        yield f"{quoted(gaps)} in {column.quoted} {count} ({column.rows_of(gaps)})."


def _on_exceptions(column: _Words, exceptions: list[str]) -> Iterator[str]:
    if not exceptions:
        return
    written = sum(column.without(GAP_MARKS | OF_PANDAS).values())
    numbers = written - sum(column.counts[each] for each in exceptions)
    is_one = column.series.str.strip().isin(exceptions)
    row = int(is_one.to_numpy().argmax()) + 1
    holds = f"row {row:,} holds {shortened(column.series.iloc[row - 1])}"
    more = " and others are not" if written - numbers > 1 else ""
    yield (
        f"{numbers:,} of {written:,} words in {column.quoted} are numbers; {holds}{more}, "
        "which counts as a gap."
    )


def _days(column: _Words, written: str) -> Recipe:
    gaps = column.among(GAP_MARKS | OF_PANDAS)
    arguments = {"written": written, **({"gaps": tuple(sorted(gaps))} if gaps else {})}
    example = next(iter(column.without(gaps)))
    told = f"{column.quoted} holds dates such as {shortened(example)}; they count days from 1970."
    return Recipe(column.name, "days", tuple(arguments.items()), (told, *_on_gaps(column, gaps)))


def _tidy(column: _Words, *, na_is_gap: bool) -> Recipe:
    gaps = [each for each in column.among(OF_PANDAS | {"?"}) if _is_gap(each, column, na_is_gap)]
    kept = column.among(OF_PANDAS - set(gaps))
    alike: dict[str, list[str]] = {}
    for word in column.raw:
        alike.setdefault(word.strip().casefold(), []).append(word)
    merged = [column_words[0].strip() for column_words in alike.values() if len(column_words) > 1]
    merged = [each for each in merged if each and each not in gaps]
    told = []
    if merged:
        told.append(
            f"Words of {column.quoted} that differ in case or outer blanks are one: "
            f"{quoted(merged)}."
        )
    if kept:
        told.append(f"{quoted(kept)} is a word of {column.quoted}, not a gap.")
    return Recipe(
        column.name,
        "words",
        (("gaps", tuple(sorted(gaps))),) if gaps else (),
        (*told, *_on_gaps(column, gaps)),
        is_needed=bool(column.has_blanks or merged or kept or "?" in gaps),
        spellings=len(merged),
    )


def _is_gap(word: str, column: _Words, na_is_gap: bool) -> bool:  # noqa: FBT001
    """Return whether a word that may mean a gap does, judged by the other words of its column."""
    others = column.without(OF_PANDAS | {"?"})
    if word == "None":
        return not others
    if word == "NA":
        codes = sum(bool(re.fullmatch("[A-Z]{2,3}", each)) for each in others)
        return na_is_gap or not others or codes < _MOSTLY * len(others)
    return word != "?" or any(any(map(str.isalnum, each)) for each in others)
