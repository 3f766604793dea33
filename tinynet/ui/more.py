"""More: the browser asks for the rest of a part's work when it has painted what there is.

A script that went on by itself would leave the visitor's clicks waiting until its end. And whoever
has left, or looks at another window, asks for nothing more.
"""

from __future__ import annotations

from time import perf_counter

import streamlit as st

_mount = st.components.v2.component(
    "tinynet_more",
    js="""
export default function ({ data, parentElement, setTriggerValue }) {
  if (!data || data === parentElement.asked) return;
  parentElement.asked = data;
  requestAnimationFrame(() => setTriggerValue("more", data));
}
""",
)


def ask_for_more(key: str) -> None:
    """Have the part of the page that draws this drawn again, once the browser has painted it."""
    _mount(key=key, data=str(perf_counter()), on_more_change=_draw_again)


def _draw_again() -> None:
    """Do nothing: the part is drawn again by itself."""
