"""User data, among the built-in data sets."""

from __future__ import annotations

from tinynet.settings import DATA
from tinynet.user_data import Painting, Table

A_FILE = "A file, digits, iris…"
STARTER = Painting(  # the first painting of each visitor: an arc of points around another class
    (
        *((48, 118, 0), (53, 158, 0), (78, 188, 0), (118, 203, 0), (158, 193, 0), (183, 163, 0)),
        *((98, 98, 1), (123, 118, 1), (148, 98, 1), (113, 143, 1), (138, 143, 1), (123, 83, 1)),
    )
)


def offered_data() -> dict[str, str]:
    """Map the name of each choice of data to its label; the visitor's own data come second.

    Labels never change: the browser sends the label, so a changed label would select other data.
    """
    own = {Table.kind: A_FILE, Painting.kind: STARTER.data_set.label}
    article, *others = ((name, entry.label) for name, entry in DATA.table.items())
    return dict([article, *own.items(), *others])
