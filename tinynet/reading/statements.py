"""Statements of a script -> the values of its names, and the calls with an effect."""

from __future__ import annotations

import ast
from collections import ChainMap
from dataclasses import dataclass
from typing import Any

from tinynet.reading.expressions import Expressions, Named
from tinynet.reading.values import (
    SEQUENCES,
    Class,
    Function,
    Instance,
    Made,
    Path,
    Scope,
    Value,
    is_made,
    items_of,
)

MOST_CALLS = 12  # nested calls of the script's functions
NOTHING = object()  # the result of a block without a return statement


@dataclass(frozen=True)
class Event:
    """A call that is a whole statement, so that it must have an effect."""

    call: Made
    loops: tuple[Made, ...]  # the sources of the loops around it, outermost first
    is_sure: bool  # False inside an `if` with an unknown test


class Statements(Expressions):
    """Follows statements in the order of a run, but runs none; follows a training loop once."""

    def __init__(self, known: dict[str, str]) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.surprises: list[tuple[int, str]] = []  # lines and sentences
        self.instances: list[Instance] = []
        self._known = known  # names of known functions, by text; their calls are not followed
        self._loops: list[Made] = []
        self._calls = self._conditions = 0

    def read(self, tree: ast.Module) -> Scope:
        """Follow a whole script; return the names of its top level."""
        scope: Scope = ChainMap({})
        self.run(tree.body, scope)
        return scope

    def run(self, body: list[ast.stmt], scope: Scope) -> Value:
        """Follow statements; return the value that they return, or NOTHING."""
        for statement in body:
            handler = getattr(self, f"_{type(statement).__name__.lower()}_statement", None)
            result = handler(statement, scope) if handler else NOTHING
            self._trail.clear()
            if result is not NOTHING:
                return result
        return NOTHING

    def _import_statement(self, node: ast.Import, scope: Scope) -> Value:
        for each in node.names:
            path = each.name if each.asname else each.name.split(".")[0]
            scope[each.asname or path] = (Path(path), node.lineno)
        return NOTHING

    def _importfrom_statement(self, node: ast.ImportFrom, scope: Scope) -> Value:
        for each in node.names:
            scope[each.asname or each.name] = (Path(f"{node.module}.{each.name}"), node.lineno)
        return NOTHING

    def _functiondef_statement(self, node: ast.FunctionDef, scope: Scope) -> Value:
        known = self._known.get(text_of(node), "")
        scope[node.name] = (Function(node, scope, known), node.lineno)
        return NOTHING

    def _classdef_statement(self, node: ast.ClassDef, scope: Scope) -> Value:
        scope[node.name] = (Class(node, scope), node.lineno)
        return NOTHING

    def _assign_statement(self, node: ast.Assign | ast.AnnAssign, scope: Scope) -> Value:
        if node.value is not None:
            value = self.evaluate(node.value, scope)
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                self.bind(target, value, scope)
        return NOTHING

    _annassign_statement = _assign_statement

    def _augassign_statement(self, node: ast.AugAssign, scope: Scope) -> Value:
        if isinstance(node.target, ast.Name):
            operands = self.evaluate(node.target, scope), self.evaluate(node.value, scope)
            self.bind(node.target, self.operate(node, node.op, *operands), scope)
        return NOTHING

    def _expr_statement(self, node: ast.Expr, scope: Scope) -> Value:
        value = self.evaluate(node.value, scope)
        if is_made(value) and isinstance(node.value, ast.Call):
            self.events.append(Event(value, tuple(self._loops), not self._conditions))
            self._extend(node.value, value, scope)
        return NOTHING

    def _extend(self, node: ast.Call, value: Made, scope: Scope) -> None:
        """Follow `name.append(item)` and `name.extend(items)`."""
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if value.name not in {".append()", ".extend()"} or len(value.parts) != 2:  # noqa: PLR2004
            return
        grown, item = value.parts
        items = [item] if value.name == ".append()" else items_of(item)
        if isinstance(owner, ast.Name) and is_made(grown, *SEQUENCES) and items is not None:
            self.bind(owner, self.make(node, "list", *grown.parts, *items), scope)

    def _return_statement(self, node: ast.Return, scope: Scope) -> Value:
        return self.evaluate(node.value, scope) if node.value else None

    def _with_statement(self, node: ast.With, scope: Scope) -> Value:
        return self.run(node.body, scope)

    _try_statement: Any = _with_statement

    def _if_statement(self, node: ast.If, scope: Scope) -> Value:
        test = self.evaluate(node.test, scope)
        if not is_made(test):
            return self.run(node.body if test else node.orelse, scope)
        self._conditions += 1
        self.run(node.body, scope)
        self.run(node.orelse, scope)
        self._conditions -= 1
        return NOTHING

    def _break_statement(self, node: ast.Break, _: Scope) -> Value:
        if self._loops:
            self.surprises.append((node.lineno, "TinyNet trains all epochs, to the last one."))
        return NOTHING

    def _while_statement(self, node: ast.While, scope: Scope) -> Value:
        return self._once(node, self.make(node, "while"), scope)

    def _for_statement(self, node: ast.For, scope: Scope) -> Value:
        source = self.evaluate(node.iter, scope)
        items = items_of(source)
        if items is None or self._trains(node, scope):
            looped = source if is_made(source) else self.make(node, "?")
            self.bind(node.target, self.each_of(node, looped), scope)
            return self._once(node, looped, scope)
        result = NOTHING
        for item in items:
            self.bind(node.target, item, scope)
            result = self.run(node.body, scope)
        return result

    def _once(self, node: ast.For | ast.While, looped: Made, scope: Scope) -> Value:
        self._loops.append(looped)
        self.run(node.body, scope)
        self._loops.pop()
        return NOTHING

    def _trains(self, node: ast.AST, scope: Scope, depth: int = 0) -> bool:
        """Return whether a backward pass is inside a loop, or inside a function named there."""
        for each in ast.walk(node):
            self.count()
            if isinstance(each, ast.Attribute) and each.attr == "backward":
                return True
            if isinstance(each, ast.Name) and each.id in scope and depth < MOST_CALLS:
                function = scope[each.id][0]
                inside = isinstance(function, Function)
                if inside and self._trains(function.node, function.scope, depth + 1):
                    return True
        return False

    def call_own(self, node: ast.AST, function: Value, parts: list[Value], named: Named) -> Value:
        """Follow a call into the script's own function, class or network."""
        if isinstance(function, Class):
            return self._instance_of(node, function, parts, named)
        if isinstance(function, Instance):
            forward = function.of.method("forward")
            return self.call_own(node, forward, [function, *parts], named) if forward else None
        if function.known:
            return self.make(node, function.known, *parts, **named)
        if self._calls >= MOST_CALLS:
            return self.make(node, "?")
        self._calls += 1
        inner = self._arguments(function, parts, named)
        result = self.run(function.node.body, inner)
        self._calls -= 1
        return None if result is NOTHING else result

    def _arguments(self, function: Function, parts: list[Value], named: Named) -> Scope:
        """Return a scope with the arguments of a call, or their defaults."""
        inner, arguments = function.scope.new_child(), function.node.args
        names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
        for argument, default in zip(names[::-1], arguments.defaults[::-1], strict=False):
            inner[argument] = (self.evaluate(default, function.scope), default.lineno)
        for keyword, default_ in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if default_:
                inner[keyword.arg] = (self.evaluate(default_, function.scope), default_.lineno)
        line = function.node.lineno
        given = {**dict(zip(names, parts, strict=False)), **named}
        inner.update({name: (value, line) for name, value in given.items()})
        return inner

    def _instance_of(self, node: ast.AST, of: Class, parts: list[Value], named: Named) -> Instance:
        instance = Instance(of)
        if start := of.method("__init__"):
            self.call_own(node, start, [instance, *parts], named)
        self.instances.append(instance)
        return instance


def text_of(node: ast.FunctionDef) -> str:
    """Return a function's code without its docstring and formatting, for comparison."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return "\n".join((ast.unparse(node.args), *map(ast.unparse, body)))
