"""A table without its rows: what a saved network says about the file that it was trained on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from tinynet.registry.data_sets import DataSet, InputColumn
from tinynet.registry.tasks import TASKS, TaskName
from tinynet.user_data.data import DataError, UserData
from tinynet.user_data.recipes import Recipe


@dataclass(frozen=True, repr=False)
class AbsentTable(UserData):
    """The columns of a table without its rows; no run can train on it, and no link can hold it."""

    reference: str  # the encoding of the table in an address
    name: str  # of the file
    target: str
    task: TaskName
    rows: int
    columns: tuple[InputColumn, ...]
    classes: tuple[Any, ...]  # as the file has them; () for a regression
    recipes: tuple[tuple[Any, ...], ...] = ()  # the first fields of each recipe

    kind: ClassVar[str] = "file"

    def __repr__(self) -> str:
        """Return the name of the file and the number of rows."""
        return f"AbsentTable({self.name}, {self.rows} rows)"

    @classmethod
    def of(cls, data: UserData) -> AbsentTable:
        """Return what remains of a table without its rows."""
        data_set = data.data_set
        columns, classes, rows = data_set.columns, data_set.class_values, data_set.rows or 0
        labels = data_set.label, data_set.target, data_set.task
        recipes = tuple((each.column, each.kind, each.arguments) for each in data.readings.values())
        return cls(data.word(), *labels, rows, columns, classes, recipes)

    @property
    def readings(self) -> Mapping[str, Recipe]:
        """How the words of each input column were read."""
        return {each[0]: Recipe(*each) for each in self.recipes}

    def word(self) -> str:
        """Return the reference to the file and the choices."""
        return self.reference

    @cached_property
    def data_set(self) -> DataSet:
        """The columns as a data set; DataError if someone draws its rows."""
        inputs = [
            label
            for each in self.columns
            for label in ([f"{each.name}_{word}" for word in each.words] or [each.name])
        ]
        has_classes = TASKS[self.task].has_classes
        return DataSet(
            self.name,
            self._missing,
            self._draw,
            inputs=len(inputs),
            task=self.task,
            classes=len(self.classes) if has_classes else 2,
            rows=self.rows,
            code=f"raise SystemExit({self._missing!r})",
            input_names=tuple(inputs),
            class_names=tuple(map(str, self.classes)),
            columns=self.columns,
            target=self.target,
            class_values=self.classes,
        )

    @property
    def _missing(self) -> str:
        return f"The rows of {self.name} are not a part of the saved network."

    def _draw(self, generator: object = None) -> Any:  # noqa: ARG002 - it draws nothing
        raise DataError(self._missing)
