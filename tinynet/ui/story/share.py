"""The share button: a link that means these settings for good."""

from __future__ import annotations

import streamlit as st

from tinynet.links.address import permalink, with_query
from tinynet.ui.session import current_visit

OPEN = "share"


def draw_share_button() -> None:
    """Draw the button; behind it stands the link, to copy, made when it is opened."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        popover = st.popover("Share", icon=":material/share:", key=OPEN, on_change="rerun")
    if not popover.open:
        return
    visit, base = current_visit(), f"{st.context.url}/"
    asked = visit.waits_for
    view = visit.within(visit.settings.epochs).view  # also where the run failed
    link = with_query(base, asked[0]) if asked else permalink(base, visit.settings, view)
    with popover:
        st.markdown("Whoever opens this link sees the same settings and the same run.")
        st.code(link, language=None, wrap_lines=True)
        st.caption(
            "The same to the last bit on the same PyTorch version and kind of processor; "
            "elsewhere the losses begin equal to about six digits and drift apart, at the largest "
            "learning rates sometimes far."
        )
