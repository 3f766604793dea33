"""Seams: every use of Streamlit's private parts, and why the page needs it.

tests/test_seams.py checks what each seam relies on. The selectors in seams.css are seams too.
"""

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

MOST_UPLOADS = 3  # uploads of a session; the newest are kept
MEGABYTE = 1024 * 1024
BYTES_OF_A_SESSION, BYTES_OF_ALL = 6 * MEGABYTE, 64 * MEGABYTE


def walks_through_history() -> bool:
    """Tell whether Back or Forward led here, so that the address counts, not the widgets."""
    context = get_script_run_ctx()
    return bool(context and context.is_history_navigation)


def has_moved_on() -> bool:
    """Tell whether the visitor has sent a new request since this script began.

    Streamlit stops a script for a request of the whole page, but not for a request of a fragment.
    """
    context = get_script_run_ctx()
    requests = context.script_requests if context else None
    return requests is not None and requests._state is not ScriptRequestType.CONTINUE  # noqa: SLF001


def has_browser() -> bool:
    """Tell whether a browser shows the page; Streamlit's own tests of a page have no browser."""
    return runtime.exists() and type(runtime.get_instance()) is Runtime


@cache
def cache_theme() -> None:
    """Have Streamlit read the theme's options once.

    Otherwise it reads six sections for every script, a seventh of the work of a slider move.
    """
    populate = app_session._populate_theme_msg  # noqa: SLF001 - there is no public way

    @cache
    def section_of(name: str) -> CustomThemeConfig:
        message = CustomThemeConfig()
        populate(message, name)
        return message

    def populate_from_cache(msg: CustomThemeConfig, section: str = "theme") -> None:
        if section_of(section).ListFields():  # merging an empty section would still create it
            msg.MergeFrom(section_of(section))

    app_session._populate_theme_msg = populate_from_cache  # noqa: SLF001


@cache
def limit_uploads() -> None:
    """Limit the uploads that Streamlit keeps, since it accepts any number of files.

    A client that knows a session's upload address can upload files without using the page.
    """
    if not runtime.exists():
        return
    server = runtime.get_instance()
    manager = server.uploaded_file_mgr
    if isinstance(manager, MemoryUploadedFileManager):
        add = manager.add_file

        def add_within_limits(session_id: str, file: UploadedFileRec) -> None:
            _make_room(server, manager, session_id, file)
            add(session_id, file)

        vars(manager)["add_file"] = add_within_limits


def _make_room(
    server: Runtime, manager: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec
) -> None:
    """Drop the oldest files of the session; refuse the new file if that is not enough."""
    if not server.is_active_session(session_id):
        raise HTTPException(400, "This session has ended.")
    kept = {each: [*files.values()] for each, files in [*manager.file_storage.items()]}
    own = [each for each in kept.pop(session_id, []) if each.file_id != file.file_id]
    while own and (len(own) >= MOST_UPLOADS or _bytes_of([*own, file]) > BYTES_OF_A_SESSION):
        manager.remove_file(session_id, own.pop(0).file_id)
    together = _bytes_of([*own, file, *(each for files in kept.values() for each in files)])
    if len(file.data) > BYTES_OF_A_SESSION or together > BYTES_OF_ALL:
        raise HTTPException(507, "The memory for files is full at the moment.")


def _bytes_of(files: list[UploadedFileRec]) -> int:
    return sum(len(each.data) for each in files)


def forget_upload(file: UploadedFile) -> None:
    """Have Streamlit forget a file that was read, or it would keep it for the whole visit."""
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
