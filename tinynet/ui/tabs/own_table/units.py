"""Numbers in the unit of the target, with one more decimal than the file has."""

from __future__ import annotations

import numpy as np

from tinynet.ui.tabs.own_table.fields import FIRST_DAY, LONGEST, decimals_of
from tinynet.user_data import Table


def number_in_unit(data: Table, number: float) -> str:
    """Return an answer, or the date of an answer in days."""
    if data.sheet.column(data.target).is_days:
        return str(np.datetime64(FIRST_DAY) + np.timedelta64(round(number), "D"))
    return size_in_unit(data, number)


def size_in_unit(data: Table, number: float) -> str:
    """Return a number in the unit of the target."""
    if abs(number) >= LONGEST:
        return f"{number:.4e}"
    return f"{number:,.{decimals_of(data.frame[data.target].to_numpy(dtype=float)) + 1}f}"
