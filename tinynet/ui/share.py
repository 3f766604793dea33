"""The share button: a link that means these settings for good."""

from __future__ import annotations

import streamlit as st

from tinynet.address import View, permalink
from tinynet.settings import Settings


def draw_share_button(settings: Settings, view: View) -> None:
    """Draw the button; behind it stands the link, to copy."""
    with st.popover("Share", icon=":material/share:"):
        st.markdown("Whoever opens this link sees the same settings and the same run.")
        st.code(permalink(f"{st.context.url}/", settings, view), language=None, wrap_lines=True)
        st.caption(
            "The same to the last bit on the same PyTorch version and kind of processor; "
            "elsewhere the early losses agree to about six digits."
        )
