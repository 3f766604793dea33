"""The share button: a link to exactly these settings."""

from __future__ import annotations

from html import escape

import segno
import streamlit as st

from tinynet.links.address import permalink, with_query
from tinynet.ui.visit import Visit

OPEN = "share"
LONGEST_QR = 1_500  # characters; a camera reads no more from a screen


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
        _draw_ways_out(link)
        st.caption(
            "With the same PyTorch version and kind of processor, every digit is the same. "
            "Elsewhere the losses first agree to about six digits and then drift apart, far apart "
            "at the largest learning rates."
        )


def _draw_ways_out(link: str) -> None:
    """Draw the link as a QR code, and the lines that put the page into another one."""
    code, frame = st.tabs(["QR code", "In a web page or a slide"])
    with code:
        if len(link) <= LONGEST_QR:
            qr = segno.make(link, error="l")
            st.image(qr.svg_inline(scale=3, dark="#10161c", light="#fdfdfc"))
        else:
            st.caption("This link is too long for a QR code, because of its painting or its pins.")
    with frame:
        embedded = escape(f"{link}{'&' if '?' in link else '?'}embed=true")
        frame_code = f'<iframe src="{embedded}" width="900" height="560"></iframe>'
        st.code(frame_code, language="html", wrap_lines=True)
