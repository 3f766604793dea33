"""The file panel: where the visitor uploads a table, and picks its target, task and inputs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from tinynet.registry.tasks import TASKS
from tinynet.settings import Settings
from tinynet.ui.runs import STORE
from tinynet.ui.sidebar.file_actions import (
    NOTE,
    OPEN,
    REFUSAL,
    UPLOADS,
    choose_inputs,
    choose_reading,
    choose_target,
    choose_task,
    open_example,
    opened_by,
    read_upload,
)
from tinynet.ui.sidebar.shelf import forget_orphans
from tinynet.ui.text import inert
from tinynet.ui.visit import Visit
from tinynet.ui.widgets import mirrored
from tinynet.user_data import Table
from tinynet.user_data.examples import EXAMPLES
from tinynet.user_data.limits import ENDINGS
from tinynet.user_data.table import PARTS
from tinynet.user_data.words import shortened

TARGET, TASK, INPUTS = "file target", "file task", "file inputs"
GAPS = {"rows": "Leave out rows", "columns": "Leave out columns", "fill": "Fill"}
EXCEPTIONS = {"gaps": "Gaps", "words": "Words"}
WORDS = {"tidy": "One word", "exact": "Different words"}
PREVIEWED = 5  # rows: a longer table would scroll, and catch the mouse wheel
PRIVACY = (
    "Up to 2 MB, 10,000 rows and 100 columns; the first row holds the column names. Kept in memory "
    "for your visit only; never part of a link."
)


def draw_file_panel(visit: Visit) -> None:
    """Draw the panel if the data are, or will be, a file."""
    forget_orphans(STORE.forget)
    if visit.data_picked != Table.kind or (visit.is_presented and not visit.waits_for):
        return
    data = None if visit.asks_for_file else visit.settings.data
    with st.container(border=data is None, key="file"):
        if isinstance(data, Table):
            _draw_table(data, visit.settings)
        else:
            _draw_invitation(visit)


def labels_of(names: Sequence[str]) -> dict[str, str]:
    """Return a unique label for each column name, since Streamlit finds options by label."""
    labels = [shortened(name)[1:-1] for name in names]
    if len(set(labels)) < len(labels):
        labels = [f"{place}. {label}" for place, label in enumerate(labels, start=1)]
    return dict(zip(names, labels, strict=True))


def _draw_invitation(visit: Visit) -> None:
    if visit.waits_for:
        _, reference = visit.waits_for
        st.markdown(f"**This link needs a file: {inert(str(reference))}. Upload it here.**")
    else:
        st.markdown("**Your own table**. Upload it, then pick a target and the input columns.")
    _draw_upload("A CSV, Excel, Parquet or JSON file")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Or start with an example", width="content")
        for example in EXAMPLES:
            st.button(
                example.label,
                key=f"example {example.label}",
                help=f"{example.words} {example.source}",
                on_click=open_example,
                args=(example,),
            )


def _draw_upload(label: str) -> None:
    key = f"upload {st.session_state.get(UPLOADS, 0)}"  # a new key makes an empty widget
    st.file_uploader(label, ENDINGS, key=key, on_change=read_upload, args=(key,), max_upload_size=2)
    _draw_refusal()
    st.caption(PRIVACY)


def _draw_refusal() -> None:
    if refusal := st.session_state.pop(REFUSAL, ""):
        st.error(inert(refusal), icon=":material/error:")


def _draw_table(data: Table, settings: Settings) -> None:
    inputs = f"{len(data.input_names)} inputs" if len(data.input_names) > 1 else "1 input"
    label = (
        f"{data.sheet.name}: {data.data_set.rows:,} rows, {inputs}, target {shortened(data.target)}"
    )
    if note := st.session_state.get(NOTE):
        st.info(inert(note), icon=":material/info:")
    panel = st.expander(inert(label), key=OPEN, on_change="rerun")
    if not panel.open:
        return
    with panel:
        _draw_choices(data)
        _draw_readings(data)
        _draw_refusal()
        split = f"{settings.training_rows:,} training rows, {settings.test_rows:,} test rows."
        st.markdown(inert(f"{split} {data.story}"))
        st.dataframe(
            data.sheet.frame.head(PREVIEWED).rename(lambda place: place + 1),  # as in the form
            alt=f"The first rows of {data.sheet.name}.",
            key="preview",
        )
        _draw_example_of(data, settings)
        _draw_upload("Another file")


def _draw_choices(data: Table) -> None:
    """Draw the choices of the target, the task and the inputs."""
    columns = data.sheet.columns
    labels = labels_of([each.name for each in columns])
    target, task = st.columns(2)
    with target:
        st.selectbox(
            "Target",
            [each.name for each in columns if not each.target_refusal],
            format_func=labels.__getitem__,
            **mirrored(TARGET, data.target, partial(choose_target, data)),
        )
    with task:
        st.segmented_control(
            "Task",
            data.tasks,
            required=True,
            format_func=lambda task: TASKS[task].label,
            **mirrored(TASK, data.task, partial(choose_task, data)),
        )
    if data.pixels:  # a picture needs all columns
        return
    st.multiselect(
        "Input columns",
        [each.name for each in columns if each.name != data.target and not each.input_refusal],
        format_func=labels.__getitem__,
        **mirrored(INPUTS, list(data.inputs), partial(choose_inputs, data)),
    )


def _draw_readings(data: Table) -> None:
    """Draw the choices of how the columns are read, where they can be read in several ways."""
    sheet, told = (
        data.sheet,
        [data.sheet.told[each] for each in data.columns if each in data.sheet.told],
    )
    if any(sheet.column(each).gaps for each in data.inputs):
        _draw_reading(data, "gaps", GAPS, "fill" if data.fills else "rows", "Gaps")
    if sheet.options.exceptions == "words" or any(each.exceptions for each in told):
        label = "Words among numbers"
        _draw_reading(data, "exceptions", EXCEPTIONS, sheet.options.exceptions, label)
    if sheet.options.words == "exact" or any(each.spellings for each in told):
        _draw_reading(data, "words", WORDS, sheet.options.words, "“Yes” and “yes ”")
    if any(sheet.column(each).is_days for each in data.inputs):
        st.multiselect(
            "Dates as",
            PARTS,
            **mirrored("file dates", list(data.parts), partial(choose_reading, data, "dates")),
        )


def _draw_reading(data: Table, choice: str, labels: dict[str, str], value: str, label: str) -> None:
    st.segmented_control(
        label,
        list(labels),
        required=True,
        format_func=labels.__getitem__,
        **mirrored(f"file {choice}", value, partial(choose_reading, data, choice)),
    )


def _draw_example_of(data: Table, settings: Settings) -> None:
    for example in EXAMPLES:
        if example.sheet.digest == data.sheet.digest:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(f"{example.source} {example.claim}", width="content")
                st.button(
                    "Restore these settings",
                    key="suggestion",
                    disabled=settings == opened_by(example),
                    on_click=open_example,
                    args=(example,),
                )
