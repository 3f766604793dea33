"""New rows for a trained network -> the numbers of its inputs; DataError for unusable rows.

Words are matched by their text, so that `True` in a frame matches "True" in a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tinynet.registry.data_sets import InputColumn
from tinynet.user_data.data import DataError
from tinynet.user_data.sheet import read_sheet
from tinynet.user_data.words import shortened

if TYPE_CHECKING:
    import pandas as pd

NAMED = 6  # columns or words that a message lists
ROWS_AND_COLUMNS = 2  # dimensions


def frame_of(
    rows: pd.DataFrame | str | Path | npt.ArrayLike, columns: Sequence[InputColumn]
) -> pd.DataFrame:
    """Return these columns of new rows from a file, a frame, or an array of only these columns."""
    import pandas as pd  # noqa: PLC0415 - half a second to import

    wanted = [each.name for each in columns]
    if isinstance(rows, str | Path):
        rows = read_sheet(rows).frame
    if not isinstance(rows, pd.DataFrame):
        return _from_array(np.asarray(rows), wanted)
    frame = rows.set_axis([str(name) for name in rows.columns], axis=1)
    names = list(frame.columns)
    if missing := [each for each in wanted if each not in names]:
        raise DataError(f"The rows lack {_listed(missing)}. They have {_listed(names)}.")
    if twice := [each for each in wanted if names.count(each) > 1]:
        raise DataError(f"The rows have more than one column {shortened(twice[0])}.")
    return frame[wanted]


def encoded(frame: pd.DataFrame, columns: Sequence[InputColumn]) -> npt.NDArray[np.float64]:
    """Return the numbers and the one-hot words of rows without gaps, before scaling.

    The index of the frame numbers the rows from 0.
    """
    return np.concatenate([_encoded(frame[each.name], each) for each in columns], axis=1)


def _from_array(array: npt.NDArray[Any], names: list[str]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    if array.ndim != ROWS_AND_COLUMNS or array.shape[1] != len(names):
        shape = " × ".join(map(str, array.shape)) or "a single value"
        raise DataError(f"An array must be rows × {len(names)} ({_listed(names)}), not {shape}.")
    return pd.DataFrame(array, columns=names)


def _encoded(values: pd.Series[Any], column: InputColumn) -> npt.NDArray[np.float64]:
    return _one_hot(values, column) if column.words else _numbers(values, column.name)


def _numbers(values: pd.Series[Any], name: str) -> npt.NDArray[np.float64]:
    import pandas as pd  # noqa: PLC0415

    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    _check(values, np.isfinite(numbers), name, "it must be a number")
    return numbers[:, None]


def _one_hot(values: pd.Series[Any], column: InputColumn) -> npt.NDArray[np.float64]:
    texts = values.astype(str).to_numpy(dtype=str)
    one_hot = texts[:, None] == np.array(column.words)
    _check(values, one_hot.any(axis=1), column.name, f"the network knows {_listed(column.words)}")
    return np.asarray(one_hot, dtype=np.float64)


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
