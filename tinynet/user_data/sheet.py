"""A sheet: a file as it was uploaded, before a target is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinynet.user_data.calls import Call
from tinynet.user_data.columns import Column, column_of
from tinynet.user_data.data import DataError
from tinynet.user_data.decoding import decoded
from tinynet.user_data.file_names import harmless_name, own_name
from tinynet.user_data.formats import format_of, read_format
from tinynet.user_data.limits import NO_LIMITS, Limits
from tinynet.user_data.reading import read_as_before, read_words
from tinynet.user_data.recipes import Options, Recipe, recipes_of
from tinynet.user_data.words import quoted, shortened

if TYPE_CHECKING:
    import pandas as pd

OF_HEADER, OF_ROWS = 6, 10  # hexadecimal digits of a fingerprint


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, and its bytes; the script reads the bytes, and `==` compares them."""

    file: str  # its own name, without a folder; only for the script, as a literal
    content: bytes
    call: Call
    recipes: tuple[Recipe, ...]  # () if pandas alone reads all columns correctly
    frame: pd.DataFrame = field(compare=False, repr=False)  # never changed
    digest: str = field(compare=False)  # of the column names, then of all rows
    options: Options = field(compare=False)
    is_plain: bool = field(compare=False)  # whether a link without letters for choices means it
    sentences: tuple[str, ...] = field(compare=False)  # sentences on the whole file
    told: Mapping[str, Recipe] = field(compare=False)  # recipes for the story, by column
    separator: str = field(default="", compare=False)  # known for a frame; "" if it must be found
    columns: tuple[Column, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Examine all columns."""
        days = {each.column for each in self.recipes if each.kind == "days"}
        columns = (column_of(self.frame, name, is_days=name in days) for name in self.frame.columns)
        object.__setattr__(self, "columns", tuple(columns))

    def __hash__(self) -> int:
        """Return a hash that does not read the recipes, since each look-up of settings needs it."""
        return hash((self.file, self.digest, self.is_plain))

    def __len__(self) -> int:
        """Return the number of rows, including rows with gaps."""
        return len(self.frame)

    @cached_property
    def name(self) -> str:
        """The name with only letters, digits and " ._()-", harmless in HTML and Markdown."""
        return harmless_name(self.file)

    @property
    def written(self) -> pd.DataFrame:
        """The rows as they are written; those of a text file as words."""
        call = self.call.as_words() if self.call.reader == "read_csv" else self.call
        return call.read(self.content)

    @property
    def fingerprint(self) -> str:
        """The digest, shortened."""
        return self.digest[: OF_HEADER + OF_ROWS]

    @cached_property
    def nbytes(self) -> int:
        """The size in memory, in bytes; slow, since every word is measured."""
        return len(self.content) + int(self.frame.memory_usage(deep=True).sum())

    def is_mostly_gaps(self, column: Column) -> bool:
        """Return whether more than half of the rows have a gap in a column."""
        return 2 * column.gaps > len(self)

    def column(self, name: str) -> Column:
        """Return the column of this name, apart from outer blanks; DataError if there is none."""
        for each in sorted(self.columns, key=lambda column: column.name != name):
            if each.name == name or each.name.strip() == name.strip():
                return each
        names = quoted([each.name for each in self.columns])
        raise DataError(f"There is no column {shortened(name)} in {self.name}; it has {names}.")

    def read_as(self, options: Options) -> Sheet:
        """Return the same file, read with other options."""
        if options == self.options or (options.plain and self.is_plain):
            return self
        return _sheet_of(self.content, self.file, options, NO_LIMITS, self.separator)


def read_sheet(
    source: bytes | str | Path | pd.DataFrame, name: str = "", limits: Limits = NO_LIMITS
) -> Sheet:
    """Return the sheet in a file, its bytes or a frame; DataError if it is not a table."""
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_file():
            raise DataError(f"There is no file {shortened(path.name)} in {shortened(path.parent)}.")
        limits.check_bytes(path.stat().st_size)
        name, source = name or path.name, path.read_bytes()
    separator = ""
    if not isinstance(source, bytes):
        limits.check_shape(*source.shape)
        source, separator = source.to_csv(index=False).encode(), ","
    limits.check_bytes(len(source))
    return _sheet_of(source, own_name(name), Options(), limits, separator)


def _sheet_of(
    content: bytes, file: str, options: Options, limits: Limits, separator: str = ""
) -> Sheet:
    reader = format_of(content)
    if reader == "read_csv":
        found = _from_text(content, options, limits, separator)
    else:
        found = _from_format(content, reader, options, limits)
    told = {each.column: each for each in found.told}
    return Sheet(
        *(file, content, found.call, found.recipes, found.frame, found.digest, options),
        *(found.is_plain, tuple(found.sentences), told, separator),
    )


@dataclass(frozen=True)
class _Found:
    """What was found in a file."""

    frame: pd.DataFrame
    call: Call
    recipes: tuple[Recipe, ...]
    told: Sequence[Recipe]
    digest: str
    is_plain: bool
    sentences: Sequence[str]


def _from_text(content: bytes, options: Options, limits: Limits, separator: str) -> _Found:
    text = decoded(content, limits)
    former = read_as_before(content, text, separator)
    if options.plain and former:
        return _Found(*former, (), (), digest_of(former[0]), is_plain=True, sentences=())
    words, call, layout = read_words(content, text, limits, separator)
    digest = digest_of(former[0] if former else words)
    recipes = recipes_of(words, layout.separator, options)
    decimals = {each.decimal for each in recipes} - {""}
    call = call.with_decimal("," if decimals == {","} else ".")
    sentences = [*text.sentences, *layout.sentences]
    if options.plain or not (len(decimals) > 1 or any(each.is_needed for each in recipes)):
        is_plain = not former or call == former[1]
        frame = former[0] if former and is_plain else call.read(content)
        return _Found(frame, call, (), recipes, digest, is_plain, sentences)
    frame = _made(words, recipes)
    return _Found(frame, call.as_words(), tuple(recipes), recipes, digest, False, sentences)  # noqa: FBT003


def _from_format(content: bytes, reader: str, options: Options, limits: Limits) -> _Found:
    frame, call, sentences = read_format(content, reader, limits)
    recipes = recipes_of(frame, "", options)
    digest, is_plain = digest_of(frame), not recipes
    return _Found(_made(frame, recipes), call, tuple(recipes), recipes, digest, is_plain, sentences)


def _made(frame: pd.DataFrame, recipes: Sequence[Recipe]) -> pd.DataFrame:
    """Return the frame with the columns that recipes make in place of their words."""
    frame = frame.copy(deep=False)
    for each in recipes:
        frame[each.column] = each.applied_to(frame[each.column])
    return frame


def digest_of(frame: pd.DataFrame) -> str:
    """Return a hash of the column names, then of all rows: equal rows have equal digests."""
    names = sha256("\0".join(map(str, frame.columns)).encode())
    rows = names.copy()
    for name in frame.columns:
        rows.update(_bytes_of(frame[name]))
    return names.hexdigest()[:OF_HEADER] + rows.hexdigest()


def _bytes_of(series: pd.Series[Any]) -> bytes:
    """Return the values of a column as bytes, whatever the file's format."""
    if series.dtype.kind in "iuf":  # not as floats, which would make large integers equal
        return str(series.dtype).encode() + series.to_numpy().tobytes()
    return repr(
        [None if gap else str(each) for each, gap in zip(series, series.isna(), strict=True)]
    ).encode()
