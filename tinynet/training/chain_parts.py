"""The parts of a chain: a linear layer, a batch norm, or one operation on a tensor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional


class Undrawable(ValueError):  # noqa: N818 - it ends no program
    """A model that cannot be drawn; the message is a sentence that names the reason."""


@dataclass(frozen=True)
class Linear:
    """A linear layer."""

    module: nn.Linear

    def tensors(self) -> list[torch.Tensor]:
        """Return the weight, and the bias if there is a bias."""
        return [each for each in (self.module.weight, self.module.bias) if each is not None]

    def run(self, x: torch.Tensor, given: Iterator[torch.Tensor]) -> torch.Tensor:
        """Compute the outputs with the given tensors."""
        weight = next(given)
        return functional.linear(x, weight, None if self.module.bias is None else next(given))


@dataclass(frozen=True)
class Norm:
    """A batch norm, in evaluation mode."""

    module: nn.BatchNorm1d

    def tensors(self) -> list[torch.Tensor]:
        """Return the running mean and variance, the weight and the bias, if there are any."""
        return [each for each in self._all() if each is not None]

    def run(self, x: torch.Tensor, given: Iterator[torch.Tensor]) -> torch.Tensor:
        """Compute the outputs with the given tensors."""
        mean, variance, weight, bias = (
            None if each is None else next(given) for each in self._all()
        )
        has_own = mean is None  # then each batch has its own mean and variance
        return functional.batch_norm(
            x, mean, variance, weight, bias, has_own, momentum=0.0, eps=self.module.eps
        )

    def _all(self) -> tuple[torch.Tensor | None, ...]:
        module = self.module
        return module.running_mean, module.running_var, module.weight, module.bias


@dataclass(frozen=True)
class Operation:
    """A PyTorch operation on a tensor, which is its first argument."""

    function: Any
    name: str
    rest: tuple[Any, ...]
    names: tuple[tuple[str, Any], ...]

    @property
    def signature(self) -> Any:
        """The operation and its other arguments, without the tensor."""
        return self.name, self.rest, self.names

    def tensors(self) -> list[torch.Tensor]:
        """Return nothing: an operation needs no tensor except its input."""
        return []

    def run(self, x: torch.Tensor, _: Iterator[torch.Tensor]) -> torch.Tensor:
        """Compute the outputs."""
        made: torch.Tensor = self.function(x, *self.rest, **dict(self.names))
        return made


Part = Linear | Norm | Operation


def operation_of(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Operation:
    """Return an operation without its tensors; an in-place operation has the ordinary name."""
    name = function._schema.name.removeprefix("aten::").removesuffix("_")  # noqa: SLF001
    rest = tuple(str(each) if isinstance(each, list) else each for each in args[1:])
    return Operation(function, name, rest, tuple(sorted(kwargs.items())))
