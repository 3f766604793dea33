"""Seams: every touch of what is private in Streamlit, and why it is needed."""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType


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
