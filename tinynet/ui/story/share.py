"""The share button: a link to exactly these settings."""

from __future__ import annotations

import streamlit as st

from tinynet.links.address import permalink, with_query
from tinynet.ui.visit import Visit

OPEN = "share"


def draw_share_button(visit: Visit) -> None:
    """Draw the button; the link to copy is made when the button is opened."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        popover = st.popover(
            "Share", icon=":material/share:", type="tertiary", key=OPEN, on_change="rerun"
        )
    if not popover.open:
        return
    base, waiting = f"{st.context.url}/", visit.waits_for
    view = visit.within(visit.settings.epochs).view  # a failed run has no states
    link = with_query(base, waiting[0]) if waiting else permalink(base, visit.settings, view)
    with popover:
        st.markdown("Anyone with this link sees this exact run.")
        st.code(link, language=None, wrap_lines=True)
        st.caption(
            "With the same PyTorch version and kind of processor, every digit is the same. "
            "Elsewhere the losses first agree to about six digits and then drift apart, far apart "
            "at the largest learning rates."
        )
