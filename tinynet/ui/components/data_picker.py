"""The data picker: the data sets as small pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from tinynet.stage.pictures import pictures
from tinynet.stage.user_data import A_FILE, offered_data
from tinynet.ui.components.asking import heard

KEY = "pictures"
FILE_ICON = "M9 4h9l6 6v18H9zm8 2v5h5z"
STYLE = """
.pictures { display: flex; gap: 1px; overflow-x: auto; padding: 2px; scrollbar-width: none; }
button {
  background: none; border: 1px solid transparent; border-radius: var(--st-base-radius);
  color: var(--st-gray-text-color); cursor: pointer; flex: none; height: 1.95rem; padding: 0;
  width: 1.95rem;
}
button:hover { border-color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); }
button[aria-checked="true"] {
  background: var(--st-secondary-background-color);
  border-color: var(--st-primary-color);
}
svg { display: block; height: 100%; width: 100%; }
"""
_mount = st.components.v2.component(
    "tinynet_data_picker",
    html='<div class="pictures" role="radiogroup" aria-label="Data"></div>',
    css=STYLE,
    js=Path(__file__).with_name("data_picker.js").read_text(encoding="utf-8"),
)


def draw_data_picker(picked: str, on_pick: Callable[[str], None]) -> None:
    """Draw a picture of each choice of data; picking one calls `on_pick` with its name."""

    def take() -> None:
        name = heard(KEY, "pick")
        if name in offered_data():
            on_pick(name)

    points = pictures()
    choices = [
        {
            "name": name,
            "label": label,
            "points": points.get(name, []),
            "icon": FILE_ICON if label == A_FILE else "",
        }
        for name, label in offered_data().items()
    ]
    _mount(key=KEY, data={"choices": choices, "picked": picked}, on_pick_change=take)
