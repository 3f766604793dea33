"""Below the stage: the loop, what the network answers, and what the loop printed.

Few look at it while they move a slider: it is drawn again when it is in sight.
"""

from __future__ import annotations

import streamlit as st

from tinynet.links.address import WATCH
from tinynet.training.run import Run
from tinynet.ui.components.asking import watch
from tinynet.ui.pace import in_turn
from tinynet.ui.runs import train_on
from tinynet.ui.session import BELOW, current_visit, draw_stage_first
from tinynet.ui.tabs.predictions import draw_predictions
from tinynet.ui.tabs.printout import draw_plain_text, draw_printout
from tinynet.ui.widgets import draw_subheading

ARTICLE_LINK = (
    "https://medium.com/coinmonks/"
    "create-a-neural-network-in-pytorch-and-make-your-life-simpler-ec5367895199"
)
ABOUT = f"""\
The page opens on the network of a [short article]({ARTICLE_LINK}) on PyTorch, alive: ten inputs,
five hidden units with ReLU, one sigmoid output, mean squared error, plain gradient descent, fifty
epochs on a batch of ten random rows. The sidebar makes other small networks of it. Every number
here comes out of PyTorch itself, to the last bit: the script in the tab *Code* (for the article's
settings its own loop, after `torch.set_num_threads(1)` and `torch.manual_seed(seed)`) prints the
same losses on the same PyTorch version and kind of processor; elsewhere they begin equal to about
six digits and drift apart, at the largest learning rates sometimes far. The article sets no seed;
here it is 0 until you change it. The first epoch is number 0, as in Python, and so are the first
row, input, unit, output and class; the first layer and the first batch, which have no number
there, are number 1.
"""


@st.fragment(key=BELOW)
def draw_below() -> None:
    """Draw what stands below the stage of the first view; presented, that has all the room."""
    draw_stage_first()
    visit = current_visit()
    if visit.tab != WATCH or visit.is_presented:
        return
    with in_turn(BELOW), st.container(key="watched"):
        watch()
        if run := train_on(visit.settings):
            _draw(run)


def _draw(run: Run) -> None:
    left, right = st.columns([11, 9], gap="medium")
    with left:
        _draw_loop(run)
    with right:
        draw_predictions()
    _draw_printout(run)
    _draw_about()


def _draw_loop(run: Run) -> None:
    from tinynet.export import to_loop  # noqa: PLC0415 - torch is slow

    draw_subheading("The loop")
    draw_plain_text(to_loop(run.settings), whole=True)


def _draw_printout(run: Run) -> None:
    draw_subheading("What it printed")
    draw_printout(run.printed, len(run.losses))
    printed = "before each update"
    if run.settings.batch_size:
        printed = "of each epoch, the mean over its batches, each before its update"
    st.caption(f"The loss {printed}. The chart's last dot is the loss after the final one.")


def _draw_about() -> None:
    draw_subheading("What this is")
    st.markdown(ABOUT)
