"""A sheet -> a Table: the choices of a visitor or a link, and guesses for the open ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tinynet.registry.tasks import FORMER_NAMES, TASKS, TaskName
from tinynet.user_data.columns import Column, column_of
from tinynet.user_data.data import DataError
from tinynet.user_data.reference import Reference, find_sheet, read_reference
from tinynet.user_data.sheet import Sheet, read_sheet
from tinynet.user_data.table import Table, check_inputs, complete

if TYPE_CHECKING:
    import pandas as pd


def table(
    source: str | Path | pd.DataFrame | Sheet,
    *,
    target: str,
    inputs: Sequence[str] | str | None = None,
    task: TaskName | None = None,
) -> Table:
    """Return the rows of a CSV file or a frame, for `Settings(data=…)`.

    The default inputs are all other usable columns, except columns of mostly gaps. The default task
    ("binary", "multiclass" or "regression") fits the target best. DataError, a ValueError, says
    what is wrong.
    """
    if not isinstance(source, str | Path | Sheet) and not hasattr(source, "to_csv"):
        frame = "pandas.DataFrame(rows, columns=[…])"
        raise DataError(f"A table needs named columns, as in {frame}; or the name of a CSV file.")
    sheet = source if isinstance(source, Sheet) else read_sheet(source)
    if reason := sheet.column(target).target_refusal:
        raise DataError(reason)
    if inputs is None:
        inputs = _likely_inputs(sheet, target)
    task = FORMER_NAMES.get(task, task) if task else None
    if task is not None and task not in TASKS:
        raise DataError(f"The task must be one of {', '.join(TASKS)}.")
    inputs = [inputs] if isinstance(inputs, str) else inputs
    wanted = {sheet.column(each).name for each in inputs}
    ordered = tuple(each.name for each in sheet.columns if each.name in wanted)
    return Table(sheet, target, ordered, task or _likeliest_task(sheet, ordered, target))


def _likeliest_task(sheet: Sheet, inputs: Sequence[str], target: str) -> TaskName:
    """Return the task that fits the target best in the rows without gaps, or in all rows."""
    check_inputs(sheet, inputs, target)
    remaining = column_of(complete(sheet, inputs, target), target)
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
    names = [each.name for each in sheet.columns]
    try:
        target, *inputs = (names[each] for each in (reference.target, *reference.inputs))
    except IndexError:
        raise DataError("The link names columns that do not exist.") from None
    return table(sheet, target=target, inputs=inputs, task=reference.task)


def inputs_alone(sheet: Sheet, target: str) -> list[str]:
    """Return the columns that can be the only input, fewest gaps first."""
    frame = sheet.frame
    return [
        each.name
        for each in sorted(_usable(sheet, target), key=lambda each: each.gaps)
        if len(frame.loc[frame[each.name].notna(), target].dropna().unique()) > 1
    ]


def _usable(sheet: Sheet, target: str) -> list[Column]:
    return [each for each in sheet.columns if each.name != target and not each.input_refusal]


def _likely_inputs(sheet: Sheet, target: str) -> list[str]:
    """Return all usable columns; omit columns of mostly gaps, unless there are no others."""
    usable = _usable(sheet, target)
    known = [each for each in usable if not sheet.is_mostly_gaps(each)]
    return [each.name for each in known or usable]
