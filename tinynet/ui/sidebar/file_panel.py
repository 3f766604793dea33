"""A file as data: where it is brought, and where it is said what is learned from what of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.typing import UploadedFile

from tinynet.links.address import Address, put_together, read_address
from tinynet.registry.tasks import TASKS, TaskName
from tinynet.settings import ARTICLE, DATA, Settings, values_of
from tinynet.ui.runs import STORE
from tinynet.ui.seams import let_go_of
from tinynet.ui.session import change, current_visit, with_device_of_this_machine
from tinynet.ui.sidebar.shelf import forget_what_has_gone, put_on_shelf, sheets
from tinynet.ui.text import inert
from tinynet.ui.visit import Visit
from tinynet.ui.widgets import mirrored
from tinynet.user_data import (
    DataError,
    Reference,
    Sheet,
    Table,
    at_hand,
    inputs_alone,
    read_sheet,
    table,
    table_from,
)
from tinynet.user_data.examples import EXAMPLES, Example
from tinynet.user_data.reading import shortened

log = logging.getLogger(__name__)
UPLOAD, UPLOADS = "upload", "how many files were brought"
TARGET, TASK, INPUTS = "file target", "file task", "file inputs"
REFUSED, SAID = "why the last file or choice was refused", "what is to be said of the file"
OPEN = "file panel"
PREVIEWED = 5  # rows: all in sight, for a table that scrolls would catch the wheel
PRIVACY = (
    "Up to 2 MB, 10,000 rows and 100 columns, the first row their names. It stays in the memory of "
    "this server, for you alone, and is forgotten with your visit; a link never holds it."
)


def draw_file_panel(visit: Visit) -> None:
    """Draw what belongs to a file, where the data are one."""
    forget_what_has_gone(STORE.forget)
    if visit.data_picked != Table.kind or (visit.is_presented and not visit.waits_for):
        return
    data = None if visit.asks_for_file else visit.settings.data
    with st.container(border=data is None, key="file"):
        if isinstance(data, Table):
            _draw_table(data)
        else:
            _draw_invitation(visit)


def labels_of(names: Sequence[str]) -> dict[str, str]:
    """Return what a choice shows of columns, by name: no two are alike, for it finds them by it."""
    labels = [shortened(name)[1:-1] for name in names]
    if len(set(labels)) < len(labels):
        labels = [f"{place}. {label}" for place, label in enumerate(labels, start=1)]
    return dict(zip(names, labels, strict=True))


def _draw_invitation(visit: Visit) -> None:
    if visit.waits_for:
        _, reference = visit.waits_for
        st.markdown(f"**This link means {inert(str(reference))}: bring it here.**")
    else:
        st.markdown(
            "**A table of your own**, as CSV or TSV: pick the column to predict, and those to "
            "predict it from."
        )
    _draw_upload("A CSV or TSV file")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Or begin with", width="content")
        for example in EXAMPLES:
            st.button(
                example.label,
                key=f"example {example.label}",
                help=f"{example.words} {example.source}",
                on_click=_open_example,
                args=(example,),
            )


def _draw_upload(label: str) -> None:
    key = f"{UPLOAD} {st.session_state.get(UPLOADS, 0)}"  # a new one is empty
    st.file_uploader(
        label, ["csv", "tsv", "txt"], key=key, on_change=_take_in, args=(key,), max_upload_size=2
    )
    _draw_refusal()
    st.caption(PRIVACY)


def _draw_refusal() -> None:
    if refusal := st.session_state.pop(REFUSED, ""):
        st.error(inert(refusal), icon=":material/error:")


def _draw_table(data: Table) -> None:
    inputs = f"{len(data.input_names)} inputs" if len(data.input_names) > 1 else "1 input"
    label = (
        f"{data.sheet.name}: {data.data_set.rows:,} rows, {inputs}, target {shortened(data.target)}"
    )
    if said := st.session_state.get(SAID):
        st.info(inert(said), icon=":material/info:")
    panel = st.expander(inert(label), key=OPEN, on_change="rerun")
    if not panel.open:
        return
    with panel:
        _draw_choices(data)
        _draw_refusal()
        _draw_story(data)
        st.dataframe(
            data.sheet.frame.head(PREVIEWED),
            alt=f"The first rows of {data.sheet.name}.",
            key="preview",
        )
        _draw_example_of(data)
        _draw_upload("Another file")


def _draw_choices(data: Table) -> None:
    """Draw the target, its task and the inputs, each as it is, to change."""
    columns = data.sheet.columns
    labels = labels_of([each.name for each in columns])
    target, task = st.columns(2)
    with target:
        st.selectbox(
            "Target",
            [each.name for each in columns if not each.target_refusal],
            format_func=labels.__getitem__,
            **mirrored(TARGET, data.target, partial(_choose_target, data)),
        )
    with task:
        st.segmented_control(
            "It is",
            data.tasks,
            required=True,
            format_func=lambda task: TASKS[task].label,
            **mirrored(TASK, data.task, partial(_choose_task, data)),
        )
    st.multiselect(
        "Inputs",
        [each.name for each in columns if each.name != data.target and not each.input_refusal],
        format_func=labels.__getitem__,
        **mirrored(INPUTS, list(data.inputs), partial(_choose_inputs, data)),
    )


def _draw_story(data: Table) -> None:
    settings = current_visit().settings
    split = f"{settings.training_rows:,} rows to train on, {settings.test_rows:,} to test."
    st.markdown(inert(f"{split} {data.story}"))


def _draw_example_of(data: Table) -> None:
    for example in EXAMPLES:
        if example.sheet.digest == data.sheet.digest:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(f"{example.source} {example.claim}", width="content")
                st.button(
                    "Back to those settings",
                    key="suggestion",
                    disabled=current_visit().settings == opened_by(example),
                    on_click=_open_example,
                    args=(example,),
                )


def opened_by(example: Example) -> Settings:
    """Return what an example opens on."""
    data = table(example.sheet, target=example.target, inputs=example.inputs)
    return Settings(data=data, **example.changes)


def _is_an_examples(settings: Settings) -> bool:
    return any(settings == opened_by(each) for each in EXAMPLES)


def _open_example(example: Example) -> None:
    _forget_words()
    st.session_state[OPEN] = False  # all is picked already
    change(lambda visit: visit.went_to(opened_by(example)))


def _take_in(key: str) -> None:
    """Read a file that was brought, and train on it; or say why not."""
    file = st.session_state[key]
    if not isinstance(file, UploadedFile):  # taken away, or taken in and let go
        return
    content = file.getvalue()
    let_go_of(file)
    _forget_words()
    st.session_state[UPLOADS] = st.session_state.get(UPLOADS, 0) + 1

    def take_in() -> Visit:
        sheet = read_sheet(content, file.name)
        address = _as_the_link_means(sheet)
        visit = current_visit()
        if address:
            visit = visit.went_to(address.settings).with_pins_of(address)
        else:
            visit = visit.started_on(_begun_on(sheet))
        put_on_shelf(sheet)
        st.session_state[OPEN] = True
        return visit

    _try(take_in)


def _as_the_link_means(sheet: Sheet) -> Address | None:
    """Return what the link that waits makes of a file; None if it has other columns."""
    if not (asked := current_visit().waits_for):
        return None
    query, reference = asked
    if not reference.fits(sheet):
        _say_it_is_another(reference, "its columns are others, so what is to be learned is a guess")
        return None
    if not reference.means(sheet):
        told = "the columns are the same, the rows are not, and so neither is the run"
        _say_it_is_another(reference, told)
    with at_hand([sheet, *sheets()]):
        data = table_from(sheet, reference)
        address = read_address({**query, DATA.parameter: [data.text()]})
    return with_device_of_this_machine(address)


def _say_it_is_another(reference: Reference, told: str) -> None:
    st.session_state[SAID] = f"This is another file than the link means, {reference}: {told}."


def _begun_on(sheet: Sheet) -> Table:
    """Return what one begins on: the last column is the likeliest target, if it is known."""
    targets = [each for each in reversed(sheet.columns) if not each.target_refusal]
    if not targets:
        raise DataError(sheet.columns[-1].target_refusal)
    targets.sort(key=sheet.is_mostly_gaps)
    names = [each.name for each in targets]
    target = next((each for each in names if inputs_alone(sheet, each)), names[0])
    return _likeliest(sheet, target)


def _likeliest(sheet: Sheet, target: str) -> Table:
    """Return what tells a target: all columns; if they cannot, one, and others can be picked."""
    try:
        return table(sheet, target=target)
    except DataError as refusal:
        alone = inputs_alone(sheet, target)[:1]
        if not alone:
            raise
        for_now = f"Its only input for now is {shortened(alone[0])}: pick others"
        st.session_state[REFUSED] = f"Not all columns can be inputs. {refusal} {for_now}."
        st.session_state[OPEN] = True  # there it stands
        return table(sheet, target=target, inputs=alone)


def _with(data: Table) -> Settings:
    """Return the settings of the sidebar with other data; those of an example are for its alone."""
    settings = current_visit().settings
    if _is_an_examples(settings):
        return Settings.starting(data)
    values = values_of(settings)
    if data.task != settings.data_set.task:
        values["loss"] = ARTICLE.loss
    return put_together({**values, DATA.name: data}, [])


def _choose_target(data: Table, target: str) -> None:
    _choose(lambda: _with(_likeliest(data.sheet, target)))


def _choose_task(data: Table, task: TaskName) -> None:
    _choose(lambda: _with(replace(data, task=task)))


def _choose_inputs(data: Table, inputs: list[str]) -> None:
    """Take other inputs; the task stays, unless the rows that remain have another."""

    def chosen() -> Settings:
        guess = table(data.sheet, target=data.target, inputs=inputs)
        return _with(replace(guess, task=data.task) if data.task in guess.tasks else guess)

    _choose(chosen)


def _choose(make: Callable[[], Settings]) -> None:
    """Go to what is made of a choice; the panel stays open, though its label is another then."""
    st.session_state[OPEN] = True
    _try(lambda: current_visit().went_to(make()))


def _try(make: Callable[[], Visit]) -> None:
    """Go to what is made, or say why it cannot be."""
    st.session_state.pop(REFUSED, None)
    try:
        made = make()
        change(lambda _: made)
    except DataError as refusal:
        st.session_state[REFUSED] = str(refusal)
    except Exception as error:  # noqa: BLE001 - its message may hold what is in the file
        log.error("A file was refused: %s", type(error).__name__)  # noqa: TRY400
        st.session_state[REFUSED] = "This file cannot be read as a table."


def _forget_words() -> None:
    st.session_state.pop(SAID, None)
    st.session_state.pop(REFUSED, None)
