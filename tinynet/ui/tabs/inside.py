"""One epoch opened up: the five lines of the loop, with the real tensors beside them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial

import streamlit as st

from tinynet.analysis.epoch import Epoch, batch_count
from tinynet.links.address import EPOCH
from tinynet.training.run import Run
from tinynet.ui.components.lines import draw_lines, update_asked
from tinynet.ui.runs import finished_run
from tinynet.ui.session import change, change_stage, current_visit
from tinynet.ui.tabs.arithmetic import draw_arithmetic
from tinynet.ui.widgets import mirrored

BATCH = "batch opened up"


def draw_inside_tab(run: Run | None) -> None:
    """Draw one epoch of a finished run, opened up."""
    if run is None or not run.finished:
        return
    with st.container(horizontal=True):
        number = _pick_epoch(len(run.losses))
        batch = _pick_batch(batch_count(run.settings))
    epoch = _opened(run, number, batch)
    # Of a batch the rows are others than those of the run, which the player shows.
    row = None if run.settings.batch_size else min(current_visit().row, len(epoch.y_pred) - 1)
    draw_lines(run, epoch, row, _show_update_of_lines)
    st.divider()
    draw_arithmetic(run, epoch)


def _opened(run: Run, epoch: int, batch: int) -> Epoch:
    """Return an epoch, kept for the next row or unit; nothing of a file is kept."""
    return (_explained if run.settings.files else _kept_for_all)(run, epoch, batch)


def _explained(run: Run, epoch: int, batch: int) -> Epoch:
    from tinynet.analysis.explain import explain  # noqa: PLC0415 - torch is slow

    return explain(run, epoch, batch)


_kept_for_all = lru_cache(maxsize=4)(_explained)  # 15 MB each at most, their runs not counted


def _pick_epoch(epochs: int) -> int:
    last = epochs - 1
    if last == 0:
        st.caption("This run has one epoch, number 0.")
        return 0
    state = current_visit().state
    shown = last if state is None else min(state, last)
    st.number_input(
        f"Epoch, 0 to {last:,}",
        0,
        last,
        shown,
        help="The epoch to open up, counted from 0 as the script counts: its lines lead from the "
        "network above, as it was when the epoch began, to the next.",
        width=240,
        **mirrored(EPOCH, shown, partial(_show_epoch, epochs)),
    )
    return shown


def _pick_batch(batches: int) -> int:
    """Return which of an epoch's batches is opened up, counted from 0."""
    if batches == 1:
        return 0
    shown = min(current_visit().batch + 1, batches)
    st.number_input(
        f"Batch, 1 to {batches:,}",
        1,
        batches,
        shown,
        help="Each batch is an update of its own: the lines run once for each.",
        width=240,
        **mirrored(BATCH, shown, _show_batch),
    )
    return shown - 1


def _show_epoch(epochs: int, epoch: int) -> None:
    change_stage(lambda visit: visit.at_epoch(epoch, epochs))


def _show_batch(shown: int) -> None:
    change(lambda visit: replace(visit, batch=shown - 1))


def _show_update_of_lines() -> None:
    update, run = update_asked(), finished_run()
    if update is None or run is None:
        return
    epoch, batch = divmod(update, batch_count(run.settings))
    change_stage(lambda visit: visit.at_epoch(epoch, len(run.losses), batch))
