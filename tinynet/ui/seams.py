"""Seams: each touch of what Streamlit keeps to itself, and why the page needs it."""

from __future__ import annotations

from functools import cache

from starlette.exceptions import HTTPException
from streamlit import runtime
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import Runtime, app_session
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.typing import UploadedFile

MOST_UPLOADS = 3  # of a session: the last ones
MEGABYTE = 1024 * 1024
BYTES_OF_A_SESSION, BYTES_OF_ALL = 6 * MEGABYTE, 64 * MEGABYTE


def draws_parts() -> bool:
    """Tell whether only parts of the page are being drawn; nothing public tells."""
    context = get_script_run_ctx()
    return bool(context and context.fragment_ids_this_run)


def walks_through_history() -> bool:
    """Tell whether the visitor has just gone back or forward, to another address."""
    context = get_script_run_ctx()
    return bool(context and context.is_history_navigation)


def somebody_waits() -> bool:
    """Tell whether the visitor has asked for something else meanwhile.

    Streamlit itself ends a script for a request of the whole page, and not for one of a part.
    """
    context = get_script_run_ctx()
    requests = context.script_requests if context else None
    return requests is not None and requests._state is not ScriptRequestType.CONTINUE  # noqa: SLF001


@cache
def remember_theme() -> None:
    """Have Streamlit work the theme out once.

    It would do so for every script that begins, six sections of it: a quarter of the server's work.
    """
    populate = app_session._populate_theme_msg  # noqa: SLF001 - nothing public does
    themes: dict[str, CustomThemeConfig] = {}

    def populate_from_memory(message: CustomThemeConfig, section: str = "theme") -> None:
        if section not in themes:
            populate(themes.setdefault(section, CustomThemeConfig()), section)
        if themes[section].ListFields():  # else the message would have a section that is empty
            message.MergeFrom(themes[section])

    setattr(app_session, "_populate_theme_msg", populate_from_memory)  # noqa: B010


def bound_uploads() -> None:
    """Have Streamlit keep little of what is uploaded; it would take any number of files.

    Nobody needs the page for that: a session's own address for uploads is enough.
    """
    if not runtime.exists():
        return
    server = runtime.get_instance()
    manager = server.uploaded_file_mgr
    if isinstance(manager, MemoryUploadedFileManager):
        add = MemoryUploadedFileManager.add_file.__get__(manager)

        def add_within_bounds(session_id: str, file: UploadedFileRec) -> None:
            _make_room(server, manager, session_id, file)
            add(session_id, file)

        vars(manager).setdefault("add_file", add_within_bounds)


def _make_room(
    server: Runtime, manager: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec
) -> None:
    """Let the oldest files of the session itself go; refuse one for which that is not enough."""
    if not server.is_active_session(session_id):  # it has ended while it sent this
        raise HTTPException(400, "This session has ended.")
    kept = {each: [*files.values()] for each, files in [*manager.file_storage.items()]}
    own = [each for each in kept.pop(session_id, []) if each.file_id != file.file_id]
    while own and (len(own) >= MOST_UPLOADS or _bytes_of([*own, file]) > BYTES_OF_A_SESSION):
        manager.remove_file(session_id, own.pop(0).file_id)
    together = _bytes_of([*own, file, *(each for files in kept.values() for each in files)])
    if len(file.data) > BYTES_OF_A_SESSION or together > BYTES_OF_ALL:
        raise HTTPException(507, "The memory for files is full just now.")


def _bytes_of(files: list[UploadedFileRec]) -> int:
    return sum(len(each.data) for each in files)


def let_go_of(file: UploadedFile) -> None:
    """Have Streamlit forget a file that was read; it would keep it to the end of the visit."""
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
