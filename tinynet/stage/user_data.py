"""Data of one's own, beside the built-in sets."""

from __future__ import annotations

from collections.abc import Mapping

from tinynet.settings import DATA
from tinynet.user_data import Painting, Table, UserData

A_FILE = "A file…"
STARTER = Painting(  # what one begins with who has painted nothing yet: a bow, and what it holds
    (
        *((48, 118, 0), (53, 158, 0), (78, 188, 0), (118, 203, 0), (158, 193, 0), (183, 163, 0)),
        *((98, 98, 1), (123, 118, 1), (148, 98, 1), (113, 143, 1), (138, 143, 1), (123, 83, 1)),
    )
)


def offered_data(brought: Mapping[str, UserData]) -> dict[str, str]:
    """Return the label of all that can be picked, by name: own data in sight, not at the end."""
    own = {Table.kind: A_FILE}  # which is asked for as soon as it is picked
    own |= {kind: data.data_set.label for kind, data in brought.items()}
    article, *others = ((name, entry.label) for name, entry in DATA.table.items())
    return dict([article, *own.items(), *others])
