"""The files of a visit: in memory, for this visitor alone, and forgotten with the visit.

All visitors' files share one budget. Once no visitor has a file, its runs are dropped too.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any
from weakref import WeakSet, finalize

import streamlit as st

from tinynet.settings import Settings
from tinynet.user_data import DataError, Sheet, Table
from tinynet.user_data.examples import example_sheets

BUDGET = 64 * 1024 * 1024  # bytes of all visitors' files
MOST = 3  # files of a visitor; the newest are kept
FILES = "files"


class Files:
    """The files of one visitor, which Python frees with the session."""

    def __init__(self) -> None:
        self.sheets: tuple[Sheet, ...] = ()  # newest first
        self.new_rows: tuple[Sheet, str] | None = None  # and the digest of the table they suit
        with _LOCK:
            _OF_ALL.add(self)
        finalize(self, _LEFT.add, "someone")

    @property
    def nbytes(self) -> int:
        """The size of all files, in bytes."""
        new = self.new_rows[:1] if self.new_rows else ()
        return sum(each.nbytes for each in (*self.sheets, *new))


_OF_ALL: WeakSet[Files] = WeakSet()
_LOCK = Lock()  # guards _OF_ALL, and the budget while a file is added
_LEFT: set[str] = set()  # not empty if files may have gone since the last check


def sheets() -> tuple[Sheet, ...]:
    """Return the files of this visitor, newest first."""
    files: Files | None = st.session_state.get(FILES)
    return files.sheets if files else ()


def new_rows(sheet: Sheet) -> Sheet | None:
    """Return the file of new rows that this visitor has brought for a table, if any."""
    files: Files | None = st.session_state.get(FILES)
    rows, digest = (files and files.new_rows) or (None, "")
    return rows if digest == sheet.digest else None


def put_on_shelf(sheet: Sheet) -> None:
    """Keep a file for the visit; raise DataError if the budget of all visitors is used up."""
    files = _files()
    others = tuple(each for each in files.sheets if each.digest != sheet.digest)[: MOST - 1]
    _keep(files, sheets=(sheet, *others))
    _LEFT.add("an older one")


def keep_new_rows(rows: Sheet, sheet: Sheet) -> None:
    """Keep the last file of new rows for a table, within the same budget."""
    _keep(_files(), new_rows=(rows, sheet.digest))


def _files() -> Files:
    if FILES not in st.session_state:
        st.session_state[FILES] = Files()
    files: Files = st.session_state[FILES]
    return files


def _keep(files: Files, **changes: Any) -> None:
    """Change the files of a visitor, unless all files would then exceed the budget."""
    with _LOCK:
        before = dict(vars(files))
        vars(files).update(changes)
        if sum(its.nbytes for its in _OF_ALL) > BUDGET:
            vars(files).update(before)
            raise DataError("The memory for files is full at the moment. Please try again later.")


def forget_orphans(forget: Callable[[Callable[[Settings], bool]], None]) -> None:
    """Have the store drop everything made of files that no visitor has any more."""
    if not _LEFT:
        return
    _LEFT.clear()
    with _LOCK:
        kept = {each.digest for its in _OF_ALL for each in its.sheets}
    kept |= {each.digest for each in example_sheets()}

    def has_gone(settings: Settings) -> bool:
        data = settings.data
        return isinstance(data, Table) and data.sheet.digest not in kept

    forget(has_gone)
