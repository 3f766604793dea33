"""The callbacks of the file panel: read an upload, open an example, choose columns."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from tinynet.links.address import Address, put_together, read_address
from tinynet.registry.tasks import TaskName
from tinynet.settings import ARTICLE, DATA, Settings, values_of
from tinynet.ui.session import change, current_visit, with_device_of_this_machine
from tinynet.ui.sidebar.shelf import put_on_shelf, sheets
from tinynet.ui.sidebar.uploads import refused_in, take_upload
from tinynet.ui.visit import Visit
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
from tinynet.user_data.limits import PAGE
from tinynet.user_data.words import shortened

log = logging.getLogger(__name__)
# Keys of the session: whether the panel is open, the number of uploads, and two messages.
OPEN, UPLOADS, REFUSAL, NOTE = "file panel", "file uploads", "file refusal", "file note"


def opened_by(example: Example) -> Settings:
    """Return the settings that an example opens with."""
    data = table(example.sheet, target=example.target, inputs=example.inputs)
    return Settings(data=data, **example.changes)


def open_example(example: Example) -> None:
    """Train on an example; the panel closes, because nothing is left to pick."""
    _clear_messages()
    st.session_state[OPEN] = False
    change(lambda visit: visit.started_with(opened_by(example)))


def read_upload(key: str) -> None:
    """Read the file of an uploader and train on it, or say why that is impossible."""
    if not (file := take_upload(key, UPLOADS)):
        return
    _clear_messages()
    _try(lambda visit: _with_sheet(visit, read_sheet(*file, PAGE)))


def choose_target(data: Table, target: str) -> None:
    """Choose the column to predict."""
    _choose(lambda visit: _with_data(visit, _with_target(data.sheet, target, **_choices(data))))


def choose_task(data: Table, task: TaskName) -> None:
    """Choose the task."""
    _choose(lambda visit: _with_data(visit, replace(data, task=task)))


def choose_inputs(data: Table, inputs: list[str]) -> None:
    """Choose the inputs."""
    _choose(lambda visit: _with_data(visit, _changed(data, inputs=inputs)))


def choose_reading(data: Table, choice: str, value: Any) -> None:
    """Choose how gaps, exceptions, words or dates are read, by an argument of `table`."""
    _choose(lambda visit: _with_data(visit, _changed(data, **{choice: value})))


def _changed(data: Table, **changes: Any) -> Table:
    """Return the table with other choices; the task stays if it suits the remaining rows."""
    choices = {"inputs": data.inputs, **_choices(data), **changes}
    guess = table(data.sheet, target=data.target, **choices)
    return replace(guess, task=data.task) if data.task in guess.tasks else guess


def _choices(data: Table) -> dict[str, Any]:
    return {"gaps": "fill" if data.fills else "rows", "dates": data.parts}


def _choose(transition: Callable[[Visit], Visit]) -> None:
    """Change the visit; keep the panel open, since Streamlit closes it when its label changes."""
    st.session_state[OPEN] = True
    _try(transition)


def _try(transition: Callable[[Visit], Visit]) -> None:
    """Change the visit, or note why that is impossible."""
    st.session_state.pop(REFUSAL, None)
    with refused_in(REFUSAL, "This file cannot be read as a table."):
        visit = transition(current_visit())
        change(lambda _: visit)


def _clear_messages() -> None:
    st.session_state.pop(NOTE, None)
    st.session_state.pop(REFUSAL, None)


def _with_sheet(visit: Visit, sheet: Sheet) -> Visit:
    """Return the visit that trains on a new file."""
    address = _address_with(visit, sheet)
    if address:
        visit = visit.went_to(address.settings).with_pins_of(address)
    else:
        visit = visit.started_on(_first_table(sheet))
    put_on_shelf(sheet)
    st.session_state[OPEN] = True
    return visit


def _address_with(visit: Visit, sheet: Sheet) -> Address | None:
    """Return the address of the link that waits for a file; None if the columns do not match."""
    if not visit.waits_for:
        return None
    query, reference = visit.waits_for
    if not reference.fits(sheet):
        _note_other_file(reference, "its columns differ, so the target and the inputs are guesses")
        return None
    if not reference.means(sheet):
        _note_other_file(reference, "the columns match, but the rows differ, so the run differs")
    with at_hand([sheet, *sheets()]):
        data = table_from(sheet, reference)
        address = read_address({**query, DATA.parameter: [data.text()]})
    return with_device_of_this_machine(address)


def _note_other_file(reference: Reference, difference: str) -> None:
    st.session_state[NOTE] = f"This is not the file of the link ({reference}): {difference}."


def _first_table(sheet: Sheet) -> Table:
    """Return the table to start with: its target is the last column that inputs can predict."""
    targets = [each for each in reversed(sheet.columns) if not each.target_refusal]
    if not targets:
        raise DataError(sheet.columns[-1].target_refusal)
    targets.sort(key=sheet.is_mostly_gaps)
    names = [each.name for each in targets]
    return _with_target(
        sheet, next((each for each in names if inputs_alone(sheet, each)), names[0])
    )


def _with_target(sheet: Sheet, target: str, **choices: Any) -> Table:
    """Return the table with all columns as inputs, or with a single input if that is impossible."""
    try:
        return table(sheet, target=target, **choices)
    except DataError as refusal:
        alone = inputs_alone(sheet, target)[:1]
        if not alone:
            raise
        only = f"The only input for now is {shortened(alone[0])}; pick others"
        st.session_state[REFUSAL] = f"Not all columns can be inputs. {refusal} {only}."
        st.session_state[OPEN] = True  # the panel contains the message
        return table(sheet, target=target, inputs=alone, **choices)


def _with_data(visit: Visit, data: Table) -> Visit:
    """Return the visit with another table; the settings of an example suit only its own table."""
    settings = visit.settings
    if any(settings == opened_by(each) for each in EXAMPLES):
        return visit.went_to(Settings.starting(data))
    values = values_of(settings)
    if data.task != settings.data_set.task:
        values["loss"] = ARTICLE.loss
    return visit.went_to(put_together({**values, DATA.name: data}, []))
