"""The clipboard: *Share* copies its link as it opens, where the browser allows it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

STYLE = ".told { font: var(--st-font); margin: 0; min-height: 1.5em; }"
_mount = st.components.v2.component(
    "tinynet_clipboard",
    html='<p class="told" role="status">Anyone with this link sees this exact run.</p>',
    css=STYLE,
    js=Path(__file__).with_name("clipboard.js").read_text(encoding="utf-8"),
)


def copy(link: str) -> None:
    """Have the browser copy a link once, and tell the visitor."""
    _mount(key="clipboard", data={"link": link})
