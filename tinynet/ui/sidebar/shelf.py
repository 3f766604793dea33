"""The files of a visit: in memory, for this visitor alone, and forgotten with the visit.

All visitors' files share one budget. Once no visitor has a file, its runs are dropped too.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
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
        with _LOCK:
            _OF_ALL.add(self)
        finalize(self, _LEFT.add, "someone")


_OF_ALL: WeakSet[Files] = WeakSet()
_LOCK = Lock()  # guards _OF_ALL, and the budget while a file is added
_LEFT: set[str] = set()  # not empty if files may have gone since the last check


def sheets() -> tuple[Sheet, ...]:
    """Return the files of this visitor, newest first."""
    files: Files | None = st.session_state.get(FILES)
    return files.sheets if files else ()


def put_on_shelf(sheet: Sheet) -> None:
    """Keep a file for the visit; raise DataError if the budget of all visitors is used up."""
    if FILES not in st.session_state:
        st.session_state[FILES] = Files()
    files: Files = st.session_state[FILES]
    others = tuple(each for each in files.sheets if each.digest != sheet.digest)[: MOST - 1]
    own_bytes = sum(each.nbytes for each in (sheet, *others))
    with _LOCK:
        other_bytes = sum(each.nbytes for its in _OF_ALL if its is not files for each in its.sheets)
        if own_bytes + other_bytes > BUDGET:
            raise DataError("The memory for files is full at the moment. Please try again later.")
        files.sheets = (sheet, *others)
    _LEFT.add("an older one")


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
