"""The browser's history: Back and Forward visit the addresses at which the visitor rested.

Streamlit adds an entry for each address that the server sets, however soon the next one follows.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_mount = st.components.v2.component(
    "tinynet_history", js=(Path(__file__).parent / "history.js").read_text(encoding="utf-8")
)


def keep_history() -> None:
    """Have the browser keep the addresses at which the visitor rests; this draws nothing."""
    _mount(key="history")
