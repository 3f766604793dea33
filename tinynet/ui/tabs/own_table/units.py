"""Numbers in the unit of the target, as the file writes them."""

from __future__ import annotations

import numpy as np

from tinynet.ui.tabs.own_table.fields import FIRST_DAY, LONGEST, decimals_of
from tinynet.user_data import Table

FINER = 1  # more decimals than the file has


def number_in_unit(data: Table, number: float, finer: int = FINER) -> str:
    """Return an answer or a target; days since 1970 become a date."""
    if data.sheet.column(data.target).is_days and np.isfinite(number):
        return str(np.datetime64(FIRST_DAY) + np.timedelta64(round(number), "D"))
    return size_in_unit(data, number, finer)


def size_in_unit(data: Table, number: float, finer: int = FINER) -> str:
    """Return the size of an error."""
    is_long = abs(number) >= LONGEST
    return f"{number:.4e}" if is_long else f"{number:,.{decimals_in(data, finer)}f}"


def decimals_in(data: Table, finer: int = FINER) -> int:
    """Return how many decimals the targets have, and some more."""
    return decimals_of(data.frame[data.target].to_numpy(dtype=float)) + finer
