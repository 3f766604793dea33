"""The page of TinyNet: its layout, and the order in which its parts are drawn."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

import tinynet
from tinynet.ui.components.asking import ask_whether_seen
from tinynet.ui.components.history import keep_history
from tinynet.ui.move import draw_move, frame_of
from tinynet.ui.pace import PAGE, in_turn, settle_in
from tinynet.ui.rest import Places, draw_rest
from tinynet.ui.seams import cache_theme, limit_uploads
from tinynet.ui.session import open_visit
from tinynet.ui.sidebar.file_panel import draw_file_panel
from tinynet.ui.sidebar.sidebar import draw_device, draw_pictures, draw_sidebar
from tinynet.ui.story.lessons import draw_lessons_menu
from tinynet.ui.story.present import draw_present_button
from tinynet.ui.styles import styles_of
from tinynet.ui.tabs.tabs import draw_tabs
from tinynet.ui.tabs.watch import draw_below

UI = Path(tinynet.__file__).parent / "ui"

limit_uploads()
cache_theme()
with in_turn(PAGE):
    visit = open_visit()
    st.set_page_config(
        "TinyNet",
        UI / "icon.svg",
        layout="wide",
        initial_sidebar_state="collapsed"
        if visit.is_presented or st.context.is_embedded
        else "auto",
    )
    for style in styles_of(visit, is_embedded=bool(st.context.is_embedded)):
        st.html(style)
    top = st.container(
        key="top",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    )
    top.title("TinyNet", anchor=False, width="content")
    pictures = top.container(key="choices", height=44, border=False)
    sidebar = draw_sidebar(visit)
    keep_history()
    with top:
        draw_lessons_menu(visit)
        draw_present_button(visit)
        share = st.container(width="content")
    with st.container(gap=None):  # always there: Streamlit would remount everything below it
        card = st.container()
        with st.container():
            draw_file_panel(visit)
        happened = st.container(horizontal=True, vertical_alignment="center", key="happened")
    story = happened.container(key="story", gap=None)
    next_step = happened.container(width="content")
    # While presenting, the story and the coach share the line above the stage.
    coach = happened.container() if visit.is_presented else st.container()
    with draw_tabs(visit):
        draw_move(sidebar.sliders, story, frame_of(visit))
        draw_rest(Places(share, card, story, coach, next_step))
        draw_below()
    with sidebar.device:
        draw_device(visit)
    with pictures:
        draw_pictures(visit)
    ask_whether_seen(visit.jumps)
settle_in()
