"""Columns that give the answer away: counters of rows, keys, and copies of the target."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tinynet.user_data.columns import Column
from tinynet.user_data.sheet import Sheet
from tinynet.user_data.words import shortened

if TYPE_CHECKING:
    import pandas as pd

FEWEST_ROWS = 10  # with fewer, a counter and a measurement look alike
_LINE = 0.999999  # a squared correlation above this is a straight line
_INDEX_NAME = re.compile(
    r"(?i:index|idx|key|no\.?|nr\.?|#|obs|row|row[._ ]?(id|number|num|names)|record|serial|"
    r"identifier|[pu]?id([._ ]?(no|nr|num|number))?|.*[._ -](id|code|key)|unnamed: .*)|.*[a-z]I[Dd]"
)


def doubt_of(sheet: Sheet, column: Column) -> str:
    """Return why a column should not be an input unless chosen; "" for other columns.

    If rows are sorted by their class, the number of a row gives its class away.
    """
    if column.rows < FEWEST_ROWS:
        return ""
    name, is_unique = shortened(column.name), column.count == column.rows
    if not column.is_number:
        return f"{name} has a different word in every row." if is_unique else ""
    if not column.is_whole or column.is_days or 2 * column.count < column.rows:
        return ""
    numbers = sheet.frame[column.name].dropna()
    if numbers.iloc[0] in (0, 1) and bool((numbers.diff().iloc[1:] == 1).all()):
        return f"{name} counts the rows."
    if not _INDEX_NAME.fullmatch(column.name.strip()):
        return ""
    every = "every row" if is_unique else "most rows"
    return f"{name} has a different whole number in {every}, as an index has."


def tells_alone(
    frame: pd.DataFrame, inputs: Sequence[str], target: str, *, classes: bool
) -> list[str]:
    """Return the inputs that determine the target of all rows, each by itself."""
    if len(frame) < FEWEST_ROWS:
        return []
    tells = _tells_class if classes else _tells_number
    return [each for each in inputs if tells(frame[each], frame[target])]


def _tells_class(series: pd.Series[Any], target: pd.Series[Any]) -> bool:
    """Return whether each word has one class, or each class has one range of numbers."""
    known = series.notna()
    series, target = series[known], target[known]
    by_value = target.groupby(series).agg(["nunique", "first"])
    if not len(by_value) or int(by_value["nunique"].max()) > 1:
        return False
    if series.dtype.kind not in "iuf":
        return 2 * len(by_value) <= len(series)
    first = by_value["first"]
    return int((first != first.shift()).sum()) == first.nunique() > 1


def _tells_number(series: pd.Series[Any], target: pd.Series[Any]) -> bool:
    """Return whether the target is a linear function of the numbers."""
    if series.dtype.kind not in "iuf" or series.nunique() <= 2:  # noqa: PLR2004 - always a line
        return False
    return bool(series.astype(float).corr(target.astype(float)) ** 2 > _LINE)
