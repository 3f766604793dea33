"""The share button: a link that means these settings for good."""

from __future__ import annotations

import streamlit as st

from tinynet.address import permalink, with_query
from tinynet.ui.controls import current_settings, current_view, keep_state_within
from tinynet.ui.redraw import SHARE
from tinynet.ui.shelf import waiting

OPEN, LINKED = "share", "the view that the link leads to"


@st.fragment(key=SHARE)
def draw_share_button() -> None:
    """Draw the button; behind it stands the link, to copy, made when it is opened."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        popover = st.popover("Share", icon=":material/share:", key=OPEN, on_change="rerun")
    if not popover.open:
        return
    settings = current_settings()
    keep_state_within(settings.epochs)  # a shorter run lacks the epoch that was shown
    view = st.session_state[LINKED] = current_view()
    base, asked = f"{st.context.url}/", waiting()
    link = with_query(base, asked[0]) if asked else permalink(base, settings, view)
    with popover:
        st.markdown("Whoever opens this link sees the same settings and the same run.")
        st.code(link, language=None, wrap_lines=True)
        st.caption(
            "The same to the last bit on the same PyTorch version and kind of processor; "
            "elsewhere the losses begin equal to about six digits and drift apart, at the largest "
            "learning rates sometimes far."
        )


def link_is_stale() -> bool:
    """Tell whether the link stands open, and leads to a view that was left since."""
    is_open: bool = st.session_state.get(OPEN, False)
    return is_open and st.session_state.get(LINKED) != current_view()
