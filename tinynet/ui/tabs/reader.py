"""A script of the visitor's own, which is read but never run; it sets the sliders."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from tinynet.links.address import Address, View
from tinynet.ui.session import change_page, with_device_of_this_machine
from tinynet.user_data import Table

if TYPE_CHECKING:
    from tinynet.reading import Marked, Script
    from tinynet.ui.visit import Visit

PASTED, READ = "script pasted", "script read"
MOST_LINES = 400  # of a script that is shown
KINDS = {  # class, sign, and the sign in words
    True: ("known", "✓", "understood"),
    False: ("other", "✕", "not taken over"),
    None: ("plain", "", ""),
}


def draw_reader(visit: Visit) -> None:
    """Draw a box to paste a script into, and the last script with its lines marked."""
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
    lines, others = len(script.understood), len({each.number for each in script.others})
    goes_back = " *Undo* goes back." if lines else ""
    st.markdown(
        f"{_counted(lines)} understood (✓), {others or 'none'} not taken over (✕). "
        f"Lines without a mark set nothing.{goes_back}"
    )
    marked = script.lines
    st.html(
        '<ol class="marked" tabindex="0" role="list" aria-label="The script, line by line">'
        f"{''.join(map(_line, marked[:MOST_LINES]))}</ol>"
    )
    if len(marked) > MOST_LINES:
        st.caption(f"The first {MOST_LINES} of {len(marked):,} lines.")


def _counted(lines: int) -> str:
    if not lines:
        return "No line was"
    return f"{lines} {'line was' if lines == 1 else 'lines were'}"


def _line(line: Marked) -> str:
    """Return a line as HTML, with its sign and its words."""
    kind, sign, name = KINDS[line.is_understood]
    mark = f'<i role="img" aria-label="{name}">{sign}</i>' if sign else "<i></i>"
    code, words = escape(line.text), escape(line.words)
    return f'<li class="{kind}">{mark}<code>{code}</code><span>{words}</span></li>'
