"""Uploads: a file is taken from its widget once, and refused in a sentence."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.typing import UploadedFile

from tinynet.ui.seams import forget_upload
from tinynet.user_data import DataError

log = logging.getLogger(__name__)


def take_upload(key: str, counter: str) -> tuple[bytes, str] | None:
    """Return the content and the name of a new file, and empty its widget; None without one."""
    file = st.session_state[key]
    if not isinstance(file, UploadedFile):  # the visitor removed it, or it was read already
        return None
    content = file.getvalue()
    forget_upload(file)
    st.session_state[counter] = st.session_state.get(counter, 0) + 1
    return content, file.name


@contextmanager
def refused_in(key: str, unreadable: str) -> Iterator[None]:
    """Keep the reason of a refusal in the session; an unexpected error gets the words given."""
    try:
        yield
    except DataError as refusal:
        st.session_state[key] = str(refusal)
    except Exception as error:  # noqa: BLE001 - its message may quote the file
        log.error("A file was refused: %s", type(error).__name__)  # noqa: TRY400
        st.session_state[key] = unreadable
