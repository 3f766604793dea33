"""The values in a script that is not run: numbers, texts, and made values, which calls return."""

from __future__ import annotations

import ast
from collections import ChainMap
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeGuard

MOST_PARTS, MOST_LEVELS = 4_000, 60  # of a value
SEQUENCES = ("list", "tuple")

Value = Any  # a number, a text, a truth value, None, or one of the classes below
Scope = ChainMap[str, tuple[Value, int]]  # the value of each name, and the line that assigns it


@dataclass(frozen=True)
class Path:
    """A name from outside the script: "torch.nn.Linear"."""

    path: str


@dataclass(frozen=True)
class Made:
    """The result of a call or an operator that is not run; equal if made in the same way.

    The name is ".to()" for a method, ".T" for an attribute, "()" for a call of a module, and "[]"
    for an index; the first part is then the owner. "each" is the item that a loop takes from it.
    """

    name: str
    parts: tuple[Value, ...] = ()
    named: tuple[tuple[str, Value], ...] = ()
    lines: frozenset[int] = field(default=frozenset(), compare=False)
    number: int = field(default=0, compare=False)  # in the order of the script

    @property
    def line(self) -> int:
        """The last of its lines."""
        return max(self.lines, default=1)

    @cached_property
    def children(self) -> list[Made]:
        """The parts that are made values themselves."""
        return [each for each in (*self.parts, *dict(self.named).values()) if is_made(each)]

    @cached_property
    def size(self) -> int:
        """The number of values in it: itself, its parts, their parts and so on."""
        return len(self.parts) + len(self.named) + sum(each.size for each in self.children) + 1

    @cached_property
    def levels(self) -> int:
        """How deeply its parts are nested."""
        return 1 + max((each.levels for each in self.children), default=0)

    @property
    def is_bounded(self) -> bool:
        """Whether the value is small enough to be compared and searched."""
        return self.size <= MOST_PARTS and self.levels <= MOST_LEVELS


@dataclass(frozen=True, eq=False)
class Function:
    """A function of the script, with the names that are visible to it."""

    node: ast.FunctionDef
    scope: Scope
    known: str = ""  # the name of our own function with the same code; "" for none


@dataclass(frozen=True, eq=False)
class Class:
    """A class of the script, with its methods."""

    node: ast.ClassDef
    scope: Scope

    def method(self, name: str) -> Function | None:
        """Return the method of this name; None if there is none."""
        for each in self.node.body:
            if isinstance(each, ast.FunctionDef) and each.name == name:
                return Function(each, self.scope)
        return None


@dataclass(frozen=True, eq=False)
class Instance:
    """An instance of a class of the script: a network."""

    of: Class
    attributes: dict[str, Value] = field(default_factory=dict)


def is_made(value: Value, *names: str) -> TypeGuard[Made]:
    """Return whether a value is a made value; if names are given, with one of these names."""
    return isinstance(value, Made) and (not names or value.name in names)


def items_of(value: Value) -> list[Value] | None:
    """Return the items of a list, a tuple, a range or a ModuleList; None if they are unknown."""
    if is_made(value, *SEQUENCES):
        return list(value.parts)
    if is_made(value, "torch.nn.ModuleList") and len(value.parts) == 1:
        return items_of(value.parts[0])
    if is_made(value, "range") and all(isinstance(each, int) for each in value.parts):
        return _counted(value.parts)
    if is_made(value, "zip") and None not in (several := [items_of(each) for each in value.parts]):
        return [Made("tuple", each) for each in zip(*several, strict=False)]
    if (
        is_made(value, "enumerate")
        and value.parts
        and (items := items_of(value.parts[0])) is not None
    ):
        return [Made("tuple", each) for each in enumerate(items)]
    return None


def _counted(bounds: tuple[int, ...]) -> list[Value] | None:
    try:
        return list(range(*bounds)[:MOST_PARTS])
    except (TypeError, ValueError):  # a wrong number of bounds, or steps of 0
        return None


def modules_of(sequential: Made) -> list[Value]:
    """Return the modules in a nn.Sequential, which may have names."""
    parts = list(sequential.parts)
    inner = parts[0] if len(parts) == 1 else None
    if is_made(inner, "collections.OrderedDict") and inner.parts:
        inner = inner.parts[0]
    if is_made(inner, "dict"):
        return [each for _, each in inner.named]
    pairs = items_of(inner)
    named = [items_of(each) for each in pairs or []]
    return [each[1] for each in named if each and len(each) > 1] if pairs else parts


def constant(value: Value) -> Any:
    """Return nested sequences of constants as Python lists; ValueError for other values."""
    if is_made(value, *SEQUENCES):
        return [constant(each) for each in value.parts]
    if isinstance(value, int | float | str) or value is None:
        return value
    raise ValueError("not a constant")


def everything_in(value: Value) -> list[Made]:
    """Return a made value and all made values in it, each once."""
    found: dict[int, Made] = {}
    waiting = [value] if is_made(value) else []
    while waiting:
        each = waiting.pop()
        if id(each) not in found:
            found[id(each)] = each
            waiting += reversed(each.children)
    return list(found.values())
