"""What a network is worth: its score beside simpler models, and how much each column matters.

Each part is computed at a press, in turns, and kept in the store for all visitors.
"""

from __future__ import annotations

from math import isnan
from time import perf_counter
from typing import TYPE_CHECKING, cast

import streamlit as st

from tinynet.analysis.coach.changes import cost
from tinynet.serving.requests import ImportanceRequest, RivalsRequest
from tinynet.training.run import Run
from tinynet.ui.components.asking import ask_for
from tinynet.ui.pace import in_turn
from tinynet.ui.runs import PASS, STORE, Done, kept_run, work_on
from tinynet.ui.session import open_with_stage
from tinynet.ui.tabs.bars import bars
from tinynet.ui.widgets import draw_subheading

if TYPE_CHECKING:
    from tinynet.analysis.importance import Importance
    from tinynet.analysis.rivals import Rivals

WORTH = "worth"
LONGEST = 30.0  # seconds of one core for all splits
MOST_COLUMNS = 12
FAILED = "This could not be computed on this machine."


@st.fragment
def draw_worth() -> None:
    """Draw both parts, as a fragment that reruns until what was asked for is complete."""
    run = kept_run(open_with_stage().settings)
    if run is None or run.diverged:
        return
    with in_turn(WORTH), st.container(key=WORTH):
        columns, models = st.columns([11, 9], gap="medium")
        with columns:
            done = [_draw_importance(run)]
        with models:
            done.append(_draw_rivals(run))
    if any(each.goes_on for each in done):
        ask_for("more worth", more=True)


def _draw_importance(run: Run) -> Done:
    from tinynet.analysis.importance import why_no_importance  # noqa: PLC0415 - torch is slow

    draw_subheading("What matters")
    if not run.has_test:
        st.caption("This is measured on test rows, and there are none. Set *Test rows*.")
        return Done(None)
    done = _asked(
        ImportanceRequest(run.settings, run),
        "Shuffle each column",
        why_no_importance(run),
        "Shuffles one column of the test rows at a time. The more the score falls, the more the "
        "network relies on this column.",
    )
    if done.so_far:
        _draw_columns(run, cast("Importance", done.so_far))
    elif done.goes_on:
        st.caption(f"Shuffling: {done.share:.0%} done …")
    return done


def _draw_columns(run: Run, found: Importance) -> None:
    table = found.table
    most = max(table["importance"].max(), 1e-9)
    rows = table.head(MOST_COLUMNS).itertuples(index=False, name=None)
    st.html(bars((name, lost / most, _mean(lost, spread)) for name, lost, spread in rows))
    measure = "share of correct test rows" if run.has_classes else "R² of the test rows"
    told = f"How much the {measure} falls when a column is shuffled: the mean of ten shuffles."
    if (more := len(table) - MOST_COLUMNS) > 0:
        told += f" {more} more columns matter less."
    st.caption(told)


def _draw_rivals(run: Run) -> Done:
    from tinynet.analysis.rivals import SPLITS, linear_settings  # noqa: PLC0415 - torch is slow

    draw_subheading("Beside simpler models")
    seconds = SPLITS * (cost(run.settings) + cost(linear_settings(run.settings)))
    done = _asked(
        RivalsRequest(run.settings),
        f"Compare on {SPLITS} splits",
        "These trainings would take too long." if seconds > LONGEST else "",
        "Trains this network and a linear network with five seeds. Each seed has other test rows "
        "and other initial weights.",
    )
    if done.so_far:
        _draw_scores(run, cast("Rivals", done.so_far))
    elif done.goes_on:
        st.caption(f"Training on {SPLITS} splits: {round(SPLITS * done.share)} done …")
    return done


def _draw_scores(run: Run, rivals: Rivals) -> None:
    named = ((each.name.capitalize(), each) for each in rivals)
    st.html(bars((name, each.mean, _mean(each.mean, each.spread)) for name, each in named))
    is_tested = rivals.network.ends[0].rows == len(run.test_targets)
    measure = "The share of correct" if run.has_classes else "R² of the"
    rows = "test rows" if is_tested else "training rows"
    told = f"{measure} {rows}: mean and standard deviation of {len(rivals.network.ends)} seeds."
    if not rivals.linear.converged:
        told += " The linear network did not converge."
    st.caption(told)


def _asked(request: RivalsRequest | ImportanceRequest, label: str, why_not: str, hint: str) -> Done:
    """Draw a button for a request; once it is pressed, work on the request."""
    key = type(request).__name__
    if st.session_state.get(key) != request.settings and STORE.find(request) is None:
        st.button(
            label,
            key=f"ask for {key}",
            disabled=bool(why_not),
            help=why_not or hint,
            on_click=st.session_state.update,
            args=({key: request.settings},),
        )
        return Done(None)
    done = work_on(request, perf_counter() + PASS)
    if done.so_far is None and not done.goes_on:
        st.caption(FAILED)
    return done


def _mean(mean: float, spread: float) -> str:
    return "–" if isnan(mean) else f"{mean:.2f} ± {spread:.2f}"
