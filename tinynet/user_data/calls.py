"""The pandas call that reads a file, in the core and in the script."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from tinynet.user_data.data import DataError

if TYPE_CHECKING:
    import pandas as pd

READERS = ("read_csv", "read_excel", "read_json", "read_parquet")
_WORDS = {"dtype": str, "keep_default_na": False}
_DEFAULTS = {
    "sep": ",",
    "decimal": ".",
    "encoding": "utf-8",
    "compression": None,
    "skiprows": 0,
    "skipinitialspace": False,
}


@dataclass(frozen=True)
class Call:
    """A pandas reader, its arguments besides the file, and whether all columns stay words."""

    reader: str
    arguments: tuple[tuple[str, Any], ...] = ()
    keeps_words: bool = False

    @classmethod
    def of_csv(cls, **arguments: Any) -> Call:
        """Return a call of `read_csv` without the arguments that equal pandas' defaults."""
        changed = {name: each for name, each in arguments.items() if each != _DEFAULTS[name]}
        # With low_memory, pandas guesses the type of a column in pieces.
        names = [each for each in _DEFAULTS if each in changed]
        values = {name: _frozen(changed[name]) for name in names}
        return cls("read_csv", (*values.items(), ("low_memory", False)))

    def as_words(self) -> Call:
        """Return the call that keeps every field as it is written."""
        return replace(self, keeps_words=True)

    def with_decimal(self, decimal: str) -> Call:
        """Return the call with another decimal point."""
        return Call.of_csv(**{**dict(self.arguments[:-1]), "decimal": decimal})

    def read(self, content: bytes) -> pd.DataFrame:
        """Return the frame that pandas reads."""
        import pandas as pd  # noqa: PLC0415 - half a second to import

        options = {name: _thawed(value) for name, value in self.arguments}
        words = _WORDS if self.keeps_words else {}
        try:
            frame: pd.DataFrame = getattr(pd, self.reader)(BytesIO(content), **options, **words)
        except (ValueError, OverflowError) as error:  # including pandas' ParserError
            match = re.search(r"starting at row (\d+)", str(error))
            where = f"Row {match[1]} opens a quotation mark that never closes" if match else ""
            raise DataError(f"{where or 'The file is not a table of rows and columns'}.") from None
        return frame if self.reader == "read_csv" else frame.rename(columns=str)

    def code(self, file: str) -> str:
        """Return the call as code of the script."""
        options = "".join(f", {name}={_thawed(value)!r}" for name, value in self.arguments)
        words = ", dtype=str, keep_default_na=False" if self.keeps_words else ""
        names = "" if self.reader == "read_csv" else ".rename(columns=str)"
        return f"pd.{self.reader}({file!r}{options}{words}){names}"


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _thawed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
