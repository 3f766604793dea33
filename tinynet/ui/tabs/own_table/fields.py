"""Fields for the input columns of a table: which values each can take, from the file's rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from math import floor, log10
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from tinynet.registry.data_sets import InputColumn
from tinynet.ui.text import inert_label
from tinynet.user_data import Table
from tinynet.user_data.words import shortened

MOST_FIELDS = 24  # more would be slow, and nobody would move them all
STOPS = 100  # a slider has at least so many, unless the values have fewer digits
FINEST = 6  # decimals
FINER = 2  # decimals by which a value may lie between two stops
LONGEST = 1e9  # larger numbers are written with a power of ten
FIRST_DAY = date(1970, 1, 1)
GAP = "gap"  # in an empty field
WIDTH = 144  # pixels: two beside each other on a phone


@dataclass(frozen=True)
class Range:
    """The numbers of a column: the smallest, the largest, and how finely a slider moves."""

    low: float
    high: float
    step: float
    decimals: int

    @classmethod
    def of(cls, values: npt.NDArray[np.float64]) -> Range:
        """Return the range of these values."""
        low, high = float(values.min()), float(values.max())
        decimals, step = decimals_of(values), 1.0
        if low < high:
            step = 10.0 ** floor(log10((high - low) / STOPS))
        if decimals < FINEST:
            step = max(10.0**-decimals, step)
        places = max(0, -round(log10(step))) + FINER
        decimals = min(decimals, places) if decimals < FINEST else places
        return cls(round(low, decimals), round(high, decimals), step, decimals)

    @property
    def written(self) -> str:
        """How the slider writes its numbers."""
        is_short = max(abs(self.low), abs(self.high)) < LONGEST and self.step >= 10**-FINEST
        return f"%.{self.decimals}f" if is_short else "%.4e"


def decimals_of(values: npt.NDArray[np.float64]) -> int:
    """Return how many decimals the values have, up to the finest."""
    places = range(FINEST)
    return next(
        (each for each in places if np.allclose(values.round(each), values, atol=0)), FINEST
    )


class Field:
    """The field of one column; `value` is what it holds, as a file would."""

    def __init__(self, data: Table, column: InputColumn, key: str) -> None:
        self.name, self.words, self.key = column.name, column.words, key
        self._values = data.frame[column.name].dropna()
        self._cells = data.frame[column.name]
        self._has_gaps = len(self._values) < len(self._cells)
        is_days = data.sheet.column(column.name).is_days
        self._has_dates = is_days and bool((self._values % 1 == 0).all())

    def fill(self, place: int) -> None:
        """Take the value of a row, by its place among the rows that are used."""
        value = self._cells.iloc[place]
        if pd.isna(value):
            st.session_state[self.key] = None
        elif self.words:
            st.session_state[self.key] = str(value)
        elif self._has_dates:
            st.session_state[self.key] = _date(value)
        else:
            st.session_state[self.key] = round(float(value), self._range.decimals)

    def draw(self) -> None:
        """Draw a choice, a date, a slider or, for gaps or a single number, a field to type in."""
        how: dict[str, Any] = {"key": self.key, "width": WIDTH, "persist_state": "session"}
        label = inert_label(shortened(self.name)[1:-1])
        if self.words:
            index = None if self._has_gaps else 0
            st.selectbox(label, self.words, index, placeholder=GAP, **how)
        elif self._has_dates:
            days = _date(self._values.min()), _date(self._values.max())
            how |= {"format": "YYYY-MM-DD", "required": not self._has_gaps}
            st.date_input(label, None, *days, **how)
        elif self._has_gaps:
            st.number_input(label, value=None, format=self._range.written, placeholder=GAP, **how)
        elif self._range.low < self._range.high:
            of = self._range
            st.slider(label, of.low, of.high, step=of.step, format=of.written, **how)
        else:
            st.number_input(label, format=self._range.written, **how)

    @property
    def value(self) -> Any:
        """What the field holds, as a row of a file would hold it."""
        value = st.session_state[self.key]
        if value is None:
            return None
        if isinstance(value, date):
            return (value - FIRST_DAY).days
        return value if self.words else round(float(value), self._range.decimals)

    @cached_property
    def _range(self) -> Range:
        return Range.of(self._values.to_numpy(dtype=float))


def _date(days: float) -> date:
    return FIRST_DAY + timedelta(days=float(days))
