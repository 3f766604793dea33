"""The page's first view: what happened, the loss chart, the predictions, the printout."""

from __future__ import annotations

from time import perf_counter

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tinynet.charts import Scale, describe_loss_chart, loss_chart
from tinynet.diagnosis import loss_text
from tinynet.run import Run
from tinynet.tables import prediction_table
from tinynet.ui.chart import draw_chart
from tinynet.ui.controls import current_settings, draw_notices, keep_state_within
from tinynet.ui.pace import MOVE
from tinynet.ui.printout import draw_plain_text, draw_printout
from tinynet.ui.redraw import TRAIN, draws_parts, let_the_browser_paint, part
from tinynet.ui.runs import (
    is_in_progress,
    is_new_on_the_screen,
    note_shown,
    previous_run,
    train_on,
)
from tinynet.ui.story import tell

FIGURE_WIDTH = 163  # pixels: two fit side by side on a phone
HEADING_HEIGHT = 44
ARTICLE_LINK = (
    "https://medium.com/coinmonks/"
    "create-a-neural-network-in-pytorch-and-make-your-life-simpler-ec5367895199"
)
THE_LOOP = """\
for epoch in range({epochs}):
    y_pred = model(x)
    loss = criterion(y_pred, y)
    print('epoch: ', epoch, ' loss: ', loss.item())
    {zero_grad}
    loss.backward()
    optimizer.step()
"""
ABOUT = f"""\
This is the network of a [short article]({ARTICLE_LINK}) on PyTorch, alive: ten inputs, five hidden
units with ReLU, one sigmoid output, mean squared error, plain gradient descent, fifty epochs on a
batch of ten random rows. Every number here comes out of PyTorch itself, to the last bit: the
article's own loop, after `torch.set_num_threads(1)` and `torch.manual_seed(seed)`, prints the
same losses on the same PyTorch version and kind of processor; elsewhere they begin equal to about
six digits and drift apart, at the largest learning rates sometimes far. The article sets no seed;
here it is 0 until you change it.
"""


@st.fragment(key=TRAIN)
def draw_train_tab(story: DeltaGenerator, *, is_open: bool) -> None:
    """Train what the sidebar is set to, tell its story above the tabs, and draw it.

    A long run is drawn as far as it is, again and again, until its end.
    """
    with part(TRAIN, MOVE):
        run = _draw_story_and_run(story, is_open=is_open)
    if run and not run.finished and draws_parts():
        st.rerun(scope="fragment")


def train_to_the_end() -> None:
    """Draw the whole page again if its run is still in progress."""
    if is_in_progress():
        st.rerun()


def _draw_story_and_run(story: DeltaGenerator, *, is_open: bool) -> Run | None:
    asked = perf_counter()
    run = train_on(current_settings())
    with story:
        draw_notices()
        tell(run)
    if run is None:
        return None
    note_shown(run, asked)
    if run.finished:
        keep_state_within(len(run.losses))  # one that broke has fewer epochs than its settings
    if is_open:
        _draw_run(run)
    return run


def _draw_run(run: Run) -> None:
    _draw_figures(run)
    left, right = st.columns([11, 9], gap="medium")
    with left:
        _draw_loss_chart(run)
    if is_new_on_the_screen():
        let_the_browser_paint()
    with right:
        _draw_predictions(run)
    left, right = st.columns([11, 9], gap="medium")
    with left:
        _draw_loop(run)
    with right:
        _draw_printout(run)
    _draw_about()


def _draw_figures(run: Run) -> None:
    change = f"{run.final_loss - run.every_loss[0]:+.4f}"
    with st.container(horizontal=True, horizontal_alignment="distribute", key="figures"):
        _draw_figure(
            "Final loss",
            loss_text(run.final_loss),
            f"{change} since epoch 0",
            "The mean squared error after the last update.",
            judged=float(change) != 0 and not run.broke,
        )
        _draw_figure(
            "Right answers",
            f"{run.right.sum()} of {len(run.right)}",
            f"always guessing 1: {run.right_by_always_one}",
            "A prediction above one half says 1. Always guessing 1 gets as many rows right as "
            "there are ones among the targets, without having learned anything.",
        )
        _draw_figure(
            "Parameters",
            f"{run.parameter_count:,}",
            " → ".join(map(str, (run.inputs.shape[1], *run.settings.hidden_units, 1))),
            "The weights and biases that the training adjusts, in a network of so many inputs, "
            "hidden units and outputs.",
        )
        _draw_figure(
            "Training time",
            f"{1000 * run.seconds:,.0f} ms",
            f"on {run.device}",
            f"How long the training took, in one thread, with PyTorch {run.torch_version} on "
            f"{run.processor}. A run is trained once, and then kept for everyone.",
        )


def _draw_figure(label: str, value: str, note: str, meaning: str, *, judged: bool = False) -> None:
    st.metric(
        label,
        value,
        note,
        help=meaning,
        width=FIGURE_WIDTH,
        delta_color="inverse" if judged else "off",  # less loss is better
        delta_arrow="auto" if judged else "off",
    )


def _draw_loss_chart(run: Run) -> None:
    with _heading("Loss by epoch"):
        scale = st.segmented_control(
            "Scale of the loss axis",
            list(Scale),
            default=Scale.FROM_ZERO,
            required=True,
            key="scale",
            persist_state="session",
            label_visibility="collapsed",
        )
    draw_chart(
        loss_chart(run, previous_run(run), scale).to_json(),
        key="loss chart",
        description=describe_loss_chart(run),
        name="loss",
    )


def _draw_predictions(run: Run) -> None:
    _heading("Predictions and targets")
    table = prediction_table(run)
    st.dataframe(
        table.assign(right=table["right"].map({True: "✓", False: "✖"})),
        hide_index=True,
        row_height=30,
        key="predictions",
        alt="The prediction and target of each row of the batch, after the last update.",
        column_config={
            "row": st.column_config.NumberColumn("Row", width=42),
            "target": st.column_config.NumberColumn("Target", width=54),
            "prediction": st.column_config.ProgressColumn(
                "Prediction", min_value=0, max_value=1, format="%.4f", color="blue", width=118
            ),
            "squared error": st.column_config.NumberColumn(
                "Sq. error", format="%.4f", width=72, help="(prediction - target)²"
            ),
            "right": st.column_config.TextColumn("Right", width=50, alignment="center"),
        },
    )


def _heading(text: str) -> DeltaGenerator:
    """Draw a heading, and return its row; rows side by side are equally high."""
    row = st.container(
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
        height=HEADING_HEIGHT,
        border=False,
    )
    row.subheader(text, anchor=False, width="content")
    return row


def _draw_loop(run: Run) -> None:
    st.subheader("The loop", anchor=False)
    kept = run.settings.zero_gradients
    zero_grad = "optimizer.zero_grad()" if kept else "# optimizer.zero_grad() was forgotten"
    draw_plain_text(THE_LOOP.format(epochs=run.settings.epochs, zero_grad=zero_grad))


def _draw_printout(run: Run) -> None:
    st.subheader("What it printed", anchor=False)
    draw_printout(run.printed, len(run.losses))
    st.caption("The loss before each update. The chart's last dot is the loss after the final one.")


def _draw_about() -> None:
    st.subheader("What this is", anchor=False)
    st.markdown(ABOUT)
