"""A script of the visitor's own, which is read but never run; it sets the sliders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from tinynet.links.address import Address, View
from tinynet.ui.session import change_page, with_device_of_this_machine
from tinynet.ui.text import inert
from tinynet.user_data import Table

if TYPE_CHECKING:
    from tinynet.reading import Script
    from tinynet.ui.visit import Visit

PASTED, READ = "script pasted", "script read"
MOST_TOLD = 20  # lines that were not understood


def draw_reader(visit: Visit) -> None:
    """Draw a box to paste a script into, and what was understood of the last script."""
    with st.expander("Set the sliders by a script of your own", icon=":material/content_paste:"):
        st.text_area(
            "A PyTorch script that trains a small network",
            key=PASTED,
            height=180,
            max_chars=20_000,
            help="The script is read, not run: sizes, activations, loss, optimizer, epochs, seeds, "
            "batches and data.",
        )
        st.button("Read it", key="read script", on_click=_read, args=(visit.settings.data,))
        if script := st.session_state.get(READ):
            _tell(script)


def _read(data: object) -> None:
    from tinynet.reading import read_script  # noqa: PLC0415 - torch is slow

    text = str(st.session_state[PASTED] or "")
    if not text.strip():
        return
    script = read_script(text, [data] if isinstance(data, Table) else [])
    st.session_state[READ] = script
    address = with_device_of_this_machine(Address(script.settings, View(), ()))
    change_page(lambda visit: visit.followed(address.settings))


def _tell(script: Script) -> None:
    lines = len(script.understood)
    st.markdown(
        f"{lines} {'line was' if lines == 1 else 'lines were'} understood. *Undo* goes back."
        if lines
        else "No line was understood."
    )
    if not script.others:
        return
    others = [f"- Line {each.number}: {inert(each.words)}" for each in script.others[:MOST_TOLD]]
    more = len(script.others) - MOST_TOLD
    st.markdown("Not taken over:\n" + "\n".join(others))
    if more > 0:
        st.caption(f"{more} more lines were not taken over.")
