"""*Look inside*: one epoch, with the real tensors beside the five lines of the loop."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial

import streamlit as st

from tinynet.analysis.epoch import Epoch, batch_count
from tinynet.links.address import EPOCH
from tinynet.training.run import Run
from tinynet.ui.components.lines import draw_lines, update_asked
from tinynet.ui.runs import kept_run
from tinynet.ui.session import change, change_stage, current_visit
from tinynet.ui.tabs.arithmetic import draw_arithmetic
from tinynet.ui.visit import Visit
from tinynet.ui.widgets import mirrored

BATCH = "batch opened up"  # a key, since "batch" is the key of the knob


def draw_tab(visit: Visit, run: Run | None) -> None:
    """Draw one epoch of a finished run."""
    if run is None or not run.finished:
        return
    with st.container(horizontal=True):
        number = _pick_epoch(visit, len(run.losses))
        batch = _pick_batch(visit, batch_count(run.settings))
    epoch = _opened(run, number, batch)
    # The player shows the rows of the run, which a batch numbers differently.
    row = None if run.settings.batch_size else min(visit.row, len(epoch.y_pred) - 1)
    draw_lines(run, epoch, row, _show_update_of_lines)
    st.divider()
    draw_arithmetic(visit, run, epoch)


def _opened(run: Run, epoch: int, batch: int) -> Epoch:
    """Explain an epoch; keep the result, unless it holds user data."""
    return (_explained if run.settings.files else _kept_for_all)(run, epoch, batch)


def _explained(run: Run, epoch: int, batch: int) -> Epoch:
    from tinynet.analysis.explain import explain  # noqa: PLC0415 - torch is slow

    return explain(run, epoch, batch)


_kept_for_all = lru_cache(maxsize=4)(_explained)  # 15 MB each at most, their runs not counted


def _pick_epoch(visit: Visit, epochs: int) -> int:
    last = epochs - 1
    if last == 0:
        st.caption("This run has one epoch, number 0.")
        return 0
    shown = last if visit.state is None else min(visit.state, last)
    st.number_input(
        f"Epoch, 0 to {last:,}",
        0,
        last,
        shown,
        help="Counted from 0, as in the script. The picture above shows the network at the start "
        "of this epoch. The lines below lead to the next.",
        width=240,
        **mirrored(EPOCH, shown, partial(_show_epoch, epochs)),
    )
    return shown


def _pick_batch(visit: Visit, batches: int) -> int:
    """Let the visitor pick a batch of the epoch; return its number, from 0."""
    if batches == 1:
        return 0
    shown = min(visit.batch + 1, batches)
    st.number_input(
        f"Batch, 1 to {batches:,}",
        1,
        batches,
        shown,
        help="The lines run once for each batch, and each time update the network.",
        width=240,
        **mirrored(BATCH, shown, _show_batch),
    )
    return shown - 1


def _show_epoch(epochs: int, epoch: int) -> None:
    change_stage(lambda visit: visit.at_epoch(epoch, epochs))


def _show_batch(shown: int) -> None:
    change(lambda visit: replace(visit, batch=shown - 1))


def _show_update_of_lines() -> None:
    update, run = update_asked(), kept_run(current_visit().settings)
    if update is None or run is None:
        return
    epoch, batch = divmod(update, batch_count(run.settings))
    change_stage(lambda visit: visit.at_epoch(epoch, len(run.losses), batch))
