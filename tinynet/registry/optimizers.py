"""The optimizers: how a gradient becomes a step.

Written out, an optimizer is its rule over all weights at once, in PyTorch's own order of rounding.
What it remembers from step to step has the names that PyTorch gives it. An optimizer without a rule
is left to `torch.optim`. The rate is a number; where the weights are those of many networks, it may
be a tensor that holds one for each, and so may the weight decay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Tensor = Any  # torch's, which takes seconds to import
Rate = Any  # a float, or a tensor that stretches to the weights


@dataclass
class Memory:
    """What an optimizer knows besides weights and gradients: one tensor of each name."""

    kept: dict[str, Tensor] = field(default_factory=dict)
    steps: int = 0  # this one included
    weight_decay: Rate = 0.0


DECAY = ("grad = grad + weight_decay * before",)
# Two groups of parameters, the second with a rate of its own; every form of the model has them so.
GROUPS = """\
[
    {{'params': list(model.parameters())[:-2]}},
    {{'params': list(model.parameters())[-2:], 'lr': {rate} * {times}}},  # the last layer
]"""


@dataclass(frozen=True)
class Optimizer:
    """`step(weights, gradients, memory, rate)` moves the weights, in their place."""

    label: str
    words: str  # how it moves a weight
    name: str  # in torch.optim
    options: tuple[str, ...] = ()  # besides the learning rate and the weight decay
    remembers: tuple[str, ...] = ()  # names in its state, each a tensor like the weights
    step: Callable[[Tensor, Tensor, Memory, Rate], object] | None = None
    weight_decay: float = 0.0  # its default
    decays_weights: bool = False  # itself; else the decay is part of the gradient
    without_decay: str = ""  # the words where such a decay is 0
    # The same step for a reader, line by line in Python's signs; it leads from `before` to `after`
    # by `grad`, `rate`, `step` (1 is the first), `weight_decay` and what it remembers.
    rule: tuple[str, ...] = ()

    def how(self, weight_decay: float) -> str:
        """Return its words, without what only a decay does."""
        is_decayed = weight_decay or not self.without_decay
        return self.words if is_decayed else self.without_decay

    def rule_with(self, weight_decay: float) -> tuple[str, ...]:
        """Return its rule, with the line that a decay within the gradient adds."""
        within = weight_decay and not self.decays_weights
        return (*DECAY, *self.rule) if within and self.rule else self.rule

    def code(self, learning_rate: str, weight_decay: str = "", last_layer: str = "") -> str:
        """Return the expression that makes it, in PyTorch.

        The last layer's rate may be another one: so many times the learning rate.
        """
        parameters = (
            GROUPS.format(rate=learning_rate, times=last_layer)
            if last_layer
            else "model.parameters()"
        )
        decay = [f"weight_decay={weight_decay}"] if weight_decay else []
        options = ", ".join([f"lr={learning_rate}", *self.options, *decay])
        return f"torch.optim.{self.name}({parameters}, {options})"


def _go(weights: Tensor, direction: Tensor, rate: Rate) -> None:
    """Go against a direction, as far as the rate says."""
    if isinstance(rate, float):
        weights.add_(direction, alpha=-rate)
    else:
        weights.addcmul_(direction, rate, value=-1)


def _go_divided(weights: Tensor, direction: Tensor, by: Tensor, rate: Rate) -> None:
    """Go against a direction, divided by `by`, weight by weight."""
    if isinstance(rate, float):
        weights.addcdiv_(direction, by, value=-rate)
    else:
        weights.addcmul_(direction.div(by), rate, value=-1)


def _sgd(weights: Tensor, gradients: Tensor, _: Memory, rate: Rate) -> None:
    _go(weights, gradients, rate)


def _momentum(weights: Tensor, gradients: Tensor, memory: Memory, rate: Rate) -> None:
    _go(weights, _rolling(gradients, memory), rate)


def _nesterov(weights: Tensor, gradients: Tensor, memory: Memory, rate: Rate) -> None:
    ahead = gradients.add(_rolling(gradients, memory), alpha=0.9)
    _go(weights, ahead, rate)


def _rolling(gradients: Tensor, memory: Memory) -> Tensor:
    """Return 0.9 of the last step's momentum, plus this step's gradients."""
    momentum = memory.kept["momentum_buffer"]
    if memory.steps == 1:
        return momentum.copy_(gradients)
    return momentum.mul_(0.9).add_(gradients)


def _adagrad(weights: Tensor, gradients: Tensor, memory: Memory, rate: Rate) -> None:
    squares = memory.kept["sum"].addcmul_(gradients, gradients, value=1)
    _go_divided(weights, gradients, squares.sqrt().add_(1e-10), rate)


def _rmsprop(weights: Tensor, gradients: Tensor, memory: Memory, rate: Rate) -> None:
    squares = memory.kept["square_avg"].mul_(0.99).addcmul_(gradients, gradients, value=1 - 0.99)
    _go_divided(weights, gradients, squares.sqrt().add_(1e-8), rate)


def _adam(weights: Tensor, gradients: Tensor, memory: Memory, rate: Rate) -> None:
    mean = memory.kept["exp_avg"].lerp_(gradients, 1 - 0.9)
    squares = memory.kept["exp_avg_sq"].mul_(0.999).addcmul_(gradients, gradients, value=1 - 0.999)
    # Both started at 0; divided by these, they are means from the first step on.
    mean_share, squares_share = 1 - 0.9**memory.steps, 1 - 0.999**memory.steps
    root = squares.sqrt().div_(squares_share**0.5).add_(1e-8)
    _go_divided(weights, mean, root, rate / mean_share)


def _adamw(weights: Tensor, gradients: Tensor, memory: Memory, rate: Rate) -> None:
    weights.mul_(1 - rate * memory.weight_decay)
    _adam(weights, gradients, memory, rate)


MOMENTUM, MEANS = ("momentum_buffer",), ("exp_avg", "exp_avg_sq")
ROLLING = "momentum_buffer = 0.9 * momentum_buffer + grad"
ADAM = (
    "exp_avg = 0.9 * exp_avg + 0.1 * grad",
    "exp_avg_sq = 0.999 * exp_avg_sq + 0.001 * grad ** 2",
    "mean = exp_avg / (1 - 0.9 ** step)",
    "mean_sq = exp_avg_sq / (1 - 0.999 ** step)",
    "after = before - rate * mean / (sqrt(mean_sq) + 1e-8)",
)
OPTIMIZERS = {
    "sgd": Optimizer(
        "SGD", "against its gradient", "SGD", step=_sgd, rule=("after = before - rate * grad",)
    ),
    "momentum": Optimizer(
        "Momentum",
        "against a rolling sum of its gradients",
        "SGD",
        ("momentum=0.9",),
        MOMENTUM,
        _momentum,
        rule=(ROLLING, "after = before - rate * momentum_buffer"),
    ),
    "nesterov": Optimizer(
        "Nesterov",
        "against a rolling sum of its gradients, one step ahead",
        "SGD",
        ("momentum=0.9", "nesterov=True"),
        MOMENTUM,
        _nesterov,
        rule=(
            ROLLING,
            "ahead = grad + 0.9 * momentum_buffer",
            "after = before - rate * ahead",
        ),
    ),
    "adagrad": Optimizer(
        "Adagrad",
        "against its gradient, divided by the root of all its squares so far",
        "Adagrad",
        remembers=("sum",),
        step=_adagrad,
        rule=("sum = sum + grad ** 2", "after = before - rate * grad / (sqrt(sum) + 1e-10)"),
    ),
    "rmsprop": Optimizer(
        "RMSprop",
        "against its gradient, divided by the root of its recent squares",
        "RMSprop",
        remembers=("square_avg",),
        step=_rmsprop,
        rule=(
            "square_avg = 0.99 * square_avg + 0.01 * grad ** 2",
            "after = before - rate * grad / (sqrt(square_avg) + 1e-8)",
        ),
    ),
    "adam": Optimizer(
        "Adam",
        "against the mean of its recent gradients, divided by the root of their squares",
        "Adam",
        remembers=MEANS,
        step=_adam,
        rule=ADAM,
    ),
    "adamw": Optimizer(
        "AdamW",
        "as Adam does, after making it a little smaller",
        "AdamW",
        remembers=MEANS,
        step=_adamw,
        weight_decay=0.01,
        decays_weights=True,
        without_decay="as Adam does",
        rule=("before = before * (1 - rate * weight_decay)", *ADAM),
    ),
}
