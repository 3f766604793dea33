"""*Look inside*: one epoch, with the real tensors beside the five lines of the loop."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from tinynet.analysis.epoch import Epoch, batch_count
from tinynet.training.run import Run
from tinynet.ui.components.lines import draw_lines, update_asked
from tinynet.ui.runs import kept_run
from tinynet.ui.session import change_stage, current_visit
from tinynet.ui.tabs.arithmetic import draw_arithmetic
from tinynet.ui.visit import Visit


def draw_tab(visit: Visit, run: Run | None) -> None:
    """Draw one epoch of a finished run."""
    if run is None or not run.finished:
        return
    last = len(run.losses) - 1
    number = last if visit.state is None else min(visit.state, last)
    explained = _explained if run.settings.files else _kept_for_all  # user data are not kept
    epoch = explained(run, number, min(visit.batch, batch_count(run.settings) - 1))
    # The player shows the rows of the run, which a batch numbers differently.
    row = None if run.settings.batch_size else min(visit.row, len(epoch.y_pred) - 1)
    draw_lines(run, epoch, row, _show_update_of_lines)
    st.divider()
    draw_arithmetic(visit, run, epoch)


def _explained(run: Run, epoch: int, batch: int) -> Epoch:
    from tinynet.analysis.explain import explain  # noqa: PLC0415 - torch is slow

    return explain(run, epoch, batch)


_kept_for_all = lru_cache(maxsize=4)(_explained)  # 15 MB each at most, their runs not counted


def _show_update_of_lines() -> None:
    update, run = update_asked(), kept_run(current_visit().settings)
    if update is None or run is None:
        return
    epoch, batch = divmod(update, batch_count(run.settings))
    change_stage(lambda visit: visit.at_epoch(epoch, len(run.losses), batch))
