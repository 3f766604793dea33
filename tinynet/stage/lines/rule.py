"""The optimizer's rule in 64 bits: written out for one number, and checked for all."""

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
ROUNDINGS = 4  # the most roundings of any number in a rule


@dataclass(frozen=True)
class Rule:
    """The lines of code that lead from `before` to `after`, and the values that they use."""

    lines: tuple[str, ...]  # empty if the optimizer's entry has no rule
    shared: Mapping[str, float]  # step, weight_decay
    rates: tuple[float, ...]  # for each parameter
    remembers: tuple[str, ...]

    @classmethod
    def of(cls, settings: Settings, epoch: Epoch) -> Rule:
        """Return the rule of an epoch's step."""
        optimizer = OPTIMIZERS[settings.optimizer]
        shared = {"step": epoch.steps, "weight_decay": settings.l2}
        return cls(optimizer.rule_with(settings.l2), shared, epoch.rates, optimizer.remembers)

    def written_out(self, epoch: Epoch, index: int, place: tuple[int, ...]) -> str:
        """Return the rule for one number: each line of code, then the same line with its values."""
        names: dict[str, Any] = {
            **self._scalars(index),
            **{name: float(each[place]) for name, each in self._tensors(epoch, index).items()},
        }
        lines = []
        for name, expression in self._parts():
            with_numbers = _with_numbers(expression, names)
            names[name] = float(_evaluated(expression, names))
            indent = " " * len(name)
            lines += [f"{name} = {expression}", f"{indent} = {with_numbers} = {names[name]:.6g}"]
        return "\n".join(lines)

    def difference(self, epoch: Epoch) -> tuple[float, bool]:
        """Return the largest difference between step and rule, and whether it is only rounding."""
        worst, is_rounding = 0.0, True
        for index, after in enumerate(epoch.after):
            tensors = self._tensors(epoch, index)
            exact = self._after(index, tensors)
            difference = np.abs(after - exact)
            is_rounding &= bool((difference <= self._rounding(index, tensors, exact)).all())
            worst = max(worst, float(difference.max()))
        return worst, is_rounding

    def _scalars(self, index: int) -> dict[str, float]:
        return {**self.shared, "rate": self.rates[index]}

    def _tensors(self, epoch: Epoch, index: int) -> dict[str, Exact]:
        """Return a parameter before the step, its gradient and its memory, which starts at 0."""
        before = epoch.before[index].astype(float)
        gradient = (epoch.clipped or epoch.gradients)[index].astype(float)
        memory = {
            name: epoch.memory[name][index].astype(float) if epoch.memory else np.zeros_like(before)
            for name in self.remembers
        }
        return {"before": before, "grad": gradient, **memory}

    def _after(self, index: int, tensors: Mapping[str, Exact]) -> Exact:
        names: dict[str, Any] = {**self._scalars(index), **tensors}
        for name, expression in self._parts():
            names[name] = _evaluated(expression, names)
        after: Exact = names["after"]
        return after

    def _rounding(self, index: int, tensors: Mapping[str, Exact], exact: Exact) -> Exact:
        """Estimate the rounding error of 32 bits by making each number slightly larger in turn."""
        perturbed = (
            self._after(index, {**tensors, name: each * (1 + EPS)})
            for name, each in tensors.items()
        )
        errors = sum(np.abs(each - exact) for each in perturbed)
        sizes = np.abs(tensors["before"]) + np.abs(exact - tensors["before"])
        rounding: Exact = ROUNDINGS * (errors + EPS * sizes)
        return rounding

    def _parts(self) -> list[list[str]]:
        return [line.split(" = ", 1) for line in self.lines]


def _evaluated(expression: str, names: Mapping[str, Any]) -> Any:
    with np.errstate(all="ignore"):  # a step may overflow
        return evaluate(expression, sqrt=np.sqrt, **names)


def _with_numbers(expression: str, names: Mapping[str, float]) -> str:
    """Replace the names by their values."""
    text = re.sub(r"\b[a-z_]+\b", lambda word: _value_text(word[0], names), expression)
    return re.sub(r"^\((-[^()]+)\)(?! \*\*)", r"\1", text)  # no brackets at the start


def _value_text(word: str, names: Mapping[str, float]) -> str:
    """Return the value of a name, in brackets if negative; other words, like "sqrt", stay."""
    if word not in names:
        return word
    return f"({names[word]:.6g})" if names[word] < 0 else f"{names[word]:.6g}"
