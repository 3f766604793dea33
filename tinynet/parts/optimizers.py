"""The optimizers: how a gradient becomes a step.

Written out, an optimizer is its rule over all weights at once, in PyTorch's own order of rounding.
What it remembers from step to step has the names that PyTorch gives it. An optimizer without a rule
is left to `torch.optim`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Tensor = Any  # torch's, which takes seconds to import


@dataclass
class Memory:
    """What an optimizer knows besides weights and gradients: one tensor of each name."""

    kept: dict[str, Tensor] = field(default_factory=dict)
    steps: int = 0  # this one included
    weight_decay: float = 0.0


@dataclass(frozen=True)
class Optimizer:
    """`step(weights, gradients, memory, rate)` moves the weights, in their place."""

    label: str
    words: str  # how it moves a weight
    name: str  # in torch.optim
    options: tuple[str, ...] = ()  # besides the learning rate and the weight decay
    remembers: tuple[str, ...] = ()  # names in its state, each a tensor like the weights
    step: Callable[[Tensor, Tensor, Memory, float], object] | None = None
    weight_decay: float = 0.0  # its default
    decays_weights: bool = False  # itself; else the decay is part of the gradient

    def code(self, learning_rate: str, weight_decay: str = "") -> str:
        """Return the expression that makes it, in PyTorch."""
        decay = [f"weight_decay={weight_decay}"] if weight_decay else []
        options = ", ".join([f"lr={learning_rate}", *self.options, *decay])
        return f"torch.optim.{self.name}(model.parameters(), {options})"


def _sgd(weights: Tensor, gradients: Tensor, _: Memory, rate: float) -> None:
    weights.add_(gradients, alpha=-rate)


def _momentum(weights: Tensor, gradients: Tensor, memory: Memory, rate: float) -> None:
    weights.add_(_rolling(gradients, memory), alpha=-rate)


def _nesterov(weights: Tensor, gradients: Tensor, memory: Memory, rate: float) -> None:
    ahead = gradients.add(_rolling(gradients, memory), alpha=0.9)
    weights.add_(ahead, alpha=-rate)


def _rolling(gradients: Tensor, memory: Memory) -> Tensor:
    """Return 0.9 of the last step's momentum, plus this step's gradients."""
    momentum = memory.kept["momentum_buffer"]
    if memory.steps == 1:
        return momentum.copy_(gradients)
    return momentum.mul_(0.9).add_(gradients)


def _adagrad(weights: Tensor, gradients: Tensor, memory: Memory, rate: float) -> None:
    squares = memory.kept["sum"].addcmul_(gradients, gradients, value=1)
    weights.addcdiv_(gradients, squares.sqrt().add_(1e-10), value=-rate)


def _rmsprop(weights: Tensor, gradients: Tensor, memory: Memory, rate: float) -> None:
    squares = memory.kept["square_avg"].mul_(0.99).addcmul_(gradients, gradients, value=1 - 0.99)
    weights.addcdiv_(gradients, squares.sqrt().add_(1e-8), value=-rate)


def _adam(weights: Tensor, gradients: Tensor, memory: Memory, rate: float) -> None:
    mean = memory.kept["exp_avg"].lerp_(gradients, 1 - 0.9)
    squares = memory.kept["exp_avg_sq"].mul_(0.999).addcmul_(gradients, gradients, value=1 - 0.999)
    # Both started at 0; divided by these, they are means from the first step on.
    mean_share, squares_share = 1 - 0.9**memory.steps, 1 - 0.999**memory.steps
    root = squares.sqrt().div_(squares_share**0.5).add_(1e-8)
    weights.addcdiv_(mean, root, value=-(rate / mean_share))


def _adamw(weights: Tensor, gradients: Tensor, memory: Memory, rate: float) -> None:
    weights.mul_(1 - rate * memory.weight_decay)
    _adam(weights, gradients, memory, rate)


MOMENTUM, MEANS = ("momentum_buffer",), ("exp_avg", "exp_avg_sq")
OPTIMIZERS = {
    "sgd": Optimizer("SGD", "against its gradient", "SGD", step=_sgd),
    "momentum": Optimizer(
        "Momentum",
        "along a rolling sum of its gradients",
        "SGD",
        ("momentum=0.9",),
        MOMENTUM,
        _momentum,
    ),
    "nesterov": Optimizer(
        "Nesterov",
        "along a rolling sum of its gradients, one step ahead",
        "SGD",
        ("momentum=0.9", "nesterov=True"),
        MOMENTUM,
        _nesterov,
    ),
    "adagrad": Optimizer(
        "Adagrad",
        "against its gradient, divided by the root of all its squares so far",
        "Adagrad",
        remembers=("sum",),
        step=_adagrad,
    ),
    "rmsprop": Optimizer(
        "RMSprop",
        "against its gradient, divided by the root of its recent squares",
        "RMSprop",
        remembers=("square_avg",),
        step=_rmsprop,
    ),
    "adam": Optimizer(
        "Adam",
        "along the mean of its recent gradients, divided by the root of their squares",
        "Adam",
        remembers=MEANS,
        step=_adam,
    ),
    "adamw": Optimizer(
        "AdamW",
        "as Adam does, and make it a little smaller besides",
        "AdamW",
        remembers=MEANS,
        step=_adamw,
        weight_decay=0.01,
        decays_weights=True,
    ),
}
