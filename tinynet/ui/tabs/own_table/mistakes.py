"""Mistakes: how far off the answers are, in words or units of the file, and in which rows."""

from __future__ import annotations

from functools import partial
from math import isnan
from typing import Any

import pandas as pd
import streamlit as st

from tinynet.training.run import Run
from tinynet.ui.pace import in_turn
from tinynet.ui.runs import kept_run
from tinynet.ui.session import MOVE, open_with_stage, update
from tinynet.ui.tabs.bars import shown
from tinynet.ui.tabs.own_table.form import FORM, ROW
from tinynet.ui.tabs.own_table.units import format_in_unit, size_in_unit
from tinynet.ui.tabs.predictions import ROWS, TEST_ROWS
from tinynet.ui.text import inert
from tinynet.ui.widgets import draw_heading_row, draw_switch
from tinynet.user_data import Table
from tinynet.user_data.words import shortened

MISTAKES = "mistakes"
MOST_ROWS = 100  # shown
MOST_VISIBLE = 8  # without scrolling
ROW_HEIGHT = 30  # pixels
SCORES = ("rows", "precision", "recall", "F1")


@st.fragment
def draw_mistakes() -> None:
    """Draw the scores and the worst rows, as a fragment that the choice of rows redraws."""
    run = kept_run(open_with_stage().settings)
    if run and isinstance(run.settings.data, Table):
        with in_turn(MISTAKES), st.container(key=MISTAKES):
            _draw(run, run.settings.data)


def _draw(run: Run, data: Table) -> None:
    heading = "Wrong rows" if run.has_classes else "Largest errors"
    with draw_heading_row(heading):
        test = run.has_test and draw_switch("Rows", ROWS, "rows of mistakes", 1) == TEST_ROWS
    rows, scores = st.columns([11, 9], gap="medium")
    with rows:
        _draw_worst(run, data, test=test)
    with scores:
        if run.has_classes:
            _draw_scores(run, test=test)
        else:
            _draw_errors(run, data, test=test)


def _draw_worst(run: Run, data: Table, *, test: bool) -> None:
    from tinynet.analysis.measures import worst_rows  # noqa: PLC0415 - torch is slow

    table = worst_rows(run, test=test)
    if run.has_classes:
        table = table[~table["correct"]].drop(columns="correct")
    st.caption(_told(table, run, data, test=test))
    if table.empty:
        return
    worst = table.head(MOST_ROWS)
    st.dataframe(
        worst if data.pixels else _with_inputs(worst, data),
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=(1 + min(len(worst), MOST_VISIBLE)) * ROW_HEIGHT + 7,
        key="worst rows",
        alt="The rows with the largest errors, by their numbers in the file.",
        column_config=_columns(data),
        on_select=partial(
            _open_row, worst["row"].tolist(), [MOVE] if data.pixels else [MOVE, FORM]
        ),
        selection_mode="single-row",
    )


def _told(table: pd.DataFrame, run: Run, data: Table, *, test: bool) -> str:
    """Return sentences on the rows, and on what to do with them."""
    rows = len(run.test_targets if test else run.targets)
    if table.empty:
        return f"All {rows:,} {'test' if test else 'training'} rows are correct."
    to_fill = "" if data.pixels else ", and fill the form with it"
    told = [f"Select a row to see its values in the network above{to_fill}."]
    if run.has_classes:
        of_all = f"{len(table):,} of {rows:,} {'test' if test else 'training'} rows"
        told.insert(0, f"Wrong: {of_all}, the least likely target first.")
    if len(table) > MOST_ROWS:
        told.append(f"The worst {MOST_ROWS} are shown.")
    return " ".join(told)


def _with_inputs(table: pd.DataFrame, data: Table) -> pd.DataFrame:
    """Return the rows with the values of their input columns."""
    inputs = data.sheet.frame.loc[table["row"].to_numpy() - 1, list(data.inputs)]
    names = {each: f"{each} (column)" for each in inputs.columns if each in table.columns}
    inputs = inputs.rename(columns=names).set_axis(table.index)
    return pd.concat([table, inputs], axis=1)


def _columns(data: Table) -> dict[str, Any]:
    """Return how the columns that are not of the file are shown."""
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    columns = {"row": number("Row", width=48)}
    if not data.data_set.y_scaled:
        named = {each: text(each.capitalize(), width=84) for each in ("target", "answer")}
        return columns | named | {"probability": number("Probability of target", format="%.4f")}
    written = format_in_unit(data)
    numbers = ("target", "answer", "error")
    return columns | {each: number(each.capitalize(), format=written, width=84) for each in numbers}


def _open_row(numbers: list[int], parts: list[str]) -> None:
    """Show the row that was selected on the stage, and fill the form with it, if it has one."""
    selected = st.session_state["worst rows"].selection.rows
    number = numbers[selected[0]] if selected and selected[0] < len(numbers) else None
    if number is not None:
        st.session_state[ROW] = number
    update(lambda visit: visit.with_row(number))
    st.rerun(parts)


def _draw_scores(run: Run, *, test: bool) -> None:
    from tinynet.analysis.measures import class_scores  # noqa: PLC0415 - torch is slow

    table = class_scores(run, test=test)
    head = "".join(f'<th scope="col">{each.capitalize()}</th>' for each in SCORES)
    rows = "".join(
        f'<tr><th scope="row">{shown(name)}</th><td>{scores[0]:,.0f}</td>'
        f"{''.join(f'<td>{_share(each)}</td>' for each in scores[1:])}</tr>"
        for name, scores in zip(table.index, table[list(SCORES)].to_numpy(float), strict=True)
    )
    st.html(f'<table class="confusion many"><tr><td></td>{head}</tr>{rows}</table>')


def _share(value: float) -> str:
    return "–" if isnan(value) else f"{value:.3f}"


def _draw_errors(run: Run, data: Table, *, test: bool) -> None:
    from tinynet.analysis.measures import errors  # noqa: PLC0415 - torch is slow

    found = errors(run, test=test)
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td>{size_in_unit(data, value)}</td></tr>'
        for name, value in (("MAE", found.mae), ("RMSE", found.rmse))
    )
    st.html(f'<table class="confusion">{rows}</table>')
    measures = "The mean absolute error and the root of the mean squared error"
    st.caption(inert(f"{measures}, in the unit of {shortened(data.target)}."))
