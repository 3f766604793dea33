"""*Watch*, below the stage: the loop, the predictions, and what the loop printed.

Few visitors look there while moving a slider, so it is redrawn only when it is in sight.
"""

from __future__ import annotations

import streamlit as st

from tinynet.links.address import WATCH
from tinynet.training.run import Run
from tinynet.ui.components.asking import watch
from tinynet.ui.pace import in_turn
from tinynet.ui.runs import train_on
from tinynet.ui.session import BELOW, open_with_stage
from tinynet.ui.tabs.own_table import draw_own_table
from tinynet.ui.tabs.predictions import draw_predictions
from tinynet.ui.tabs.printout import draw_plain_text, draw_printout
from tinynet.ui.tabs.worth import draw_worth
from tinynet.ui.widgets import draw_heading_row, draw_subheading
from tinynet.user_data import Table

ARTICLE_LINK = (
    "https://medium.com/coinmonks/"
    "create-a-neural-network-in-pytorch-and-make-your-life-simpler-ec5367895199"
)
ABOUT = f"""\
- The page opens on the network of a [short article]({ARTICLE_LINK}): ten inputs, five hidden units
  with ReLU, one sigmoid output, mean squared error, plain gradient descent, fifty epochs on a batch
  of ten random rows. The sidebar turns it into other small networks.
- PyTorch computes every number here. The script in the tab *Code* prints the same losses, to the
  last digit on the same PyTorch version and kind of processor. Elsewhere they agree to about six
  digits at first and then drift apart, far apart at the largest learning rates. For the article's
  settings the script is the article's loop after `torch.set_num_threads(1)` and
  `torch.manual_seed(seed)`; the article sets no seed, and the page starts with 0.
- As in Python, counting starts at 0: epochs, rows, inputs, units, outputs and classes. Layers and
  batches, which have no number in Python, count from 1.
"""


@st.fragment(key=BELOW)
def draw_below() -> None:
    """Draw the lower part of *Watch*; while presenting, the stage has all the room."""
    visit = open_with_stage()
    if visit.tab != WATCH or visit.is_presented:
        return
    with in_turn(BELOW), st.container(key="watched"):
        watch()
        if run := train_on(visit.settings):
            _draw(run)


def _draw(run: Run) -> None:
    draw_own_table(run)
    left, right = st.columns([11, 9], gap="medium")
    with left:
        _draw_loop(run)
    with right:
        draw_predictions()
    if not isinstance(run.settings.data, Table):
        draw_worth()
    _draw_printout(run)
    draw_subheading("What this is")
    st.markdown(ABOUT)


def _draw_loop(run: Run) -> None:
    from tinynet.export import to_loop  # noqa: PLC0415 - torch is slow

    draw_heading_row("The loop")  # level with the heading beside it
    draw_plain_text(to_loop(run.settings), whole=True)


def _draw_printout(run: Run) -> None:
    draw_subheading("What it printed")
    draw_printout(run.printed, len(run.losses))
    printed = "The loss before each update."
    if run.settings.batch_size:
        printed = "The loss of each epoch: the mean over its batches, each before its update."
    st.caption(f"{printed} The chart's last dot is the loss after the final update.")
