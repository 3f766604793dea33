"""The page's first view: the network at work beside its loss, and the numbers below."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from time import perf_counter

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tinynet.charts import Scale, describe_loss_chart, loss_chart_as_json
from tinynet.diagnosis import loss_text
from tinynet.parts.losses import LOSSES
from tinynet.parts.tasks import TaskName
from tinynet.run import Run
from tinynet.ui.chart import draw_chart
from tinynet.ui.controls import (
    current_settings,
    draw_notices,
    is_presenting,
    keep_state_within,
)
from tinynet.ui.pace import MOVE
from tinynet.ui.predictions import draw_predictions
from tinynet.ui.printout import draw_plain_text, draw_printout
from tinynet.ui.redraw import (
    TABLE_STANDS,
    WATCH,
    draws_parts,
    let_it_leave,
    let_the_browser_paint,
    part,
)
from tinynet.ui.runs import (
    is_in_progress,
    is_new_on_the_screen,
    note_shown,
    previous_run,
    train_on,
)
from tinynet.ui.stage import draw_stage
from tinynet.ui.story import tell
from tinynet.ui.widgets import draw_heading_row, draw_subheading, draw_switch

MOST_R_SQUARED = 1e4  # beyond, its digits would not fit
FIGURE_WIDTH = 163  # pixels: two fit side by side on a phone
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


@st.fragment(key=WATCH)
def draw_watch_tab(story: DeltaGenerator, *, is_open: bool) -> None:
    """Train what the sidebar is set to, tell its story above the tabs, and draw it.

    A long run is drawn as far as it is, again and again, until its end.
    """
    with part(WATCH, MOVE):
        run = _draw_run(story, is_open=is_open)
        if is_open and draws_parts():  # a message may come from the picture
            let_it_leave()
    if run and not run.finished and draws_parts():
        st.rerun(scope="fragment")


def train_to_the_end() -> None:
    """Draw the whole page again if its run is still in progress."""
    if is_in_progress():
        st.rerun()


def _draw_run(story: DeltaGenerator, *, is_open: bool) -> Run | None:
    asked = perf_counter()
    st.session_state[TABLE_STANDS] = False
    run = train_on(current_settings())
    if run:
        note_shown(run, asked)
        if run.finished:
            keep_state_within(len(run.losses))  # one that broke has fewer epochs than its settings
        if is_open:
            _draw_what_moves(run)
    with story:  # the words last: sent by themselves, they would be painted by themselves
        draw_notices()
        tell(run)
    if run and is_open and not is_presenting():
        if is_new_on_the_screen():
            let_the_browser_paint()
        _draw_rest(run)
    return run


def _draw_what_moves(run: Run) -> None:
    """Draw the stage, the figures and the chart: what takes longest to make, first."""
    left, right = st.columns([2, 1] if is_presenting() else [13, 9], gap="medium")
    with left:
        draw_stage(run)
    if not is_presenting():
        _draw_figures(run)
    with right:
        _draw_loss_chart(run)


def _draw_rest(run: Run) -> None:
    left, right = st.columns([11, 9], gap="medium")
    with left:
        _draw_loop(run)
    with right:
        draw_predictions(run)
    _draw_printout(run)
    _draw_about()


def _draw_figures(run: Run) -> None:
    change = f"{run.final_loss - run.every_loss[0]:+.4f}"
    tested = run.final_test_loss
    test = "" if tested is None else f"on test rows: {loss_text(tested)}"
    measure = LOSSES[run.settings.loss].of_a_row
    with st.container(horizontal=True, horizontal_alignment="distribute", key="figures"):
        _draw_figure(
            "Final loss",
            loss_text(run.final_loss),
            test or (f"{change} since epoch 0" if isfinite(run.final_loss) else "no number"),
            f"The mean {measure} after the last update.",
            judged=not test and float(change) != 0 and isfinite(run.final_loss),
        )
        _SCORES[run.task](run)
        _draw_figure(
            "Parameters",
            f"{run.parameter_count:,}",
            "-".join(
                map(str, (run.inputs.shape[1], *run.settings.hidden_units, run.settings.outputs))
            ),
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


def _draw_right_of_two(run: Run) -> None:
    _draw_right_answers(
        run,
        "A prediction above one half says 1. Always guessing 1 gets as many rows right as there "
        f"are ones among the targets, here {run.right_by_guessing}, without having learned "
        "anything.",
    )


def _draw_right_of_several(run: Run) -> None:
    _draw_right_answers(
        run,
        "The largest output says the class. Always guessing the most frequent class, "
        f"{run.guess}, gets {run.right_by_guessing} rows right, without having learned anything.",
    )


def _draw_right_answers(run: Run, meaning: str) -> None:
    note = f"always {run.guess}: {run.right_by_guessing} right"
    if run.has_test:
        note = f"of test rows: {run.test_right.sum()} of {len(run.test_right)}"
    _draw_figure("Right at the end", f"{run.right.sum()} of {len(run.right)}", note, meaning)


def _draw_r_squared(run: Run) -> None:
    note = "all targets alike" if run.r_squared is None else "exact: 1, the mean: 0"
    if run.has_test:
        note = f"on test rows: {_share(run.test_r_squared)}"
    _draw_figure(
        "R² at the end",
        _share(run.r_squared),
        note,
        "How much of the targets' variance the predictions account for: 1 if all are exact, 0 for "
        "always answering the mean of the targets, below 0 if worse.",
    )


def _share(r_squared: float | None) -> str:
    if r_squared is None or not isfinite(r_squared):
        return "–"
    return f"{r_squared:.3f}" if abs(r_squared) < MOST_R_SQUARED else f"{r_squared:.1e}"


_SCORES: dict[TaskName, Callable[[Run], None]] = {
    "classes": _draw_right_of_two,
    "several": _draw_right_of_several,
    "regression": _draw_r_squared,
}


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
    scale = _pick_scale()
    draw_chart(
        loss_chart_as_json(run, previous_run(run), scale),
        key="loss chart",
        description=describe_loss_chart(run, scale),
        name="loss",
    )


def _pick_scale() -> Scale:
    with draw_heading_row("Loss by epoch"):
        return Scale(draw_switch("Scale of the loss axis", list(Scale), "scale"))


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
