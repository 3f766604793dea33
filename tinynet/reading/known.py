"""What the registry's entries look like in a script, derived from their PyTorch texts."""

from __future__ import annotations

import ast
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from inspect import Parameter, Signature, getsource, signature
from typing import Any

from tinynet.reading.statements import Statements, text_of
from tinynet.reading.values import Made, Path, Value, is_made
from tinynet.registry import frames
from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.balance import balanced
from tinynet.registry.data_sets import DATA_SETS
from tinynet.registry.initialisations import INITIALISATIONS
from tinynet.registry.losses import LOSSES
from tinynet.registry.pytorch import torch

DATA, START = "tinynet.data.", "tinynet.start."  # prefixes of the names of the registry's functions
LOGITS = {"BCEWithLogitsLoss", "binary_cross_entropy_with_logits"}  # BCELoss with its own sigmoid
# Functions whose names differ from the modules' names by more than capitals and underscores.
MODULES = {
    "BCEWithLogitsLoss": "BCELoss",
    "binary_cross_entropy": "BCELoss",
    "binary_cross_entropy_with_logits": "BCELoss",
    "cross_entropy": "CrossEntropyLoss",
}
PLACES = {"", "torch", "torch.nn", "torch.nn.functional"}

Arguments = dict[str, Value]


@dataclass(frozen=True)
class Match:
    """The name of the entry of a table that is closest to a call in the script."""

    name: str
    given: Arguments
    expected: Arguments  # the arguments of the entry
    defaults: Arguments  # PyTorch's defaults for all arguments

    @property
    def differing(self) -> list[str]:
        """The names of the arguments in which the entry and the call differ."""
        names = sorted({*self.given, *self.expected})
        return [each for each in names if self.given.get(each) != self.expected.get(each)]

    @property
    def distance(self) -> tuple[int, int]:
        """The number of arguments that only one of them sets, then of all that differ."""
        return len({*self.given} ^ {*self.expected}), len(self.differing)

    @property
    def difference(self) -> str:
        """The arguments that TinyNet has instead: "with momentum=0.9"; "" for no difference."""
        ours = {**self.defaults, **self.expected}
        words = ", ".join(f"{name}={ours.get(name)!r}" for name in self.differing)
        return f"with {words}" if words else ""


def made_from(code: str, **names: Value) -> Value:
    """Return the value of one of our own expressions, given the values of some names."""
    scope = {name: (value, 0) for name, value in names.items()}
    scope |= {"torch": (Path("torch"), 0), "nn": (Path("torch.nn"), 0)}
    return Statements({}).evaluate(_parsed(code), ChainMap(scope))


@cache
def _parsed(code: str) -> ast.expr:
    return ast.parse(code, mode="eval").body


@cache
def known_functions() -> dict[str, str]:
    """Map the text of each of the registry's functions to its name."""
    functions: dict[str, Any] = {f"{DATA}{name}": each.draw for name, each in DATA_SETS.items()}
    starts = {name: each.start for name, each in INITIALISATIONS.items() if each.start}
    functions |= {f"{START}{name}": start for name, start in starts.items()}
    others = frames.columns_of, frames.scaled, frames.standardise, balanced
    functions |= {each.__name__: each for each in others}
    return {_text(function): name for name, function in functions.items()}


def _text(function: Any) -> str:
    (node,) = ast.parse(getsource(function)).body
    return text_of(node)  # type: ignore[arg-type]


@cache
def _path(code: str) -> str:
    """Return the path of the class or function that an entry's expression calls."""
    return str(made_from(code).name)


@cache
def parameters_of(path: str) -> Mapping[str, Parameter]:
    """Return the parameters of a PyTorch function; its path must come from one of our tables."""
    found = torch
    for name in path.split(".")[1:]:
        found = getattr(found, name)
    return signature(found).parameters


def arguments_of(made: Made) -> Arguments | None:
    """Return the arguments of a call that differ from PyTorch's defaults; None if invalid."""
    parameters = parameters_of(made.name)
    try:
        bound = Signature([*parameters.values()]).bind(*made.parts, **dict(made.named))
    except TypeError:
        return None
    given = bound.arguments
    any_number = {Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD}
    return {
        name: value
        for name, value in given.items()
        if parameters[name].kind not in any_number and value != parameters[name].default
    }


def match(value: Value, codes: Mapping[str, str], ignored: set[str] | None = None) -> Match | None:
    """Return the entry closest to a call, or None; `codes` maps entries to their codes."""
    if not is_made(value):
        return None
    alike = {
        name: made_from(code) for name, code in codes.items() if code and _path(code) == value.name
    }
    given = arguments_of(value) if alike else None
    if given is None:
        return None
    given = _without(given, ignored)
    defaults = {name: each.default for name, each in parameters_of(value.name).items()}
    found = []
    for name, each in alike.items():
        expected = _without(arguments_of(each) or {}, ignored)
        found.append(Match(name, given, expected, defaults))
    return min(found, key=lambda each: each.distance)


def _without(arguments: Arguments, ignored: set[str] | None) -> Arguments:
    return {name: value for name, value in arguments.items() if name not in (ignored or ())}


def activation_of(value: Value) -> Match | None:
    """Return the activation that is closest to a module or to a function of a sum."""
    codes = {name: each.code for name, each in ACTIVATIONS.items()}
    return match(_as_module(value, codes, inputs=1), codes, {"inplace"})


def loss_of(value: Value) -> Match | None:
    """Return the loss that is closest to a criterion or to a function of predictions."""
    inside = _balanced_in(value)
    codes = (
        {name: each.code for name, each in LOSSES.items() if not each.balances}
        if inside is value
        else {name: each.code_of_rows for name, each in LOSSES.items() if each.balances}
    )
    return match(_as_module(inside, codes, inputs=2), codes)


def takes_logits(value: Value) -> bool:
    """Return whether a loss applies the sigmoid itself."""
    inside = _balanced_in(value)
    return is_made(inside) and _last(inside.name) in LOGITS


def _balanced_in(criterion: Value) -> Value:
    """Return the criterion that a criterion balances, or itself."""
    is_balanced = is_made(criterion, balanced.__name__) and criterion.parts
    return criterion.parts[0] if is_balanced else criterion


def _as_module(value: Value, codes: Mapping[str, str], inputs: int) -> Value:
    """Return the module of a function, such as nn.ReLU for torch.relu, without the inputs."""
    place, _, _ = value.name.rpartition(".") if is_made(value) else (None, "", "")
    if place not in PLACES:
        return value
    name = MODULES.get(_last(value.name), _last(value.name))
    for code in codes.values():
        module = _path(code)
        if _last(module).lower() == name.replace("_", "").lower():
            is_module = _last(value.name)[0].isupper()
            return replace(value, name=module, parts=value.parts[0 if is_module else inputs :])
    return value


def _last(path: str) -> str:
    return path.rpartition(".")[2].removesuffix("()")
