"""Shared helpers for the tests of a visitor's own tables."""

from __future__ import annotations

from typing import Any

from tinynet import Table, table
from tinynet.user_data import Sheet, read_sheet
from tinynet.user_data.limits import PAGE

MIXED = """\
id;size;colour;on;same;empty;price
a1;1,5;red;True;7;;10
a2;2,5;blue;False;7;;20
a3;;red;True;7;;30
a4;4,0;green, dark;False;7;;45
a5;3,25;;True;7;;50
a6;8,5;red;False;7;;61
a7;1,0;blue;True;7;;7
a8;2,0;blue;True;7;;19
a9;0,0;red;True;7;;1
b1;0,5;blue;False;7;;2
b2;0,25;red;False;7;;8
b3;9;blue;False;7;;9
b4;9,5;red;False;7;;95
b5;9,5;red;False;7;;96
b6;9,5;red;False;7;;97
b7;9,5;red;False;7;;98
b8;9,5;red;False;7;;98,5
b9;9,5;red;False;7;;98,75
c1;9,5;red;False;7;;99
c2;9,5;red;False;7;;99
c3;9,5;red;False;7;;99
"""


def sheet_of(text: str | bytes, name: str = "mixed.csv") -> Sheet:
    return read_sheet(text.encode() if isinstance(text, str) else text, name, PAGE)


def mixed(target: str = "price", **choices: Any) -> Table:
    return table(sheet_of(MIXED), target=target, **choices)
