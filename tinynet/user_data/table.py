"""A table: the rows of a file, and what is to be learned from what of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from inspect import getsource
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from tinynet.registry import data_sets
from tinynet.registry.data_sets import DataSet
from tinynet.registry.frames import columns_of
from tinynet.registry.pytorch import torch
from tinynet.registry.tasks import FORMER_NAMES, TASKS, TaskName
from tinynet.user_data.columns import Column, column_of
from tinynet.user_data.data import DataError, UserData
from tinynet.user_data.reading import shortened
from tinynet.user_data.reference import Reference, find_sheet, read_reference
from tinynet.user_data.sheet import Sheet, read_sheet

if TYPE_CHECKING:
    import pandas as pd

MOST_INPUTS = 200  # of the network, with a column for each word
FEWEST_ROWS = 2
WIDTH = 96  # characters of a line of the script
# Rows of real life are noisy: half the epochs, and a little penalty, leave more of the noise alone.
START = {**data_sets.START, "epochs": 100, "l2": 0.001, "test_share": 0.3}


@dataclass(frozen=True, repr=False)
class Table(UserData):
    """What is to be learned from a sheet; equal where the file, its name and every choice are.

    DataError for what makes no sense. `table` guesses what is not said.
    """

    sheet: Sheet
    target: str
    inputs: tuple[str, ...]  # columns, in the order of the file
    task: TaskName

    kind: ClassVar[str] = "file"

    def __post_init__(self) -> None:
        """Check what was chosen, and what is left of it."""
        _check_inputs(self.sheet, self.inputs, self.target)
        if len(self._frame) < FEWEST_ROWS:
            gaps = f": {self.gaps:,} have a gap in a column that is used" if self.gaps else ""
            needed = f"{FEWEST_ROWS} rows or more are needed"
            raise DataError(f"{needed}, and {len(self._frame)} can be used{gaps}.")
        if reason := self._target.no_target:
            raise DataError(reason)
        self._target.check_task(self.task)
        if len(self.input_names) > MOST_INPUTS:
            says = f"With a column for each word there are {len(self.input_names)} inputs"
            raise DataError(f"{says}; a network may have {MOST_INPUTS}.")

    def __repr__(self) -> str:
        """Return what it is called, how many rows it has, and what tells it from others."""
        return f"Table({self.word()}, {len(self._frame)} rows)"

    @cached_property
    def _frame(self) -> pd.DataFrame:
        """The columns that are used, in the rows that have no gap there."""
        return _complete(self.sheet, self.inputs, self.target)

    @property
    def tasks(self) -> list[TaskName]:
        """What the target can be, in these rows."""
        return self._target.tasks

    @cached_property
    def _target(self) -> Column:
        return column_of(self._frame, self.target)

    @cached_property
    def _words(self) -> list[str]:
        """The inputs that are words."""
        return [each for each in self.inputs if not self.sheet.column(each).is_number]

    @property
    def gaps(self) -> int:
        """How many rows are left out, for a gap."""
        return len(self.sheet) - len(self._frame)

    @cached_property
    def input_names(self) -> tuple[str, ...]:
        """The names of the network's inputs: of numbers, then of each word, as pandas has them."""
        import pandas as pd  # noqa: PLC0415 - half a second to import

        return tuple(pd.get_dummies(self._frame[list(self.inputs)], columns=self._words).columns)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The values of the target, by the number of their class; none of a regression."""
        return () if self.task == "regression" else tuple(map(str, self._target.known))

    def word(self) -> str:
        """Return what says which file is meant, and what was chosen; it holds no row."""
        return Reference.to(self.sheet, self.target, self.inputs, self.task).word()

    @property
    def files(self) -> Mapping[str, bytes]:
        """The file that the script reads, by its name."""
        return {self.sheet.name: self.sheet.content}

    @property
    def nbytes(self) -> int:
        """What it takes of the memory, in bytes: the sheet, and the numbers made of it."""
        return self.sheet.nbytes + 8 * len(self._frame) * (2 * len(self.input_names) + 1)

    @cached_property
    def data_set(self) -> DataSet:
        """The same as an entry of the table has it."""
        several = self.task == "multiclass"
        return DataSet(
            self.sheet.name,
            f"The rows of the file `{self.sheet.name}`, which must lie beside this notebook. Rows "
            "with gaps are\nleft out; of words, each becomes a column of its own.",
            self._draw,
            inputs=len(self.input_names),
            task=self.task,
            classes=self._target.count if several else 2,
            rows=len(self._frame),
            code="\n".join(self._code()),
            x_scaled=self._x_scaled,
            y_scaled="standardise(y, rows)" if self.task == "regression" else "",
            input_names=self.input_names,
            class_names=self.class_names,
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

    def _draw(self, generator: object = None) -> Any:  # noqa: ARG002 - nothing is left to chance
        """Return x, in float64, and y, as every data set does."""
        return self._drawn

    @cached_property
    def _drawn(self) -> Any:
        x = columns_of(self._frame[list(self.inputs)], self._words)
        if self.task == "regression":
            return x, torch.tensor(self._frame[[self.target]].to_numpy(dtype=float))
        classes = self._target.known
        y = torch.tensor([classes.index(each) for each in self._frame[self.target]])
        return x, y if self.task == "multiclass" else y.float().reshape(-1, 1)

    def _code(self) -> Iterator[str]:
        """Yield the lines of the script that make x and y; a text of the file is a literal."""
        target = repr(self.target)
        arguments = self.sheet.dialect.arguments.items()
        said = "".join(f", {name}={value!r}" for name, value in arguments)
        yield f"{getsource(columns_of)}\n"
        yield f"frame = pd.read_csv({self.sheet.name!r}{said})  # beside this file"
        yield f"inputs = {_in_lines(self.inputs)}"
        yield f"frame = frame[[*inputs, {target}]].dropna()"
        yield f"x = columns_of(frame[inputs], words={_in_lines(self._words)})"
        if self.task == "regression":
            yield f"y = torch.tensor(frame[[{target}]].to_numpy(dtype=float))"
            return
        yield f"classes = {_in_lines(self._target.known)}"
        yield f"y = torch.tensor([classes.index(each) for each in frame[{target}]])"
        if self.task == "binary":
            yield "y = y.float().reshape(-1, 1)"

    @property
    def story(self) -> str:
        """What was done to the file, in sentences."""
        numbers, words = len(self.inputs) - len(self._words), len(self.input_names)
        words -= numbers
        told = []
        if self.gaps:
            told = [f"{_counted(self.gaps, 'row')} of {len(self.sheet):,} left out, for a gap."]
        if numbers:
            scaled = "brought to mean 0 and deviation 1, as the training rows have them"
            told.append(f"{_counted(numbers, 'column')} of numbers {scaled}.")
        if words:
            made = f"made {_counted(words, 'column')} of 0 and 1, one for each word"
            told.append(f"{_counted(len(self._words), 'column')} of words {made}.")
        told.append(self._told_of_target())
        told += _left_out(self.sheet, [*self.inputs, self.target])
        return " ".join(told)

    def _told_of_target(self) -> str:
        target = shortened(self.target)
        if self.task == "regression":
            told = f"The target {target} is a number, brought to the same scale."
            counts = self._target.is_whole and self._target.count == len(self._frame)
            doubt = " Every row has another whole number there: if it only counts them, nothing can"
            return f"{told}{doubt} be learned." if counts else told
        return f"The target {target} is one of {len(self.class_names)} classes."


def table(
    source: str | Path | pd.DataFrame | Sheet,
    *,
    target: str,
    inputs: Sequence[str] | None = None,
    task: TaskName | None = None,
) -> Table:
    """Return the rows of a CSV file or a frame, for `Settings(data=…)`.

    Without inputs, all other columns that can be some are, save those of mostly gaps; without a
    task ("binary", "multiclass", "regression"), what fits the target best is it. DataError, a
    ValueError, says what is wrong.
    """
    sheet = source if isinstance(source, Sheet) else read_sheet(source)
    of_target = sheet.column(target)
    if reason := of_target.no_target:
        raise DataError(reason)
    if inputs is None:
        inputs = _likely_inputs(sheet, target)
    task = FORMER_NAMES.get(task, task) if task else None
    if task is not None and task not in TASKS:
        raise DataError(f"The task must be one of {', '.join(TASKS)}.")
    wanted = {sheet.column(each).name for each in inputs}
    ordered = tuple(each.name for each in sheet.columns if each.name in wanted)
    return Table(sheet, target, ordered, task or _likeliest_task(sheet, ordered, target))


def _likeliest_task(sheet: Sheet, inputs: Sequence[str], target: str) -> TaskName:
    """Return what fits the target best in the rows that remain; if they are too few, in all."""
    _check_inputs(sheet, inputs, target)
    remaining = column_of(_complete(sheet, inputs, target), target)
    return (remaining.tasks or sheet.column(target).tasks)[0]


def _complete(sheet: Sheet, inputs: Sequence[str], target: str) -> pd.DataFrame:
    """Return columns in the rows that have no gap there."""
    return sheet.frame[[*inputs, target]].dropna()


def read_table(word: str) -> Table:
    """Return what a word of a link means, if its file is at hand; else DataError says which."""
    reference = read_reference(word)
    sheet = find_sheet(reference)
    if sheet is None:
        raise DataError(f"{reference} are not here.")
    return chosen_again(sheet, reference)


def chosen_again(sheet: Sheet, reference: Reference) -> Table:
    """Return a sheet with what was chosen of it, or of another with the same columns."""
    names = [each.name for each in sheet.columns]
    try:
        target, *inputs = (names[each] for each in (reference.target, *reference.inputs))
    except IndexError:
        raise DataError("The link means columns that are not there.") from None
    return table(sheet, target=target, inputs=inputs, task=reference.task)


def inputs_alone(sheet: Sheet, target: str) -> list[str]:
    """Return what can be learned from without any other, the column with the fewest gaps first."""
    frame = sheet.frame
    return [
        each.name
        for each in sorted(_usable(sheet, target), key=lambda each: each.gaps)
        if len(frame.loc[frame[each.name].notna(), target].dropna().unique()) > 1
    ]


def _usable(sheet: Sheet, target: str) -> list[Column]:
    return [each for each in sheet.columns if each.name != target and not each.no_input]


def _likely_inputs(sheet: Sheet, target: str) -> list[str]:
    """Return all that can be inputs; a column of mostly gaps only where there is no other."""
    usable = _usable(sheet, target)
    known = [each for each in usable if not sheet.is_mostly_gaps(each)]
    return [each.name for each in known or usable]


def _left_out(sheet: Sheet, used: Sequence[str]) -> Iterator[str]:
    """Yield why columns are no inputs, a sentence for each."""
    for each in sheet.columns:
        if each.name in used:
            continue
        if each.no_input:
            yield f"Left out: {each.no_input}"
        elif sheet.is_mostly_gaps(each):
            rows = f"{each.gaps:,} of {len(sheet):,} rows"
            yield f"Left out: {shortened(each.name)} has a gap in {rows}."


def _check_inputs(sheet: Sheet, inputs: Sequence[str], target: str) -> None:
    if not inputs:
        raise DataError("There is no column to learn from: pick one that is not the target.")
    if target in inputs:
        raise DataError(f"The target {shortened(target)} cannot be an input too.")
    for each in inputs:
        if reason := sheet.column(each).no_input:
            raise DataError(reason)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _in_lines(values: Sequence[Any]) -> str:
    """Return values as a list, on as many lines as they need."""
    texts = list(map(repr, values))
    if sum(len(each) + 2 for each in texts) < WIDTH - 24:
        return f"[{', '.join(texts)}]"
    lines = [""]
    for text in texts:
        if lines[-1] and len(lines[-1]) + len(text) > WIDTH - 8:
            lines.append("")
        lines[-1] += f"{text}, "
    return "[\n" + "".join(f"    {line.rstrip()}\n" for line in lines) + "]"
