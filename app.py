"""TinyNet, the page: settings, share, run, draw."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from tinynet.ui.components.history import keep_history
from tinynet.ui.components.scripts import restore
from tinynet.ui.move import draw_move, frame_of
from tinynet.ui.pace import in_turn, settle_in
from tinynet.ui.rest import Places, draw_rest
from tinynet.ui.seams import bound_uploads, remember_theme
from tinynet.ui.session import open_visit
from tinynet.ui.sidebar.file_panel import draw_file_panel
from tinynet.ui.sidebar.sidebar import draw_device, draw_sidebar
from tinynet.ui.story.guide import draw_experiments
from tinynet.ui.story.present import draw_present_button
from tinynet.ui.tabs.tabs import draw_tabs
from tinynet.ui.tabs.watch import draw_below

HERE = Path(__file__).parent


bound_uploads()
remember_theme()
with in_turn("page"):
    restore()
    visit = open_visit()
    st.set_page_config(
        "TinyNet",
        HERE / "tinynet/ui/icon.svg",
        layout="wide",
        initial_sidebar_state="collapsed" if visit.is_presented else "auto",
    )
    st.html(HERE / "tinynet/ui/page.css")
    top = st.container(
        key="top",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    )
    top.title("TinyNet", anchor=False, width="content")
    with st.container(key="intro"):
        st.markdown(
            "The smallest useful PyTorch network, live: move a slider in the sidebar (on a phone, "
            "behind :material/keyboard_double_arrow_right:), and it trains again."
        )
    sidebar = draw_sidebar(visit)
    keep_history()
    with top:
        draw_experiments()
        draw_present_button(visit)
        share = st.container(width="content")
    card = st.container(key="card")
    with st.container():  # empty or not: else what is below would move, and be made anew
        draw_file_panel(visit)
    happened = st.container(horizontal=True, vertical_alignment="center", key="happened")
    story = happened.container(key="story")
    next_step = happened.container(width="content")
    # Presented, all that is told stands in one line above the stage.
    coach = happened.container() if visit.is_presented else st.container()
    with draw_tabs(visit):
        draw_move(sidebar.sliders, story, frame_of(visit))
        draw_rest(Places(share, card, story, coach, next_step))
        draw_below()
    with sidebar.device:
        draw_device(visit)
settle_in()
