"""A sheet -> a Table: the choices of a visitor or a link, and guesses for open choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from tinynet.registry.tasks import FORMER_NAMES, TASKS, TaskName
from tinynet.user_data.columns import Column, column_of
from tinynet.user_data.data import DataError
from tinynet.user_data.giveaways import doubt_of
from tinynet.user_data.pixels import pixels_among
from tinynet.user_data.reference import Reference, find_sheet, read_reference
from tinynet.user_data.sheet import Sheet, read_sheet
from tinynet.user_data.table import PARTS, Table, check_inputs, complete

if TYPE_CHECKING:
    import pandas as pd


_LONGEST_REASON = 400  # characters
Gaps = Literal["rows", "columns", "fill"]


def table(  # noqa: PLR0913 - each is a choice by its name
    source: str | Path | pd.DataFrame | Sheet,
    *,
    target: str,
    inputs: Sequence[str] | str | None = None,
    task: TaskName | None = None,
    gaps: Gaps = "rows",
    exceptions: Literal["gaps", "words"] | None = None,
    words: Literal["tidy", "exact"] | None = None,
    dates: Sequence[str] = PARTS[:1],
) -> Table:
    """Return the rows of a file or a frame, for `Settings(data=…)`; `.story` says how it was read.

    A file may be CSV with any separator and encoding (also gzipped), an Excel workbook, Parquet,
    or JSON records. The default inputs are all usable columns except the target, columns of mostly
    gaps, row counters and keys. The default task ("binary", "multiclass" or "regression") fits the
    target best. `gaps` leaves out rows with gaps or columns with gaps, or fills gaps in inputs from
    the training rows. `exceptions` says whether a few words in a column of numbers are gaps, or
    make it a column of words. `words="exact"` distinguishes words by case and outer blanks. `dates`
    lists what dates become: "days", "year", "month", "weekday". DataError, a ValueError, says what
    is wrong.
    """
    if not isinstance(source, str | Path | Sheet) and not hasattr(source, "to_csv"):
        frame = "pandas.DataFrame(rows, columns=[…])"
        raise DataError(f"A table needs named columns, as in {frame}; or the name of a CSV file.")
    sheet = source if isinstance(source, Sheet) else read_sheet(source)
    _check_choices(gaps, exceptions, words, dates)
    changed = {"exceptions": exceptions, "words": words}
    options: dict[str, Any] = {name: each for name, each in changed.items() if each}
    if options:
        sheet = sheet.read_as(replace(sheet.options, **options))
    if reason := sheet.column(target).target_refusal:
        raise DataError(reason)
    target = sheet.column(target).name
    if inputs is None:
        inputs = _likely_inputs(sheet, target)
    wanted = {sheet.column(each).name for each in ([inputs] if isinstance(inputs, str) else inputs)}
    if gaps == "columns":
        wanted = {each for each in wanted if not sheet.column(each).gaps}
    ordered = tuple(each.name for each in sheet.columns if each.name in wanted)
    task = FORMER_NAMES.get(task, task) if task else None
    if task is not None and task not in TASKS:
        raise DataError(f"The task must be one of {', '.join(TASKS)}.")
    fills, parts = gaps == "fill", tuple(each for each in PARTS if each in dates)
    likely = task or _likeliest_task(sheet, ordered, target, fills=fills)
    return Table(sheet, target, ordered, likely, fills, parts)


def _check_choices(
    gaps: str, exceptions: str | None, words: str | None, dates: Sequence[str]
) -> None:
    _check_choice("gaps", gaps, get_args(Gaps))
    _check_choice("exceptions", exceptions or "gaps", ("gaps", "words"))
    _check_choice("words", words or "tidy", ("tidy", "exact"))
    if isinstance(dates, str) or not dates or not set(dates) <= set(PARTS):
        raise DataError(f"dates must be some of {', '.join(PARTS)}.")


def _check_choice(name: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise DataError(f"{name} must be {' or '.join(map(repr, allowed))}, not {value!r}.")


def _likeliest_task(sheet: Sheet, inputs: Sequence[str], target: str, *, fills: bool) -> TaskName:
    """Return the task that fits the target best in the used rows; if none fits, in all rows."""
    check_inputs(sheet, inputs, target)
    is_days = sheet.column(target).is_days
    remaining = column_of(complete(sheet, inputs, target, fills=fills), target, is_days=is_days)
    return (remaining.tasks or sheet.column(target).tasks)[0]


def read_table(word: str) -> Table:
    """Return the table that a link encodes; DataError if its file is missing."""
    reference = read_reference(word)
    sheet = find_sheet(reference)
    if sheet is None:
        raise DataError(f"The file {reference} is not here.")
    return table_from(sheet, reference)


def table_from(sheet: Sheet, reference: Reference) -> Table:
    """Return a table of a sheet, with a reference's choices; they must fit its columns."""
    sheet = sheet.read_as(reference.options)
    names = [each.name for each in sheet.columns]
    try:
        target, *inputs = (names[each] for each in (reference.target, *reference.inputs))
    except IndexError:
        raise DataError("The link names columns that do not exist.") from None
    gaps: Gaps = "fill" if reference.fills else "rows"
    return table(
        sheet, target=target, inputs=inputs, task=reference.task, gaps=gaps, dates=reference.parts
    )


def inputs_alone(sheet: Sheet, target: str) -> list[str]:
    """Return the columns that can be the only input, fewest gaps first, and counters last."""
    frame = sheet.frame

    def rank(column: Column) -> tuple[bool, int]:
        return bool(doubt_of(sheet, column)), column.gaps

    return [
        each.name
        for each in sorted(_usable(sheet, target), key=rank)
        if len(frame.loc[frame[each.name].notna(), target].dropna().unique()) > 1
    ]


def _usable(sheet: Sheet, target: str) -> list[Column]:
    return [each for each in sheet.columns if each.name != target and not each.input_refusal]


def _likely_inputs(sheet: Sheet, target: str) -> list[str]:
    """Return the usable columns, without mostly empty columns and keys if any others remain."""
    others = [each.name for each in sheet.columns if each.name != target]
    if pixels_among(sheet.frame, others):
        return others
    usable = _usable(sheet, target)
    if not usable:
        reasons = " ".join(each.input_refusal for each in sheet.columns if each.name != target)
        raise DataError(f"There is no column to learn from. {reasons}"[:_LONGEST_REASON])
    known = [each for each in usable if not sheet.is_mostly_gaps(each)] or usable
    sound = [each for each in known if not doubt_of(sheet, each)]
    return [each.name for each in sound or known]
