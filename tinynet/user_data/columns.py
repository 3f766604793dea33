"""A frame -> the kind and the possible roles of each column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tinynet.registry.tasks import TASKS, TaskName
from tinynet.user_data.data import DataError
from tinynet.user_data.limits import LONGEST
from tinynet.user_data.words import shortened

if TYPE_CHECKING:
    import pandas as pd

MOST_WORDS = 20  # different words of an input
MOST_CLASSES = 10
LARGEST = 1e30
TWO = 2
_COUNTED = {"binary": "two different values", "multiclass": f"3 to {MOST_CLASSES} different values"}


@dataclass(frozen=True)
class Column:
    """The kind of a column in a file; `known` has no gaps."""

    name: str
    is_number: bool
    gaps: int
    count: int  # the number of different values
    known: tuple[Any, ...]  # the different values, sorted; () if there are too many for classes
    refusal: str = ""  # a sentence on why the column is unusable
    is_whole: bool = False  # whether all values are whole numbers
    is_days: bool = False  # whether the numbers count the days since 1970
    rows: int = 0  # the number of rows without gaps

    @property
    def input_refusal(self) -> str:
        """A sentence on why the column cannot be an input; "" if it can."""
        if self.refusal:
            return self.refusal
        if self.count <= 1:
            how = "the same in all rows" if self.count else "empty"
            return f"{shortened(self.name)} is {how}."
        return self._too_many_words(shortened(self.name), "an input", MOST_WORDS)

    @property
    def target_refusal(self) -> str:
        """A sentence on why the column cannot be the target; "" if it can."""
        if self.refusal:
            return self.refusal
        if self.count <= 1:
            return f"The target {shortened(self.name)} is the same in all rows: nothing to learn."
        return self._too_many_words(f"The target {shortened(self.name)}", "a target", MOST_CLASSES)

    def _too_many_words(self, name: str, role: str, most: int) -> str:
        if self.is_number or self.count <= most:
            return ""
        return f"{name} has {self.count:,} different words; {role} may have {most}."

    @property
    def tasks(self) -> list[TaskName]:
        """The tasks that can have this column as the target, the likeliest first."""
        if self.refusal or self.count <= 1:
            return []
        if self.is_number and (self.is_days or TWO < self.count == self.rows):
            few = TWO < self.count <= MOST_CLASSES and self.is_whole and not self.is_days
            return ["regression", "multiclass"] if few else ["regression"]
        tasks: list[TaskName] = []
        if self.count == TWO:
            tasks = ["binary"]
        elif TWO < self.count <= MOST_CLASSES and (self.is_whole or not self.is_number):
            tasks = ["multiclass"]
        if self.is_number:
            tasks.append("regression")
        return tasks

    def check_task(self, task: TaskName) -> None:
        """Raise DataError for a task that cannot have this column as the target."""
        if task not in self.tasks:
            needs = _COUNTED.get(task, "numbers")
            has = f"{self.count:,} different {'numbers' if self.is_number else 'words'}"
            message = f"“{TASKS[task].label}” needs {needs}"
            raise DataError(f"{message}; the target {shortened(self.name)} has {has}.")


def column_of(frame: pd.DataFrame, name: str, *, is_days: bool = False) -> Column:
    """Return the column of this name in a frame."""
    series = frame[name]
    known = series.dropna()
    is_number = series.dtype.kind in "iuf"
    refusal = _refused_number(name, known) if is_number else _refused_word(name, known)
    values = known.unique().tolist()
    few = values if len(values) <= MOST_WORDS else []
    return Column(
        name,
        is_number,
        gaps=len(series) - len(known),
        count=len(values),
        known=tuple(sorted(few, key=None if is_number else str)),
        refusal=refusal,
        is_whole=is_number and not refusal and all(each == int(each) for each in values),
        is_days=is_days,
        rows=len(known),
    )


def _refused_number(name: str, known: pd.Series[Any]) -> str:
    too_large = known[known.abs() > LARGEST]
    if not len(too_large):
        return ""
    where = f"{_row_of(too_large)} of {shortened(name)} holds {too_large.iloc[0]}"
    return f"{where}; a number may be {LARGEST:g} at most."


def _refused_word(name: str, known: pd.Series[Any]) -> str:
    words = known.astype(str)
    formulas = words[words.str.startswith("=")]
    if len(formulas):
        where = f"{_row_of(formulas)} of {shortened(name)} holds a formula"
        formula = shortened(formulas.iloc[0])
        return f"{where}, {formula}. Formulas are not calculated: save its value."
    long = words[words.str.len() > LONGEST]
    if len(long):
        where = (
            f"{_row_of(long)} of {shortened(name)} holds a text of {len(long.iloc[0]):,} characters"
        )
        return f"{where}; a word may have {LONGEST}."
    return ""


def _row_of(rows: pd.Series[Any]) -> str:
    """Return the number of the first row, counted from 1 below the names."""
    return f"Row {int(rows.index[0]) + 1}"
