"""TinyNet, the page: settings, share, run, draw."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from tinynet.address import TAB, TABS
from tinynet.ui.code_tab import draw_code_tab
from tinynet.ui.controls import (
    current_settings,
    draw_back_button,
    draw_notices,
    draw_sliders,
    keep_state_within,
)
from tinynet.ui.inside_tab import draw_inside_tab, draw_moving_network, pick_epoch
from tinynet.ui.place import Place
from tinynet.ui.redraw import COMPLETE, RUN, let_the_browser_paint, redraw
from tinynet.ui.runs import note_shown, obtain_run, previous_run
from tinynet.ui.share import draw_share_button
from tinynet.ui.train_tab import draw_figures, draw_train_tab, tell_story

HERE = Path(__file__).parent


@st.fragment(key=RUN)
def draw_run() -> None:
    """Train what the sidebar is set to, and draw it."""
    draw_notices()
    settings = current_settings()
    story = Place()
    run = obtain_run(settings, story)
    if run is None:
        return
    keep_state_within(len(run.losses))  # one that broke has fewer epochs than its settings
    changed = note_shown(settings)
    tell_story(run, story)
    train, inside, code = st.tabs(TABS, key=TAB, on_change=redraw, bind="query-params")
    if train.open:
        with train:
            draw_figures(run)
            let_the_browser_paint(changed)
            draw_train_tab(run, previous_run())
    with inside:
        if inside.open:
            draw_moving_network(run)
            let_the_browser_paint(2 * changed)
        epoch = pick_epoch(run)
        if inside.open:
            draw_inside_tab(run, epoch)
    if code.open:
        with code:
            draw_code_tab(run)


st.set_page_config("TinyNet", HERE / "tinynet/ui/icon.svg", layout="wide")
st.html(HERE / "tinynet/ui/page.css")
top = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
top.title("TinyNet", anchor=False, width="content")
st.markdown(
    "The smallest useful PyTorch network, live: move a slider in the sidebar (on a phone, "
    "behind :material/keyboard_double_arrow_right:), and it trains again."
)

draw_sliders()
draw_run()
with top:
    draw_share_button()
with st.sidebar:
    draw_back_button()
st.session_state[COMPLETE] = True
