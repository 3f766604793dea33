"""Numbers in the unit of the target, as the file writes them."""

from __future__ import annotations

import numpy as np

from tinynet.ui.tabs.own_table.fields import FIRST_DAY, LONGEST, decimals_of
from tinynet.user_data import Table

SMALLEST = 1e-3  # smaller numbers are written with a power of ten
FINER = 1  # more decimals than the file has


def number_in_unit(data: Table, number: float, finer: int = FINER) -> str:
    """Return an answer or a target; days since 1970 become a date."""
    if data.sheet.column(data.target).is_days and np.isfinite(number):
        return str(np.datetime64(FIRST_DAY) + np.timedelta64(round(number), "D"))
    return size_in_unit(data, number, finer)


def size_in_unit(data: Table, number: float, finer: int = FINER) -> str:
    """Return the size of an error."""
    return f"{number:.4e}" if _is_extreme(data) else f"{number:,.{decimals_in(data, finer)}f}"


def format_in_unit(data: Table) -> str:
    """Return the same as a format of a table's column."""
    return "%.4e" if _is_extreme(data) else f"%.{decimals_in(data, FINER)}f"


def decimals_in(data: Table, finer: int) -> int:
    """Return how many decimals the targets have, and some more."""
    return decimals_of(data.frame[data.target].to_numpy(dtype=float)) + finer


def _is_extreme(data: Table) -> bool:
    """Return whether the targets need a power of ten to be read."""
    return not SMALLEST <= data.frame[data.target].abs().max() < LONGEST
