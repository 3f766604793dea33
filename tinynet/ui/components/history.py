"""The browser's history: Back and Forward walk through the addresses that were rested on.

Streamlit makes an entry for each address that the server sets, however soon the next one follows.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_mount = st.components.v2.component(
    "tinynet_history", js=(Path(__file__).parent / "history.js").read_text(encoding="utf-8")
)


def keep_history() -> None:
    """Have the browser keep what the visitor rests on; nothing is to be seen of it."""
    _mount(key="history")
