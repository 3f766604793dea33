"""What a visitor has brought or painted: kept for the visit, offered beside the built-in data."""

from __future__ import annotations

import streamlit as st

from tinynet.own import OwnData, Painting, Table
from tinynet.settings import ARTICLE, DATA
from tinynet.ui.shelf import stop_waiting, waiting

BROUGHT = "what the visitor has brought"  # the last of each kind
A_FILE = "A file…"
BUILT_IN = "the data set that was picked last"
STARTER = Painting(  # what one begins with who has painted nothing yet: a bow, and what it holds
    (
        *((48, 118, 0), (53, 158, 0), (78, 188, 0), (118, 203, 0), (158, 193, 0), (183, 163, 0)),
        *((98, 98, 1), (123, 118, 1), (148, 98, 1), (113, 143, 1), (138, 143, 1), (123, 83, 1)),
    )
)


def brought() -> dict[str, OwnData]:
    """Return what there is, by its kind: the name that it has among the data to pick from."""
    kept: dict[str, OwnData] = st.session_state.get(BROUGHT, {Painting.kind: STARTER})
    return kept


def pick_data(data: str | OwnData) -> None:
    """Set what the network learns from, before its widget is drawn; no link waits any more."""
    stop_waiting()
    if isinstance(data, OwnData):
        st.session_state[BROUGHT] = brought() | {data.kind: data}
    st.session_state[DATA.parameter] = DATA.kind(data)


def picked_data() -> str | OwnData:
    """Return what the network learns from; until what is meant is brought, what it was before."""
    name: str = st.session_state.get(DATA.parameter, ARTICLE.data)
    if name in DATA.table:
        st.session_state[BUILT_IN] = name
        return name
    before: str = st.session_state.get(BUILT_IN, ARTICLE.data)
    return before if waiting() else brought().get(name, before)


def offered_data() -> dict[str, str]:
    """Return the label of all that can be picked, by name: own data in sight, not at the end."""
    own = {Table.kind: A_FILE}  # which is asked for as soon as it is picked
    own |= {kind: data.data_set.label for kind, data in brought().items()}
    article, *others = ((name, entry.label) for name, entry in DATA.table.items())
    return dict([article, *own.items(), *others])
