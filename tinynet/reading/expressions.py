"""Expressions of a script -> values, without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tinynet.reading.operators import OPERATORS, is_small
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
    modules_of,
)

MOST_STEPS, MOST_DEPTH = 30_000, 120  # steps in the whole script; nested expressions
# Functions that count as returning their first argument: they change no value that is read.
TRANSPARENT = {
    *("tqdm", "tqdm.tqdm", "tqdm.auto.tqdm", "tqdm.notebook.tqdm"),
    *("torch.device", "torch.autograd.Variable"),
}
# Methods that count as returning their owner: they change no value that is read.
SAME = {"to", "cuda", "cpu", "train", "eval", "float", "clone", "detach", "requires_grad_"}
FLOAT64 = {Path("torch.float64"), Path("torch.double")}
WITHOUT_A_GPU = "is_available()"


Named = dict[str, Value]  # arguments by name


class TooLongError(ValueError):
    """A script that exceeds the limit of length, steps or nesting."""


class Expressions:
    """Evaluates expressions; a subclass knows how to call the script's own functions."""

    def __init__(self) -> None:
        self.steps = self.depth = self.numbers = 0
        self.made: list[Made] = []  # all made values, in the order of the script
        self._trail: set[int] = set()  # lines that assigned the values in this expression

    def call_own(self, node: ast.AST, function: Value, parts: list[Value], named: Named) -> Value:
        """Call a function, a class or a network of the script."""
        raise NotImplementedError

    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """Return the value of an expression; if it is not understood, a made value named "?"."""
        self.count()
        handler = getattr(self, f"_{type(node).__name__.lower()}", None)
        if not handler:
            return self.make(node, "?")
        self.depth += 1
        try:
            return handler(node, scope)
        finally:
            self.depth -= 1

    def count(self) -> None:
        """Count one more step; TooLongError after too many steps, or nested too deeply."""
        self.steps += 1
        if self.steps > MOST_STEPS or self.depth > MOST_DEPTH:
            raise TooLongError

    def make(self, node: ast.AST, name: str, /, *parts: Value, **named: Value) -> Made:
        """Return a made value, which remembers its lines; each "?" is equal only to itself."""
        self.numbers += 1
        lines = frozenset({getattr(node, "lineno", 1), *self._trail})
        pairs = named.items() if name == "dict" else sorted(named.items())
        made = Made(name, parts, tuple(pairs), lines, self.numbers)
        if name == "?" or not made.is_bounded:
            made = Made("?", (self.numbers,), (), lines, self.numbers)
        self.made.append(made)
        return made

    @contextmanager
    def _own_lines(self) -> Iterator[None]:
        """Collect the lines of one expression, without the lines of the expressions around it."""
        before, self._trail = self._trail, set()
        yield
        self._trail = before

    def _constant(self, node: ast.Constant, _: Scope) -> Value:
        known = isinstance(node.value, int | float | str) or node.value is None
        return node.value if known else self.make(node, "?")

    def _name(self, node: ast.Name, scope: Scope) -> Value:
        if node.id not in scope:
            return "__main__" if node.id == "__name__" else Path(node.id)
        value, line = scope[node.id]
        if not isinstance(value, Path | Function | Class | Instance | Made):
            self._trail.add(line)
        return value

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Value:
        owner = self.evaluate(node.value, scope)
        if isinstance(owner, Path):
            return Path(f"{owner.path}.{node.attr}")
        if isinstance(owner, Instance) and node.attr in owner.attributes:
            return owner.attributes[node.attr]
        return self.make(node, f".{node.attr}", owner)

    def _tuple(self, node: ast.Tuple | ast.List, scope: Scope) -> Value:
        parts = [each for item in node.elts for each in self._spread(item, scope)]
        return self.make(node, "tuple" if isinstance(node, ast.Tuple) else "list", *parts)

    _list = _tuple

    def _spread(self, node: ast.expr, scope: Scope) -> list[Value]:
        if not isinstance(node, ast.Starred):
            return [self.evaluate(node, scope)]
        value = self.evaluate(node.value, scope)
        items = items_of(value)
        return [self.make(node, "*", value)] if items is None else items

    def _dict(self, node: ast.Dict, scope: Scope) -> Value:
        keys = [self.evaluate(each, scope) if each else None for each in node.keys]
        values = [self.evaluate(each, scope) for each in node.values]
        named = {key: each for key, each in zip(keys, values, strict=True) if isinstance(key, str)}
        whole = len(named) == len(keys)
        return self.make(node, "dict", **named) if whole else self.make(node, "?")

    def _slice(self, node: ast.Slice, scope: Scope) -> Value:
        bounds = (node.lower, node.upper, node.step)
        return self.make(node, "slice", *(each and self.evaluate(each, scope) for each in bounds))

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Value:
        owner, index = self.evaluate(node.value, scope), self.evaluate(node.slice, scope)
        return self.part_of(node, owner, index)

    def part_of(self, node: ast.AST, owner: Value, index: Value) -> Value:
        """Return an item of a known sequence; for other owners, a made value."""
        items = items_of(owner)
        try:
            if items is not None and is_made(index, "slice"):
                return self.make(node, "list", *items[slice(*index.parts)])
            return self.make(node, "[]", owner, index) if items is None else items[index]
        except (IndexError, TypeError, ValueError):
            return self.make(node, "?")

    def _binop(self, node: ast.BinOp, scope: Scope) -> Value:
        operands = self.evaluate(node.left, scope), self.evaluate(node.right, scope)
        return self.operate(node, node.op, *operands)

    def _unaryop(self, node: ast.UnaryOp, scope: Scope) -> Value:
        return self.operate(node, node.op, self.evaluate(node.operand, scope))

    def _compare(self, node: ast.Compare, scope: Scope) -> Value:
        if len(node.ops) > 1:
            return self.make(node, "?")
        operands = self.evaluate(node.left, scope), self.evaluate(node.comparators[0], scope)
        return self.operate(node, node.ops[0], *operands)

    def operate(self, node: ast.AST, kind: ast.AST, *operands: Value) -> Value:
        """Return the result of an operator on numbers; for other operands, a made value."""
        if type(kind) not in OPERATORS:
            return self.make(node, "?")
        sign, function = OPERATORS[type(kind)]
        texts = sign in {"==", "!="} and all(isinstance(each, str) for each in operands)
        if texts or all(is_small(each) for each in operands):
            return self._calculated(node, sign, function, operands)
        if sign == "+" and all(is_made(each, *SEQUENCES) for each in operands):
            return self.make(node, "list", *operands[0].parts, *operands[1].parts)
        return self.make(node, sign, *operands)

    def _calculated(self, node: ast.AST, sign: str, function: Any, operands: Any) -> Value:
        if sign == "**" and abs(operands[1]) > 64 and not isinstance(operands[0], float):  # noqa: PLR2004
            return self.make(node, "?")
        try:
            result = function(*operands)
        except (ArithmeticError, ValueError):
            return self.make(node, "?")
        return result if is_small(result) else self.make(node, "?")

    def _ifexp(self, node: ast.IfExp, scope: Scope) -> Value:
        test = self.evaluate(node.test, scope)
        if is_made(test):
            return self.make(node, "?")
        return self.evaluate(node.body if test else node.orelse, scope)

    def _generatorexp(self, node: ast.GeneratorExp | ast.ListComp, scope: Scope) -> Value:
        (one, *more), inner = node.generators, scope.new_child()
        if more or one.ifs:
            return self.make(node, "?")
        source = self.evaluate(one.iter, scope)
        items = items_of(source)
        if items is None:
            self.bind(one.target, self.each_of(node, source), inner)
            return self.make(node, "all", self.evaluate(node.elt, inner))
        values = []
        for item in items:
            self.bind(one.target, item, inner)
            values.append(self.evaluate(node.elt, inner))
        return self.make(node, "list", *values)

    _listcomp = _generatorexp

    def each_of(self, node: ast.AST, source: Value) -> Value:
        """Return a made value that stands for each item of a source with unknown items."""
        if is_made(source, "enumerate") and source.parts:
            each = self.each_of(node, source.parts[0])
            return self.make(node, "tuple", self.make(node, "?"), each)
        return self.make(node, "each", source)

    def bind(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """Assign a value to a name, several names, or an attribute."""
        if isinstance(target, ast.Name):
            scope[target.id] = (value, target.lineno)
        elif isinstance(target, ast.Tuple | ast.List):
            for place, each in enumerate(target.elts):
                self.bind(each, self.part_of(target, value, place), scope)
        elif isinstance(target, ast.Attribute):
            owner = self.evaluate(target.value, scope)
            if isinstance(owner, Instance):
                owner.attributes[target.attr] = value
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            changed = self.make(target, "?")  # one of its items has changed
            scope[target.value.id] = (changed, target.lineno)

    def _call(self, node: ast.Call, scope: Scope) -> Value:
        with self._own_lines():
            parts = [each for item in node.args for each in self._spread(item, scope)]
            named = {
                each.arg: self.evaluate(each.value, scope) for each in node.keywords if each.arg
            }
            if isinstance(node.func, ast.Attribute):
                return self._method(node, node.func, scope, parts, named)
            function = self.evaluate(node.func, scope)
            return self.apply(node, function, parts, named)

    def apply(self, node: ast.AST, function: Value, parts: Any, named: Any) -> Value:
        """Return the value of a call."""
        if isinstance(function, Path):
            return self._outside(node, function.path, parts, named)
        if isinstance(function, Function | Class | Instance):
            return self.call_own(node, function, parts, named)
        if is_made(function, "torch.nn.Sequential") and len(parts) == 1:
            value = parts[0]
            for each in modules_of(function):
                value = self.apply(node, each, [value], {})
            return value
        return self.make(node, "()", function, *parts, **named)

    def _method(
        self, node: Any, called: ast.Attribute, scope: Scope, parts: Any, named: Any
    ) -> Any:
        owner = self.evaluate(called.value, scope)
        if isinstance(owner, Path):
            return self._outside(node, f"{owner.path}.{called.attr}", parts, named)
        own = isinstance(owner, Instance) and owner.of.method(called.attr)
        if called.attr in SAME and not own and not FLOAT64 & {*parts, *named.values()}:
            self.make(node, f".{called.attr}()", owner, *parts, **named)
            return owner
        if isinstance(owner, Instance):
            return self._of_instance(node, owner, called.attr, parts, named)
        return self.make(node, f".{called.attr}()", owner, *parts, **named)

    def _of_instance(self, node: Any, owner: Instance, name: str, parts: Any, named: Any) -> Value:
        if name in owner.attributes:
            return self.apply(node, owner.attributes[name], parts, named)
        if method := owner.of.method(name):
            return self.call_own(node, method, [owner, *parts], named)
        if name == "add_module" and len(parts) == 2 and isinstance(parts[0], str):  # noqa: PLR2004
            owner.attributes[parts[0]] = parts[1]
        if name == "children":
            return self.make(node, "list", *owner.attributes.values())
        return self.make(node, f".{name}()", owner, *parts, **named)

    def _outside(self, node: ast.AST, path: str, parts: list[Value], named: Any) -> Value:
        if path in TRANSPARENT and parts:
            return parts[0]
        if path.endswith(WITHOUT_A_GPU.removesuffix("()")):
            return False
        items = items_of(parts[0]) if len(parts) == 1 else None
        if items is not None and path in {"len", *SEQUENCES}:
            return len(items) if path == "len" else self.make(node, path, *items)
        if path in {"int", "float"} and len(parts) == 1 and is_small(parts[0]):
            return int(parts[0]) if path == "int" else float(parts[0])
        if path in SEQUENCES:  # the items are unknown; a made value "list" has known items
            path = f"{path}()"
        return self.make(node, path, *parts, **named)
