"""The form: a field for each input column of the table, and what the network answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from tinynet.training.run import Run
from tinynet.ui.pace import in_turn
from tinynet.ui.runs import kept_run
from tinynet.ui.session import open_with_stage
from tinynet.ui.tabs.bars import bars, shown
from tinynet.ui.tabs.own_table.fields import MOST_FIELDS, WIDTH, Field
from tinynet.ui.tabs.own_table.units import number_in_unit
from tinynet.ui.text import inert
from tinynet.ui.widgets import draw_subheading
from tinynet.user_data import DataError, Table
from tinynet.user_data.words import shortened

FORM = "form"  # the fragment
ROW, FILLED = "row of the form", "what the form is filled with"


@st.fragment(key=FORM)
def draw_form() -> None:
    """Draw the fields and the answer, as a fragment that each field redraws."""
    run = kept_run(open_with_stage().settings)
    if run and isinstance(run.settings.data, Table):
        with in_turn(FORM), st.container(key="predict"):
            draw_subheading("Predict")
            _draw(run, run.settings.data)


def _draw(run: Run, data: Table) -> None:
    st.caption("Move a field: the trained network answers at once.")
    fields, result = st.columns([11, 9], gap="medium")
    with fields:
        row, place = _draw_fields(data)
    with result:
        _draw_answer(run, data, row)
        if st.session_state[ROW] is not None:
            _draw_target(data, place)


def _draw_fields(data: Table) -> tuple[pd.DataFrame, int]:
    """Draw the fields; return the row that they hold, and the place of the row they began with."""
    columns = data.data_set.sources
    fields = [Field(data, each, f"field {at}") for at, each in enumerate(columns[:MOST_FIELDS])]
    with st.container(horizontal=True, key="fields"):
        place = _fill(fields, data)
        _draw_row_number(data)
        for each in fields:
            each.draw()
    if more := len(columns) - len(fields):
        st.caption(f"{more} more input columns keep the values of this row.")
    row = data.frame[[each.name for each in columns]].iloc[[place]].reset_index(drop=True)
    for each in fields:
        row[each.name] = [each.value]
    return row, place


def _draw_row_number(data: Table) -> None:
    st.number_input(
        "Row of the file",
        1,
        len(data.sheet),
        None,
        key=ROW,
        placeholder="changed",
        persist_state="session",
        width=WIDTH,
        help="Fills the fields with the values of a row, counted from 1 below the names.",
    )


def _place(data: Table, number: int) -> int:
    """Return the place of the row among those that are used; one with a gap leads to the next."""
    place = int(np.searchsorted(data.row_numbers, number))
    return min(place, len(data.row_numbers) - 1)


def _fill(fields: list[Field], data: Table) -> int:
    """Fill the fields for another row or other data; return the place of that row.

    Once the visitor changes a field, the form has no row number.
    """
    number: int | None = st.session_state.get(ROW)
    word, before, seen, is_edited = st.session_state.get(FILLED, ("", 0, [], False))
    is_known = word == data.word() and all(each.key in st.session_state for each in fields)
    values = [each.value for each in fields] if is_known else []
    if is_known and number is None and is_edited:
        st.session_state[FILLED] = word, before, values, True
        return int(before)
    if number is None or number > len(data.sheet):
        number = st.session_state[ROW] = int(data.row_numbers[before if is_known else 0])
    place = _place(data, number)
    # Other values are an edit, even if the browser has not been told yet that the row changed.
    if is_known and place == before and values != seen:
        st.session_state[ROW] = None
        st.session_state[FILLED] = word, place, values, True
    elif not is_known or place != before or is_edited:
        for each in fields:
            each.fill(place)
        st.session_state[FILLED] = data.word(), place, [each.value for each in fields], False
    return place


def _draw_answer(run: Run, data: Table, row: pd.DataFrame) -> None:
    try:
        answers = run.predict(row)
    except DataError as refusal:
        st.caption(inert(str(refusal)))
        return
    answer, *shares = answers.iloc[0]
    said = str(answer) if run.has_classes else number_in_unit(data, answer)
    each_class = zip(data.class_names, shares, strict=True) if run.has_classes else ()
    st.html(
        f'<div class="answer" role="status"><div>{shown(data.target)}</div>'
        f"<strong>{shown(said)}</strong></div>"
        f"{bars((name, share, f'{share:.4f}') for name, share in each_class)}"
    )


def _draw_target(data: Table, place: int) -> None:
    target = data.frame[data.target].iloc[place]
    text = number_in_unit(data, target, finer=0) if data.data_set.y_scaled else str(target)
    st.caption(inert(f"In the file, row {data.row_numbers[place]:,} has {shortened(text)}."))
