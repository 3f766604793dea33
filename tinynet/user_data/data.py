"""The base of all user data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from tinynet.registry.data_sets import DataSet


class DataError(ValueError):
    """Invalid rows; the message says what is wrong and what is allowed."""


class UserData(ABC):
    """Rows from a visitor: frozen, hashable, and equal if all rows are equal.

    `repr` is short and differs for different rows, since it names runs.
    """

    kind: ClassVar[str]  # one word for addresses and file names

    @property
    @abstractmethod
    def data_set(self) -> DataSet:
        """The rows as a data set with a fixed number of rows."""

    @property
    def brief(self) -> str:
        """A short name that distinguishes the data from other data."""
        return self.data_set.label

    @property
    def files(self) -> Mapping[str, bytes]:
        """The files that the script reads, by name."""
        return {}

    @property
    def readings(self) -> Mapping[str, Any]:
        """How new rows are read: a recipe for each column of words."""
        return {}

    @property
    def nbytes(self) -> int:
        """The size in memory, in bytes; 0 if it is negligible."""
        return 0

    @abstractmethod
    def word(self) -> str:
        """Return the encoding of the data in an address, without the kind."""

    def text(self) -> str:
        """Return the encoding of the data in an address, which `read_user_data` decodes."""
        return f"{self.kind}.{self.word()}"
