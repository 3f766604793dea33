"""TinyNet, the page: settings, run, draw, share."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from tinynet.ui.controls import choose_settings, draw_notices
from tinynet.ui.runs import obtain_run, previous_run
from tinynet.ui.share import draw_share_button
from tinynet.ui.train_tab import draw_train_tab

st.set_page_config("TinyNet", Path(__file__).parent / "tinynet/ui/icon.svg", layout="wide")
top = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
top.title("TinyNet", anchor=False, width="content")
st.markdown(
    "The smallest useful PyTorch network, live: move a slider in the sidebar, and it trains again."
)

settings = choose_settings()
draw_notices()

story = st.empty()
run = obtain_run(settings, story)

draw_train_tab(run, previous_run(settings), story)

with top:
    draw_share_button(settings)
