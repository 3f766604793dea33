"""A table: the rows of a file, with a target, inputs and a task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from inspect import getsource
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from tinynet.registry import data_sets
from tinynet.registry.data_sets import DataSet, InputColumn
from tinynet.registry.frames import columns_of
from tinynet.registry.pytorch import torch
from tinynet.registry.tasks import TASKS, Task, TaskName
from tinynet.user_data.columns import Column, column_of
from tinynet.user_data.data import DataError, UserData
from tinynet.user_data.reading import shortened
from tinynet.user_data.reference import Reference
from tinynet.user_data.sheet import Sheet

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

MOST_INPUTS = 200  # of the network, after one-hot encoding
FEWEST_ROWS = 2
WIDTH = 96  # characters of a line of the script
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

    kind: ClassVar[str] = "file"

    def __post_init__(self) -> None:
        """Check the choices, and the rows that remain."""
        check_inputs(self.sheet, self.inputs, self.target)
        if len(self._frame) < FEWEST_ROWS:
            gaps = f": {self.gaps:,} have a gap in a chosen column" if self.gaps else ""
            needed = f"At least {FEWEST_ROWS} rows are needed"
            raise DataError(f"{needed}, but only {len(self._frame)} can be used{gaps}.")
        if reason := self._target.target_refusal:
            raise DataError(reason)
        self._target.check_task(self.task)
        if len(self.input_names) > MOST_INPUTS:
            inputs = f"With one column for each word, there are {len(self.input_names)} inputs"
            raise DataError(f"{inputs}; a network may have {MOST_INPUTS}.")

    def __repr__(self) -> str:
        """Return its encoding and the number of rows."""
        return f"Table({self.word()}, {len(self._frame)} rows)"

    @cached_property
    def _frame(self) -> pd.DataFrame:
        """The chosen columns, in the rows without a gap."""
        return complete(self.sheet, self.inputs, self.target)

    @property
    def tasks(self) -> list[TaskName]:
        """The tasks that fit the target in these rows."""
        return self._target.tasks

    @cached_property
    def _target(self) -> Column:
        return column_of(self._frame, self.target)

    @cached_property
    def _words(self) -> list[str]:
        """The inputs with words."""
        return [each for each in self.inputs if not self.sheet.column(each).is_number]

    @property
    def _task(self) -> Task:
        return TASKS[self.task]

    @property
    def gaps(self) -> int:
        """The number of rows that are left out because of a gap."""
        return len(self.sheet) - len(self._frame)

    @cached_property
    def input_names(self) -> tuple[str, ...]:
        """The names of the network's inputs, as pandas names them: numbers, then words."""
        import pandas as pd  # noqa: PLC0415 - half a second to import

        return tuple(pd.get_dummies(self._frame[list(self.inputs)], columns=self._words).columns)

    @property
    def _columns(self) -> tuple[InputColumn, ...]:
        """The columns that new rows need, in the order of the network's inputs."""
        columns = [InputColumn(each) for each in self.inputs if each not in self._words]
        names = iter(self.input_names[len(columns) :])
        for each in self._words:
            count = self._frame[each].nunique()
            words = (name.removeprefix(f"{each}_") for name in islice(names, count))
            columns.append(InputColumn(each, tuple(words)))
        return tuple(columns)

    @property
    def row_numbers(self) -> npt.NDArray[np.int64]:
        """The number in the file of each row that is used, counted from 1 below the names."""
        return self._frame.index.to_numpy() + 1

    @property
    def class_names(self) -> tuple[str, ...]:
        """The values of the target by class index; () for a regression."""
        return tuple(map(str, self._target.known)) if self._task.has_classes else ()

    def word(self) -> str:
        """Return a reference to the file, and the choices; it contains no row."""
        return Reference.to(self.sheet, self.target, self.inputs, self.task).word()

    @property
    def files(self) -> Mapping[str, bytes]:
        """The file that the script reads, by name."""
        return {self.sheet.name: self.sheet.content}

    @property
    def nbytes(self) -> int:
        """The size of the sheet and its numbers in memory, in bytes."""
        return self.sheet.nbytes + 8 * len(self._frame) * (2 * len(self.input_names) + 1)

    @cached_property
    def data_set(self) -> DataSet:
        """The rows as a data set."""
        return DataSet(
            self.sheet.name,
            f"The rows of the file `{self.sheet.name}`, which must lie next to this notebook. Rows "
            "with gaps are\nleft out; text columns are one-hot encoded.",
            self._draw,
            inputs=len(self.input_names),
            task=self.task,
            classes=self._target.count if self._task.has_output_per_class else 2,
            rows=len(self._frame),
            code="\n".join(self._code()),
            x_scaled=self._x_scaled,
            y_scaled="" if self._task.has_classes else "standardise(y, rows)",
            input_names=self.input_names,
            class_names=self.class_names,
            columns=self._columns,
            target=self.target,
            class_values=self._target.known if self._task.has_classes else (),
            start=START,
        )

    @property
    def _x_scaled(self) -> str:
        numbers = len(self.inputs) - len(self._words)
        if not numbers:
            return "x.float()"
        if not self._words:
            return "standardise(x, rows)"
        scaled = f"standardise(x[:, :{numbers}], rows)"
        return f"torch.cat([{scaled}, x[:, {numbers}:].float()], dim=1)"

    def _draw(self, generator: object = None) -> Any:  # noqa: ARG002 - nothing is random
        """Return x and y; x is in float64."""
        return self._drawn

    @cached_property
    def _drawn(self) -> Any:
        x = columns_of(self._frame[list(self.inputs)], self._words)
        if not self._task.has_classes:
            return x, torch.tensor(self._frame[[self.target]].to_numpy(dtype=float))
        classes = self._target.known
        y = torch.tensor([classes.index(each) for each in self._frame[self.target]])
        return x, y if self._task.has_output_per_class else y.float().reshape(-1, 1)

    def _code(self) -> Iterator[str]:
        """Yield the lines of the script that create x and y; texts of the file become literals."""
        target = repr(self.target)
        arguments = self.sheet.dialect.arguments.items()
        options = "".join(f", {name}={value!r}" for name, value in arguments)
        yield f"{getsource(columns_of)}\n"
        yield f"frame = pd.read_csv({self.sheet.name!r}{options})  # next to this file"
        yield f"inputs = {_in_lines(self.inputs)}"
        yield f"frame = frame[[*inputs, {target}]].dropna()"
        yield f"x = columns_of(frame[inputs], words={_in_lines(self._words)})"
        if not self._task.has_classes:
            yield f"y = torch.tensor(frame[[{target}]].to_numpy(dtype=float))"
            return
        yield f"classes = {_in_lines(self._target.known)}"
        yield f"y = torch.tensor([classes.index(each) for each in frame[{target}]])"
        if not self._task.has_output_per_class:
            yield "y = y.float().reshape(-1, 1)"

    @property
    def story(self) -> str:
        """Sentences on how the file is used."""
        numbers, words = len(self.inputs) - len(self._words), len(self._words)
        sentences = []
        if self.gaps:
            rows = _counted(self.gaps, "row")
            sentences = [f"{rows} of {len(self.sheet):,} left out because of gaps."]
        if numbers:
            scaled = "standardised (mean and deviation of the training rows)"
            sentences.append(f"{_counted(numbers, 'numeric column')} {scaled}.")
        if words:
            columns = f"{_counted(words, 'text column')} one-hot encoded"
            sentences.append(f"{columns} into {len(self.input_names) - numbers}.")
        sentences.append(self._sentence_on_target())
        sentences += _left_out(self.sheet, [*self.inputs, self.target])
        return " ".join(sentences)

    def _sentence_on_target(self) -> str:
        target = shortened(self.target)
        if self._task.has_classes:
            return f"The target {target} is one of {len(self.class_names)} classes."
        sentence = f"The target {target} is a number, standardised too."
        is_unique = self._target.is_whole and self._target.count == len(self._frame)
        doubt = "Every row has a different whole number: if they only number the rows, there is"
        return f"{sentence} {doubt} nothing to learn." if is_unique else sentence


def complete(sheet: Sheet, inputs: Sequence[str], target: str) -> pd.DataFrame:
    """Return the chosen columns, in the rows without a gap."""
    return sheet.frame[[*inputs, target]].dropna()


def _left_out(sheet: Sheet, used: Sequence[str]) -> Iterator[str]:
    """Yield a sentence for each unused column on why it is not an input."""
    for each in sheet.columns:
        if each.name in used:
            continue
        if each.input_refusal:
            yield f"Left out: {each.input_refusal}"
        elif sheet.is_mostly_gaps(each):
            rows = f"{each.gaps:,} of {len(sheet):,} rows"
            yield f"Left out: {shortened(each.name)} has a gap in {rows}."


def check_inputs(sheet: Sheet, inputs: Sequence[str], target: str) -> None:
    """Raise DataError for columns that cannot be the inputs."""
    if not inputs:
        raise DataError("There is no column to learn from: choose one that is not the target.")
    if target in inputs:
        raise DataError(f"The target {shortened(target)} cannot be an input too.")
    for each in inputs:
        if reason := sheet.column(each).input_refusal:
            raise DataError(reason)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _in_lines(values: Sequence[Any]) -> str:
    """Return values as the code of a list, on as many lines as needed."""
    texts = list(map(repr, values))
    if sum(len(each) + 2 for each in texts) < WIDTH - 24:
        return f"[{', '.join(texts)}]"
    lines = [""]
    for text in texts:
        if lines[-1] and len(lines[-1]) + len(text) > WIDTH - 8:
            lines.append("")
        lines[-1] += f"{text}, "
    return "[\n" + "".join(f"    {line.rstrip()}\n" for line in lines) + "]"
