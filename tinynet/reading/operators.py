"""The Python operators that are calculated, and the largest numbers that they may have."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from tinynet.reading.values import Value

LARGEST = 10**12  # the largest magnitude of a number
OPERATORS: dict[type[ast.AST], tuple[str, Callable[..., Any]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.Mod: ("%", operator.mod),
    ast.Pow: ("**", operator.pow),
    ast.USub: ("neg", operator.neg),
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
}


def is_small(value: Value) -> bool:
    """Tell whether a value is a number that is small enough to calculate with."""
    return isinstance(value, int | float) and abs(value) <= LARGEST
