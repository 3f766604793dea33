"""New rows for a trained network -> the numbers of its inputs; DataError for unusable rows.

Each column is read as the same column of the table was. Words are matched by their text, so that
`True` in a frame matches "True" in a file.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tinynet.registry.data_sets import InputColumn
from tinynet.registry.frames import dates_as
from tinynet.user_data.data import DataError
from tinynet.user_data.recipes import Recipe, is_text
from tinynet.user_data.sheet import Sheet, read_sheet
from tinynet.user_data.words import shortened

if TYPE_CHECKING:
    import pandas as pd

    NewRows = pd.DataFrame | Sheet | str | Path | npt.ArrayLike

NAMED = 6  # columns or words that a message lists
ROWS_AND_COLUMNS = 2  # dimensions
_RULES = {"number": "it must be a number", "days": "it must be a date, written as in the table"}


def frame_of(
    rows: NewRows, columns: Sequence[InputColumn], readings: Mapping[str, Recipe]
) -> pd.DataFrame:
    """Return these columns of new rows from a file, a frame, or an array of only these columns."""
    import pandas as pd  # noqa: PLC0415 - half a second to import

    wanted = [each.name for each in columns]
    if isinstance(rows, str | Path):
        rows = read_sheet(rows)
    if isinstance(rows, Sheet):
        written, read = rows.written, rows.frame
    elif isinstance(rows, pd.DataFrame):
        written = read = rows
    else:
        written = read = _from_array(np.asarray(rows), wanted)
    read, written = (_chosen(each, wanted) for each in (read, written))
    made = [
        _read(read[name], written[name], readings.get(name), words) for name, words, *_ in columns
    ]
    return pd.concat(made, axis=1)


def rows_answered(frame: pd.DataFrame, columns: Sequence[InputColumn]) -> pd.DataFrame:
    """Return the rows without gaps, except gaps that are filled; number them from 0."""
    filled = {each.needed for each in columns if each.part == "gap"}
    whole = {each.needed for each in columns} - filled
    return frame.reset_index(drop=True).dropna(subset=list(whole))


def encoded(frame: pd.DataFrame, columns: Sequence[InputColumn]) -> npt.NDArray[np.float64]:
    """Return the numbers and the one-hot words of rows, before filling and scaling.

    The index of the frame numbers the rows from 0.
    """
    return np.concatenate([_encoded(frame, each) for each in columns], axis=1)


def _chosen(frame: pd.DataFrame, wanted: Sequence[str]) -> pd.DataFrame:
    """Return the columns that are needed."""
    frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
    names = list(frame.columns)
    if missing := [each for each in wanted if each not in names]:
        raise DataError(f"The rows lack {_listed(missing)}. They have {_listed(names)}.")
    if twice := [each for each in wanted if names.count(each) > 1]:
        raise DataError(f"The rows have more than one column {shortened(twice[0])}.")
    return frame[wanted].infer_objects()


def _from_array(array: npt.NDArray[Any], names: list[str]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    if array.ndim != ROWS_AND_COLUMNS or array.shape[1] != len(names):
        shape = " × ".join(map(str, array.shape)) or "a single value"
        raise DataError(f"An array must be rows × {len(names)} ({_listed(names)}), not {shape}.")
    return pd.DataFrame(array, columns=names)


def _read(
    values: pd.Series[Any], written: pd.Series[Any], recipe: Recipe | None, words: Sequence[str]
) -> pd.Series[Any]:
    """Return a column, read with the recipe of the same column of the table."""
    if values.dtype.kind == "M":
        days: pd.Series[Any] = Recipe(str(values.name), "days").applied_to(values)
        return days
    if recipe is None or not is_text(written):
        return values
    recipe = recipe.for_new_rows(words)
    if recipe.kind == "days" and "written" not in dict(recipe.arguments):
        return values
    try:
        return _spelled(recipe.applied_to(written), recipe, words)
    except ValueError:
        first = _first_unread(recipe, written)
        valid = np.arange(len(written)) != first
        _check(written.reset_index(drop=True), valid, recipe.column, _RULES[recipe.kind])
        raise


def _first_unread(recipe: Recipe, written: pd.Series[Any]) -> int:
    """Return the place of the first row that the recipe cannot read; reading each alone is slow."""
    rows = range(len(written))
    return bisect_left(rows, x=True, key=lambda at: not _can_read(recipe, written.iloc[: at + 1]))


def _can_read(recipe: Recipe, written: pd.Series[Any]) -> bool:
    try:
        recipe.applied_to(written)
    except ValueError:
        return False
    return True


def _spelled(values: pd.Series[Any], recipe: Recipe, words: Sequence[str]) -> pd.Series[Any]:
    """Return words as the table spells them, unless it distinguishes them by case."""
    if recipe.kind != "words" or "exact" in dict(recipe.arguments):
        return values
    spelled = {each.casefold(): each for each in words}
    return values.map(lambda word: spelled.get(word.casefold(), word), na_action="ignore")


def with_parts(frame: pd.DataFrame, columns: Sequence[InputColumn]) -> pd.DataFrame:
    """Return the frame with the parts of dates."""
    parts = [each for each in columns if each.part not in ("", "gap")]
    for date in dict.fromkeys(each.source for each in parts):
        try:
            of_date = ["days", *(each.part for each in parts if each.source == date)]
            frame = dates_as(frame, [date], of_date)  # type: ignore[no-untyped-call]
        except (ValueError, OverflowError):
            raise DataError(f"{shortened(date)} holds a value that is not a date.") from None
    return frame


def _encoded(frame: pd.DataFrame, column: InputColumn) -> npt.NDArray[np.float64]:
    if column.part == "gap":
        return frame[[column.source]].isna().to_numpy(dtype=float)
    values = frame[column.name]
    return _one_hot(values, column) if column.words else _numbers(values, column.name)


def _numbers(values: pd.Series[Any], name: str) -> npt.NDArray[np.float64]:
    import pandas as pd  # noqa: PLC0415

    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    _check(values, np.isfinite(numbers) | values.isna().to_numpy(), name, _RULES["number"])
    return numbers[:, None]


def _one_hot(values: pd.Series[Any], column: InputColumn) -> npt.NDArray[np.float64]:
    gaps = values.isna().to_numpy()
    texts = values.astype(str).fillna("").to_numpy(dtype=str)
    one_hot = texts[:, None] == np.array(column.words)
    known = f"the network knows {_listed(column.words)}"
    _check(values, one_hot.any(axis=1) | gaps, column.name, known)
    return np.where(gaps[:, None], np.nan, one_hot)


def _check(values: pd.Series[Any], valid: npt.NDArray[np.bool_], name: str, rule: str) -> None:
    """Raise DataError for the first row that is not valid."""
    if not valid.all():
        place = int(valid.argmin())
        row = f"Row {values.index[place] + 1:,} of {shortened(name)}"
        raise DataError(f"{row} holds {shortened(values.iloc[place])}; {rule}.")


def _listed(texts: Sequence[object]) -> str:
    return ", ".join(_first(texts))


def _first(texts: Sequence[object]) -> Iterator[str]:
    yield from map(shortened, texts[:NAMED])
    if len(texts) > NAMED:
        yield f"and {len(texts) - NAMED:,} more"
