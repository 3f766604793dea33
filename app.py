"""TinyNet, the page: settings, share, run, draw."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from tinynet.address import TAB, TABS
from tinynet.ui.code_tab import draw_code_tab
from tinynet.ui.controls import choose_settings, current_view, draw_notices
from tinynet.ui.inside_tab import draw_inside_tab, draw_moving_network, pick_epoch
from tinynet.ui.place import Place
from tinynet.ui.runs import obtain_run, previous_run
from tinynet.ui.share import draw_share_button
from tinynet.ui.train_tab import draw_train_tab, tell_story

HERE = Path(__file__).parent

st.set_page_config("TinyNet", HERE / "tinynet/ui/icon.svg", layout="wide")
st.html(HERE / "tinynet/ui/page.css")
top = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
top.title("TinyNet", anchor=False, width="content")
st.markdown(
    "The smallest useful PyTorch network, live: move a slider in the sidebar (on a phone, "
    "behind :material/keyboard_double_arrow_right:), and it trains again."
)

settings = choose_settings()
with top:
    draw_share_button(settings, current_view())
draw_notices()

story = Place()
run = obtain_run(settings, story)
previous = previous_run(settings)
tell_story(run, story)

train, inside, code = st.tabs(TABS, key=TAB, bind="query-params")
if train.open:
    with train:
        draw_train_tab(run, previous)
with inside:
    if inside.open:
        draw_moving_network(run)
    epoch = pick_epoch(run)
    if inside.open:
        draw_inside_tab(run, epoch)
if code.open:
    with code:
        draw_code_tab(run)
