"""What all data of one's own have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from tinynet.registry.data_sets import DataSet


class DataError(ValueError):
    """Rows that make no sense; the message says what is wrong, and what is allowed."""


class UserData(ABC):
    """Rows that someone has brought: frozen, hashable, and equal where every row is.

    `repr` is short, and another for other rows: it names runs.
    """

    kind: ClassVar[str]  # what it is, in one word: in an address, and in the name of a file

    @property
    @abstractmethod
    def data_set(self) -> DataSet:
        """The same as an entry of the table has it, with as many rows as there are."""

    @property
    def brief(self) -> str:
        """What it is called beside others, as short as it can be told."""
        return self.data_set.label

    @property
    def files(self) -> Mapping[str, bytes]:
        """The files that a script reads them from, by name."""
        return {}

    @property
    def nbytes(self) -> int:
        """What they take of the memory, in bytes, where that is worth counting."""
        return 0

    @abstractmethod
    def word(self) -> str:
        """Return the word that spells it in an address, without its kind."""

    def text(self) -> str:
        """Return what spells it in an address; `read_own` reads it."""
        return f"{self.kind}.{self.word()}"
