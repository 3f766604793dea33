"""One epoch opened up: the five lines of the loop, with the real tensors beside them."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from tinynet.address import EPOCH
from tinynet.epoch import Epoch, batch_count
from tinynet.run import Run
from tinynet.ui.arithmetic import draw_arithmetic, picked_row
from tinynet.ui.controls import SHOWN_STATE, current_settings
from tinynet.ui.lines import draw_lines, update_asked
from tinynet.ui.redraw import INSIDE, let_the_browser_paint, part
from tinynet.ui.runs import is_new_on_the_screen, shown_run
from tinynet.ui.share import link_is_stale
from tinynet.ui.stage import draw_stage, epoch_at_rest

BATCH = "batch opened up"
OPENED_EPOCH = "the epoch that is opened up of a file"


@st.fragment(key=INSIDE)
def draw_inside_tab(*, is_open: bool) -> None:
    """Draw the run on the screen, moving, and one of its epochs opened up.

    The epoch's number is drawn in a closed tab too: undrawn, it would leave the address.
    """
    with part(INSIDE):
        _draw_run(is_open=is_open)
    if link_is_stale():
        st.rerun()


def _draw_run(*, is_open: bool) -> None:
    run = shown_run()
    if run is None:
        _pick_epoch(current_settings().epochs)
        return
    with st.container(key="opened"):  # within it the picture stays in sight
        if is_open:
            draw_stage(run, opens_epochs=True)
            if is_new_on_the_screen():
                let_the_browser_paint()  # its script starts a little after all else
        epoch = _draw_pickers_and_lines(run, is_open=is_open)
    if epoch:
        st.divider()
        draw_arithmetic(run, epoch)


def _draw_pickers_and_lines(run: Run, *, is_open: bool) -> Epoch | None:
    """Draw what picks the epoch, and if the tab is open, the epoch's lines."""
    batches = batch_count(run.settings) if is_open else 1
    with st.container(horizontal=True):
        number = _pick_epoch(len(run.losses))
        batch = _pick_batch(batches)
    if not is_open:
        return None
    epoch = _opened(run, number, batch)
    # Of a batch the rows are others than those of the run, which the player shows.
    row = None if run.settings.batch_size else picked_row(len(epoch.y_pred))
    draw_lines(run, epoch, row, _show_update_of_lines)
    return epoch


def _opened(run: Run, epoch: int, batch: int) -> Epoch:
    """Return an epoch, kept for the next row or unit; of a file, for this visit alone."""
    if not run.settings.files:
        return _kept_for_all(run, epoch, batch)
    asked = run, epoch, batch
    if st.session_state.get(OPENED_EPOCH, (None, None))[0] != asked:
        st.session_state[OPENED_EPOCH] = asked, _explained(*asked)
    opened: Epoch = st.session_state[OPENED_EPOCH][1]
    return opened


def _explained(run: Run, epoch: int, batch: int) -> Epoch:
    from tinynet.explain import explain  # noqa: PLC0415 - torch is slow

    return explain(run, epoch, batch)


_kept_for_all = lru_cache(maxsize=4)(_explained)  # 15 MB each at most


def _pick_epoch(epochs: int) -> int:
    last = epochs - 1
    at_rest = epoch_at_rest()
    if last == 0:
        st.caption("This run has one epoch, number 0.")
        return 0
    if at_rest is not None:
        st.session_state[EPOCH] = min(at_rest, last)
    epoch: int = st.number_input(
        f"Epoch, 0 to {last:,}",
        0,
        last,
        last,
        key=EPOCH,
        help="The epoch to open up, counted from 0 as the script counts: its lines lead from the "
        "network above, as it was when the epoch began, to the next.",
        on_change=_show_epoch,
        args=(last,),
        bind="query-params",
        width=240,
    )
    return epoch


def _pick_batch(batches: int) -> int:
    """Return which of an epoch's batches is opened up, counted from 0."""
    if batches == 1:
        return 0
    if st.session_state.get(BATCH, 1) > batches:
        st.session_state[BATCH] = batches
    batch: int = st.number_input(
        f"Batch, 1 to {batches:,}",
        1,
        batches,
        1,
        key=BATCH,
        help="Each batch is an update of its own: the lines run once for each.",
        width=240,
        persist_state="session",
    )
    return batch - 1


def _show_epoch(last: int) -> None:
    epoch = st.session_state[EPOCH]
    st.session_state[SHOWN_STATE] = None if epoch == last else epoch


def _show_update_of_lines() -> None:
    update, run = update_asked(), shown_run()
    if update is None or run is None:
        return
    epoch, batch = divmod(update, batch_count(run.settings))
    last = len(run.losses) - 1
    st.session_state[EPOCH] = min(epoch, last)
    st.session_state[BATCH] = batch + 1
    _show_epoch(last)
