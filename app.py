"""TinyNet, the page: settings, share, run, draw."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from tinynet.ui.code_tab import draw_code_tab
from tinynet.ui.compare import draw_compare_tab
from tinynet.ui.controls import draw_sidebar, is_presenting
from tinynet.ui.file_panel import draw_file_panel
from tinynet.ui.guide import draw_experiment, draw_experiments, draw_next_step
from tinynet.ui.inside_tab import draw_inside_tab
from tinynet.ui.present import draw_present_button
from tinynet.ui.redraw import whole_page
from tinynet.ui.share import draw_share_button
from tinynet.ui.tabs import draw_tabs
from tinynet.ui.watch_tab import draw_watch_tab, train_to_the_end

HERE = Path(__file__).parent


with whole_page():
    st.set_page_config(
        "TinyNet",
        HERE / "tinynet/ui/icon.svg",
        layout="wide",
        initial_sidebar_state="collapsed" if is_presenting() else "auto",
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
    draw_sidebar()
    with top:
        draw_experiments()
        draw_present_button()
        draw_share_button()
    draw_experiment()
    with st.container():  # empty or not: else what is below would move, and be made anew
        draw_file_panel()
    with st.container(horizontal=True, vertical_alignment="center", key="happened"):
        story = st.container(key="story")
        next_step = st.container(width="content")
    watch, inside, compare, code = draw_tabs()
    with watch.place:
        draw_watch_tab(story, is_open=watch.is_open)
    with next_step:
        draw_next_step()
    with inside.place:
        draw_inside_tab(is_open=inside.is_open)
    with compare.place:
        draw_compare_tab(is_open=compare.is_open)
    with code.place:
        draw_code_tab(is_open=code.is_open)
train_to_the_end()
