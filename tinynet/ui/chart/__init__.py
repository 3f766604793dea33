"""A chart: a plotly figure, drawn in place.

Streamlit's own takes a chart down and puts it up again whenever its data change: a blink at every
move of a slider. Here `Plotly.react` changes what stands. Its script comes from the installed
plotly package, compressed and kept by the browser.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components import v1

from tinynet.charts import PLOTLY_FILES
from tinynet.ui import numbers

HERE = Path(__file__).parent
SCRIPT = numbers.SCRIPT + (HERE / "chart.js").read_text()
_mount = st.components.v2.component(
    "tinynet_chart",
    html=(HERE / "chart.html").read_text(),
    css=(HERE / "chart.css").read_text(),
    js=SCRIPT,
)


def draw_chart(figure: str, *, key: str, description: str, name: str) -> None:
    """Draw a plotly figure of fixed height, given as JSON.

    The description is for those who cannot see it, the name for a picture of it.
    """
    facts = {"script": _script(), "description": description, "name": name}
    head = json.dumps(facts)[:-1]
    _mount(key=key, data=f'{head}, "figure": {figure}}}'.encode())


@cache
def _script() -> str:
    """Return where this server serves plotly's script, seen from the page.

    The folder is declared as a component of the first kind, whose files Streamlit serves; it is
    never drawn as one.
    """
    folder = v1.declare_component("plotly", path=PLOTLY_FILES)
    return f"component/{folder.name}/plotly.min.js"
