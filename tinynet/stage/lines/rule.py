"""The optimizer's rule, redone in 64 bits: for one number, to read; for all of them, as a check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tinynet.analysis.epoch import Epoch
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.registry.pytorch import evaluate
from tinynet.settings import Settings

Exact = npt.NDArray[np.float64]
EPS = float(np.finfo(np.float32).eps)
ROUNDINGS = 4  # that each number in a rule may meet on the way


@dataclass(frozen=True)
class Rule:
    """The lines that lead from `before` to `after`, and what they know besides the tensors."""

    lines: tuple[str, ...]  # none where the optimizer's entry has none
    shared: Mapping[str, float]  # step, weight_decay
    rates: tuple[float, ...]  # of each parameter
    remembers: tuple[str, ...]

    @classmethod
    def of(cls, settings: Settings, epoch: Epoch) -> Rule:
        """Return the rule of an epoch's step."""
        optimizer = OPTIMIZERS[settings.optimizer]
        shared = {"step": epoch.steps, "weight_decay": settings.l2}
        return cls(optimizer.rule_with(settings.l2), shared, epoch.rates, optimizer.remembers)

    def written_out(self, epoch: Epoch, index: int, place: tuple[int, ...]) -> str:
        """Return the rule for one number: each line, and below it the same with numbers."""
        names: dict[str, Any] = {
            **self._known(index),
            **{name: float(each[place]) for name, each in self._found(epoch, index).items()},
        }
        lines = []
        for name, expression in self._parts():
            with_numbers = _with_numbers(expression, names)
            names[name] = float(_evaluated(expression, names))
            indent = " " * len(name)
            lines += [
                f"{name} = {expression}",
                f"{indent} = {with_numbers} = {names[name]:.6g}",
            ]
        return "\n".join(lines)

    def difference(self, epoch: Epoch) -> tuple[float, bool]:
        """Return how far PyTorch's step is from the rule, and whether that is but rounding."""
        worst, is_rounding = 0.0, True
        for index, after in enumerate(epoch.after):
            found = self._found(epoch, index)
            exact = self._after(index, found)
            difference = np.abs(after - exact)
            is_rounding &= bool((difference <= self._rounding(index, found, exact)).all())
            worst = max(worst, float(difference.max()))
        return worst, is_rounding

    def _known(self, index: int) -> dict[str, float]:
        return {**self.shared, "rate": self.rates[index]}

    def _found(self, epoch: Epoch, index: int) -> dict[str, Exact]:
        """Return what the step finds of a parameter; before the first, what is remembered is 0."""
        found = {"before": epoch.before, "grad": epoch.clipped or epoch.gradients}
        tensors = {name: each[index].astype(float) for name, each in found.items()}
        nothing = np.zeros_like(tensors["before"])
        memory = {name: epoch.memory[name][index] for name in self.remembers if epoch.memory}
        remembered = {name: memory.get(name, nothing).astype(float) for name in self.remembers}
        return tensors | remembered

    def _after(self, index: int, found: Mapping[str, Exact]) -> Exact:
        names: dict[str, Any] = {**self._known(index), **found}
        for name, expression in self._parts():
            names[name] = _evaluated(expression, names)
        after: Exact = names["after"]
        return after

    def _rounding(self, index: int, found: Mapping[str, Exact], exact: Exact) -> Exact:
        """Return how far 32 bits may lead astray: each number is tried a little larger."""
        tried = (
            self._after(index, {**found, name: each * (1 + EPS)}) for name, each in found.items()
        )
        moved = sum(np.abs(each - exact) for each in tried)
        sizes = np.abs(found["before"]) + np.abs(exact - found["before"])
        rounding: Exact = ROUNDINGS * (moved + EPS * sizes)
        return rounding

    def _parts(self) -> list[list[str]]:
        return [line.split(" = ", 1) for line in self.lines]


def _evaluated(expression: str, names: Mapping[str, Any]) -> Any:
    with np.errstate(all="ignore"):  # a step into no numbers is said to be one
        return evaluate(expression, sqrt=np.sqrt, **names)


def _with_numbers(expression: str, names: Mapping[str, float]) -> str:
    """Write the numbers in place of their names."""
    text = re.sub(r"\b[a-z_]+\b", lambda word: _number(word[0], names), expression)
    return re.sub(r"^\((-[^()]+)\)(?! \*\*)", r"\1", text)  # in front no brackets are needed


def _number(word: str, names: Mapping[str, float]) -> str:
    """Return what a word stands for, as it may stand behind any sign; "sqrt" stays."""
    if word not in names:
        return word
    return f"({names[word]:.6g})" if names[word] < 0 else f"{names[word]:.6g}"
