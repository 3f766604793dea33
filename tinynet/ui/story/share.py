"""The share button: a link to exactly these settings."""

from __future__ import annotations

from html import escape

import segno
import streamlit as st

from tinynet.links.address import permalink, with_query
from tinynet.links.lessons import TEXTS, Lesson, have_room, link_to
from tinynet.ui.components.clipboard import copy
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
        copy(link)
        st.code(link, language=None, wrap_lines=True)
        _draw_ways_out(base, link, visit)
        st.caption(
            "With the same PyTorch version and kind of processor, every digit is the same. "
            "Elsewhere the losses first agree to about six digits and then drift apart, far apart "
            "at the largest learning rates."
        )


def _draw_ways_out(base: str, link: str, visit: Visit) -> None:
    """Draw the link as a QR code, as a frame for another page or a slide, and as a lesson."""
    code, frame, lesson = st.tabs(["QR code", "In a web page or a slide", "As a lesson"])
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
    with lesson:
        _draw_lesson(base, visit)


def _draw_lesson(base: str, visit: Visit) -> None:
    """Draw a form that makes a lesson of the page's state; its link holds earlier lessons too."""
    question = st.text_input("A question about this run", max_chars=TEXTS["question"])
    answer = st.text_input("Its answer", max_chars=TEXTS["answer"])
    before = visit.looked_at_before
    compares = before is not None and st.checkbox("Compare with the run before")
    if not question.strip():
        return
    made = Lesson(
        question=question,
        answer=answer,
        settings=visit.settings,
        beside=before if compares else None,
        view=visit.view,
    )
    if have_room(visit.own_lessons, made):
        st.code(link_to(base, [*visit.own_lessons, made]), language=None, wrap_lines=True)
        st.caption("Open this link to see the lesson, or to add another one to it.")
    else:
        st.caption("A link has no room for more lessons.")
