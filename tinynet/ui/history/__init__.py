"""The browser's history: Back and Forward walk through the addresses that were rested on.

Streamlit writes each move of a slider over the last one's address, so that Back would leave the
page, and makes an entry for each parameter that the server sets.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_mount = st.components.v2.component(
    "tinynet_history", js=(Path(__file__).parent / "history.js").read_text(encoding="utf-8")
)


def keep_history() -> None:
    """Have the browser keep what the visitor rests on; nothing is to be seen of it."""
    _mount(key="history")


def walks_through_history() -> bool:
    """Tell whether the visitor has just gone back or forward, to another address."""
    context = get_script_run_ctx()
    return bool(context and context.is_history_navigation)
