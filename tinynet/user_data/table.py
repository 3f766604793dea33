"""A table: the rows of a file, with a target, inputs and a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from tinynet.registry import data_sets
from tinynet.registry.data_sets import DataSet, InputColumn
from tinynet.registry.frames import columns_of, columns_with_gaps, dates_as
from tinynet.registry.pytorch import torch
from tinynet.registry.tasks import TASKS, Task, TaskName
from tinynet.user_data.code import code_of
from tinynet.user_data.columns import Column, column_of
from tinynet.user_data.data import DataError, UserData
from tinynet.user_data.pixels import START_OF_PIXELS, Pixels, pixels_among
from tinynet.user_data.recipes import Recipe
from tinynet.user_data.reference import Reference, choices_of
from tinynet.user_data.sheet import Sheet
from tinynet.user_data.story import story_of
from tinynet.user_data.words import shortened

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

MOST_INPUTS = 200  # of the network, after one-hot encoding
FEWEST_ROWS = 2
PARTS = ("days", "year", "month", "weekday")  # what a date can become
_PARTS_IN_WORDS = ("month", "weekday")
# Real rows are noisy: fewer epochs and a small penalty fit less of the noise.
START = {**data_sets.START, "epochs": 100, "l2": 0.001, "test_share": 0.3}


@dataclass(frozen=True, repr=False)
class Table(UserData):
    """A sheet with a target, inputs and a task; DataError for invalid choices.

    Tables are equal if their files, file names and choices are equal.
    """

    sheet: Sheet
    target: str
    inputs: tuple[str, ...]  # columns in the order of the file
    task: TaskName
    fills: bool = False  # whether gaps of inputs are filled; otherwise their rows are left out
    parts: tuple[str, ...] = PARTS[:1]  # what dates become

    kind: ClassVar[str] = "file"

    def __post_init__(self) -> None:
        """Check the choices, and the rows that remain."""
        check_inputs(self.sheet, self.inputs, self.target)
        for name in (f"{date} ({part})" for date in self.dates for part in self.parts):
            if name in self.inputs:
                raise DataError(f"A part of a date would be called {shortened(name)}: rename it.")
        if len(self.frame) < FEWEST_ROWS:
            gaps = f": {self.gaps:,} have a gap in a chosen column" if self.gaps else ""
            needed = f"At least {FEWEST_ROWS} rows are needed"
            way = " Fill the gaps, or choose other columns." if self.gaps and not self.fills else ""
            raise DataError(f"{needed}, but only {len(self.frame)} can be used{gaps}.{way}")
        if reason := self._target.target_refusal:
            left = f" {self.gaps:,} rows with gaps are left out." if self.gaps else ""
            raise DataError(f"{reason}{left}")
        self._target.check_task(self.task)
        if len(self.input_names) > MOST_INPUTS:
            inputs = f"With one column for each word, there are {len(self.input_names)} inputs"
            raise DataError(f"{inputs}; a network may have {MOST_INPUTS}. Choose fewer columns.")

    def __repr__(self) -> str:
        """Return the encoding of the table, and the number of its rows."""
        return f"Table({self.word()}, {len(self.frame)} rows)"

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The chosen columns, in the rows that are used."""
        return complete(self.sheet, self.inputs, self.target, fills=self.fills)

    @property
    def tasks(self) -> list[TaskName]:
        """The tasks that fit the target in these rows."""
        return self._target.tasks

    @cached_property
    def _target(self) -> Column:
        is_days = self.sheet.column(self.target).is_days
        return column_of(self.frame, self.target, is_days=is_days)

    @cached_property
    def dates(self) -> list[str]:
        """The inputs with dates; none if dates become only days."""
        is_plain = self.parts == PARTS[:1]
        return [each for each in self.inputs if not is_plain and self.sheet.column(each).is_days]

    @cached_property
    def words(self) -> list[str]:
        """The columns of words that become a column for each word."""
        words = [each for each in self.inputs if not self.sheet.column(each).is_number]
        parts = [each for each in _PARTS_IN_WORDS if each in self.parts]
        return words + [f"{date} ({part})" for date in self.dates for part in parts]

    @cached_property
    def widths(self) -> list[int]:
        """How many columns each column of words becomes."""
        columns = self._columns
        return [columns[each].nunique() for each in self.words]

    @property
    def count_of_numbers(self) -> int:
        """The number of columns that are numbers."""
        return len(self._columns.columns) - len(self.words)

    @cached_property
    def filled(self) -> list[str]:
        """The columns whose gaps are filled."""
        gaps = self._columns.isna().any()
        return [str(each) for each in gaps.index if gaps[each]]

    @property
    def _columns(self) -> pd.DataFrame:
        """The inputs, with dates split into their parts."""
        frame = self.frame[list(self.inputs)]
        return dates_as(frame, self.dates, self.parts) if self.dates else frame

    @cached_property
    def pixels(self) -> Pixels | None:
        """The picture that the inputs form; None if they form none."""
        return pixels_among(self.sheet.frame, self.inputs)

    @property
    def _task(self) -> Task:
        return TASKS[self.task]

    @property
    def gaps(self) -> int:
        """The number of rows that are left out because of a gap."""
        return len(self.sheet) - len(self.frame)

    @cached_property
    def input_names(self) -> tuple[str, ...]:
        """The names of the network's inputs, as pandas names them: numbers, then words."""
        import pandas as pd  # noqa: PLC0415 - half a second to import

        encoded = pd.get_dummies(self._columns, columns=self.words).columns
        return (*encoded, *(f"{each} is missing" for each in self.filled))

    @property
    def columns(self) -> tuple[str, ...]:
        """The inputs and the target."""
        return (*self.inputs, self.target)

    @property
    def recipes(self) -> list[Recipe]:
        """The recipes of the chosen columns."""
        return [each for each in self.sheet.recipes if each.column in self.columns]

    @property
    def classes(self) -> tuple[Any, ...]:
        """The values of the target, sorted; in use only if they are classes."""
        return self._target.known

    @property
    def _input_columns(self) -> tuple[InputColumn, ...]:
        """The columns that become the network's inputs, in their order."""
        made = {f"{date} ({part})": (date, part) for date in self.dates for part in self.parts}
        numbers = [str(each) for each in self._columns.columns if each not in self.words]
        columns = [InputColumn(each, (), *made.get(each, ())) for each in numbers]
        names = iter(self.input_names[len(columns) :])
        for each, count in zip(self.words, self.widths, strict=True):
            words = (name.removeprefix(f"{each}_") for name in islice(names, count))
            columns.append(InputColumn(each, tuple(words), *made.get(each, ())))
        for name, each in zip(names, self.filled, strict=True):
            columns.append(InputColumn(name, (), made.get(each, (each,))[0], "gap"))
        return tuple(columns)

    @property
    def readings(self) -> Mapping[str, Recipe]:
        """How the words of each input column were read."""
        return {each: self.sheet.told[each] for each in self.inputs if each in self.sheet.told}

    @property
    def row_numbers(self) -> npt.NDArray[np.int64]:
        """The file's row number of each used row, counted from 1 below the names."""
        return self.frame.index.to_numpy() + 1

    @property
    def class_names(self) -> tuple[str, ...]:
        """The values of the target by class index; () for a regression."""
        return tuple(map(str, self._target.known)) if self._task.has_classes else ()

    def word(self) -> str:
        """Return a reference to the file, and the choices; it contains no row."""
        choices = choices_of(self.sheet, self.parts, fills=self.fills)
        return Reference.to(self.sheet, self.target, self.inputs, self.task, choices).word()

    @property
    def files(self) -> Mapping[str, bytes]:
        """The file that the script reads, by name."""
        return {self.sheet.file: self.sheet.content}

    @property
    def nbytes(self) -> int:
        """The size of the sheet and its numbers in memory, in bytes."""
        return self.sheet.nbytes + 8 * len(self.frame) * (2 * len(self.input_names) + 1)

    @cached_property
    def data_set(self) -> DataSet:
        """The rows as a data set."""
        return DataSet(
            self.sheet.name,
            f"The rows of the file `{self.sheet.name}`, which must lie next to this notebook. "
            f"{self._gaps_in_words}\nText columns are one-hot encoded.",
            self._draw,
            inputs=len(self.input_names),
            task=self.task,
            classes=self._target.count if self._task.has_output_per_class else 2,
            rows=len(self.frame),
            code="\n".join(code_of(self)),
            x_scaled=self._x_scaled,
            y_scaled="" if self._task.has_classes else "standardise(y, rows)",
            x_usual=self._x_usual,
            input_names=self.input_names,
            class_names=self.class_names,
            columns=self._input_columns,
            target=self.target,
            class_values=self._target.known if self._task.has_classes else (),
            start=START_OF_PIXELS if self.pixels else START,
        )

    @property
    def _gaps_in_words(self) -> str:
        return "Gaps are filled below." if self.filled else "Rows with gaps are left out."

    @property
    def _x_usual(self) -> str:
        numbers = self.count_of_numbers
        return f"usual_of(x, rows, numbers={numbers}, words={self.widths})" if self.filled else ""

    @property
    def _x_scaled(self) -> str:
        numbers = self.count_of_numbers
        if self.pixels:
            return self.pixels.scaled
        if not numbers:
            return "x.float()"
        if numbers == len(self.input_names):
            return "standardise(x, rows)"
        scaled = f"standardise(x[:, :{numbers}], rows)"
        return f"torch.cat([{scaled}, x[:, {numbers}:].float()], dim=1)"

    def _draw(self, generator: object = None) -> Any:  # noqa: ARG002 - nothing is random
        """Return x and y; x is in float64."""
        return self._drawn

    @cached_property
    def _drawn(self) -> Any:
        encode = columns_with_gaps if self.filled else columns_of
        x = encode(self._columns, self.words)
        if not self._task.has_classes:
            return x, torch.tensor(self.frame[[self.target]].to_numpy(dtype=float, copy=True))
        classes = self._target.known
        y = torch.tensor([classes.index(each) for each in self.frame[self.target]])
        return x, y if self._task.has_output_per_class else y.float().reshape(-1, 1)

    @cached_property
    def story(self) -> str:
        """Sentences on how the file is read and used."""
        return story_of(self)


def complete(
    sheet: Sheet, inputs: Sequence[str], target: str, *, fills: bool = False
) -> pd.DataFrame:
    """Return the chosen columns, in the rows without gaps or with gaps that are filled."""
    frame = sheet.frame[[*inputs, target]]
    return frame.dropna(subset=[target] if fills else None)


def check_inputs(sheet: Sheet, inputs: Sequence[str], target: str) -> None:
    """Raise DataError for columns that cannot be the inputs."""
    if not inputs:
        raise DataError("There is no column to learn from: choose one that is not the target.")
    if target in inputs:
        raise DataError(f"The target {shortened(target)} cannot be an input too.")
    refusals = [sheet.column(each).input_refusal for each in inputs]
    # A pixel at the edge of a picture may be the same in all rows.
    if any(refusals) and not pixels_among(sheet.frame, inputs):
        raise DataError(next(filter(None, refusals)))
