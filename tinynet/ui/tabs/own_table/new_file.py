"""A file of new rows: uploaded, answered, and handed back with the answers."""

from __future__ import annotations

from functools import partial

import streamlit as st

from tinynet.training.run import Run
from tinynet.ui.pace import in_turn
from tinynet.ui.runs import kept_run
from tinynet.ui.session import open_with_stage
from tinynet.ui.sidebar.shelf import keep_new_rows, new_rows
from tinynet.ui.sidebar.uploads import refused_in, take_upload
from tinynet.ui.text import inert
from tinynet.ui.widgets import draw_subheading
from tinynet.user_data import DataError, Sheet, Table, read_sheet
from tinynet.user_data.limits import ENDINGS, PAGE
from tinynet.user_data.words import counted

UPLOADS, REFUSAL = "uploads of new rows", "refusal of new rows"
PREVIEWED = 5  # rows


@st.fragment
def draw_new_file() -> None:
    """Draw the upload and its answers, as a fragment that a new file redraws."""
    run = kept_run(open_with_stage().settings)
    if run and isinstance(run.settings.data, Table):
        with in_turn("new file"), st.container(key="new_rows"):
            draw_subheading("Predict a file")
            _draw(run, run.settings.data)


def _draw(run: Run, data: Table) -> None:
    upload, answers = st.columns([11, 9], gap="medium")
    with upload:
        key = f"new rows {st.session_state.get(UPLOADS, 0)}"  # a new key makes an empty widget
        st.file_uploader(
            "Rows with the same input columns",
            ENDINGS,
            key=key,
            on_change=_read,
            args=(key, data),
            max_upload_size=2,
        )
    with answers:
        if refusal := st.session_state.pop(REFUSAL, ""):
            st.error(inert(refusal), icon=":material/error:")
        elif sheet := new_rows(data.sheet):
            _draw_answers(run, sheet)


def _read(key: str, data: Table) -> None:
    """Keep an uploaded file as the new rows of this table, or note why that is impossible."""
    if not (file := take_upload(key, UPLOADS)):
        return
    with refused_in(REFUSAL, "These rows cannot be read as a table."):
        keep_new_rows(read_sheet(*file, PAGE), data.sheet)


def _draw_answers(run: Run, sheet: Sheet) -> None:
    from tinynet.export.answers import answered, to_answers  # noqa: PLC0415 - torch is slow
    from tinynet.training.prediction import predictor_of  # noqa: PLC0415

    predictor = predictor_of(run)
    try:
        table = answered(predictor, sheet)
    except DataError as refusal:
        st.error(inert(f"{sheet.name}: {refusal}"), icon=":material/error:")
        return
    st.markdown(inert(_summary(sheet, int(table.iloc[:, 0].isna().sum()))))
    st.dataframe(
        table.head(PREVIEWED), hide_index=True, key="answers", alt=f"The answers for {sheet.name}."
    )
    st.download_button(
        "Rows with answers (.csv)",
        partial(to_answers, predictor, sheet),
        f"{sheet.name.rpartition('.')[0] or sheet.name} answers.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
        key="download answers",
    )


def _summary(sheet: Sheet, gaps: int) -> str:
    answers = f"{sheet.name}: {counted(len(sheet) - gaps, 'row')} answered."
    return f"{answers} {counted(gaps, 'row')} with a gap: no answer." if gaps else answers
