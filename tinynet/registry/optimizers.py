"""The optimizers: how gradients become weight updates.

A written-out optimizer has a `step` that updates all weights at once and rounds like PyTorch. Its
state has PyTorch's names. The other optimizers use `torch.optim`. The learning rate and the weight
decay are numbers, or tensors with one number per network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Tensor = Any  # torch.Tensor, without importing torch
Rate = Any  # a float, or a tensor that broadcasts to the weights

MOMENTUM = 0.9
BETA1, BETA2 = 0.9, 0.999  # of Adam
ALPHA = 0.99  # of RMSprop
EPSILON, ADAGRAD_EPSILON = 1e-8, 1e-10


@dataclass
class Memory:
    """The state of an optimizer, besides weights and gradients: one tensor per name."""

    kept: dict[str, Tensor] = field(default_factory=dict)
    steps: int = 0  # steps so far, this step included
    weight_decay: Rate = 0.0


DECAY = ("grad = grad + weight_decay * before",)
# Two parameter groups; the second, the last layer, has a learning rate of its own.
GROUPS = """\
[
    {{'params': list(model.parameters())[:-2]}},
    {{'params': list(model.parameters())[-2:], 'lr': {rate} * {times}}},  # the last layer
]"""


@dataclass(frozen=True)
class Optimizer:
    """`step(weights, gradients, memory, rate)` moves the weights in place."""

    label: str
    words: str  # how it moves a weight
    name: str  # the name in torch.optim
    options: tuple[str, ...] = ()  # arguments besides the learning rate and the weight decay
    remembers: tuple[str, ...] = ()  # the names in its state, each a tensor like the weights
    step: Callable[[Tensor, Tensor, Memory, Rate], object] | None = None
    weight_decay: float = 0.0  # the default
    decays_weights: bool = False  # whether it decays weights directly, not through the gradients
    words_without_decay: str = ""  # `words` without weight decay, if different
    # The step line by line, as Python for a reader: it computes `after` from `before`, `grad`,
    # `rate`, `step` (counted from 1), `weight_decay` and the names in `remembers`.
    rule: tuple[str, ...] = ()

    @property
    def has_momentum(self) -> bool:
        """Whether a step depends on the directions of earlier steps."""
        return not {*BUFFER, *AVERAGES[:1]}.isdisjoint(self.remembers)

    @property
    def is_plain(self) -> bool:
        """Whether a step is the learning rate times the gradient."""
        return self.name == "SGD" and not self.remembers

    def how(self, weight_decay: float) -> str:
        """Return in words how the optimizer moves a weight with this decay."""
        is_decayed = weight_decay or not self.words_without_decay
        return self.words if is_decayed else self.words_without_decay

    def rule_with(self, weight_decay: float) -> tuple[str, ...]:
        """Return the rule, including the line that adds a decay to the gradient."""
        within = weight_decay and not self.decays_weights
        return (*DECAY, *self.rule) if within and self.rule else self.rule

    def code(self, learning_rate: str, weight_decay: str = "", last_layer: str = "") -> str:
        """Return the PyTorch expression that creates the optimizer.

        `last_layer` multiplies the learning rate of the last layer.
        """
        parameters = (
            GROUPS.format(rate=learning_rate, times=last_layer)
            if last_layer
            else "model.parameters()"
        )
        decay = [f"weight_decay={weight_decay}"] if weight_decay else []
        options = ", ".join([f"lr={learning_rate}", *self.options, *decay])
        return f"torch.optim.{self.name}({parameters}, {options})"


def _descend(weights: Tensor, direction: Tensor, rate: Rate) -> None:
    """Subtract rate * direction from the weights."""
    if isinstance(rate, float):
        weights.add_(direction, alpha=-rate)
    else:
        weights.addcmul_(direction, rate, value=-1)


def _descend_scaled(weights: Tensor, direction: Tensor, scale: Tensor, rate: Rate) -> None:
    """Subtract rate * direction / scale from the weights."""
    if isinstance(rate, float):
        weights.addcdiv_(direction, scale, value=-rate)
    else:
        weights.addcmul_(direction.div(scale), rate, value=-1)


def _sgd(weights: Tensor, gradients: Tensor, _: Memory, rate: Rate) -> None:
    _descend(weights, gradients, rate)


def _momentum(weights: Tensor, gradients: Tensor, memory: Memory, rate: Rate) -> None:
    _descend(weights, _rolling(gradients, memory), rate)


def _nesterov(weights: Tensor, gradients: Tensor, memory: Memory, rate: Rate) -> None:
    ahead = gradients.add(_rolling(gradients, memory), alpha=MOMENTUM)
    _descend(weights, ahead, rate)


def _rolling(gradients: Tensor, memory: Memory) -> Tensor:
    """Update the rolling sum: a share of the previous sum, plus the gradients."""
    momentum = memory.kept["momentum_buffer"]
    if memory.steps == 1:
        return momentum.copy_(gradients)
    return momentum.mul_(MOMENTUM).add_(gradients)


def _adagrad(weights: Tensor, gradients: Tensor, memory: Memory, rate: Rate) -> None:
    squares = memory.kept["sum"].addcmul_(gradients, gradients, value=1)
    _descend_scaled(weights, gradients, squares.sqrt().add_(ADAGRAD_EPSILON), rate)


def _rmsprop(weights: Tensor, gradients: Tensor, memory: Memory, rate: Rate) -> None:
    squares = memory.kept["square_avg"].mul_(ALPHA).addcmul_(gradients, gradients, value=1 - ALPHA)
    _descend_scaled(weights, gradients, squares.sqrt().add_(EPSILON), rate)


def _adam(weights: Tensor, gradients: Tensor, memory: Memory, rate: Rate) -> None:
    mean = memory.kept["exp_avg"].lerp_(gradients, 1 - BETA1)
    squares = memory.kept["exp_avg_sq"].mul_(BETA2).addcmul_(gradients, gradients, value=1 - BETA2)
    # Both averages start at 0; these shares correct the bias.
    mean_share, squares_share = 1 - BETA1**memory.steps, 1 - BETA2**memory.steps
    root = squares.sqrt().div_(squares_share**0.5).add_(EPSILON)
    _descend_scaled(weights, mean, root, rate / mean_share)


def _adamw(weights: Tensor, gradients: Tensor, memory: Memory, rate: Rate) -> None:
    weights.mul_(1 - rate * memory.weight_decay)
    _adam(weights, gradients, memory, rate)


SHORT_EPSILON = f"{EPSILON:g}".replace("e-0", "e-")
BUFFER, AVERAGES = ("momentum_buffer",), ("exp_avg", "exp_avg_sq")
ROLLING = f"momentum_buffer = {MOMENTUM} * momentum_buffer + grad"
ADAM = (
    f"exp_avg = {BETA1} * exp_avg + {1 - BETA1:g} * grad",
    f"exp_avg_sq = {BETA2} * exp_avg_sq + {1 - BETA2:g} * grad ** 2",
    f"mean = exp_avg / (1 - {BETA1} ** step)",
    f"mean_sq = exp_avg_sq / (1 - {BETA2} ** step)",
    f"after = before - rate * mean / (sqrt(mean_sq) + {SHORT_EPSILON})",
)
OPTIMIZERS = {
    "sgd": Optimizer(
        "SGD", "against its gradient", "SGD", step=_sgd, rule=("after = before - rate * grad",)
    ),
    "momentum": Optimizer(
        "Momentum",
        "against a rolling sum of its gradients",
        "SGD",
        (f"momentum={MOMENTUM}",),
        BUFFER,
        _momentum,
        rule=(ROLLING, "after = before - rate * momentum_buffer"),
    ),
    "nesterov": Optimizer(
        "Nesterov",
        "against a rolling sum of its gradients, one step ahead",
        "SGD",
        (f"momentum={MOMENTUM}", "nesterov=True"),
        BUFFER,
        _nesterov,
        rule=(
            ROLLING,
            f"ahead = grad + {MOMENTUM} * momentum_buffer",
            "after = before - rate * ahead",
        ),
    ),
    "adagrad": Optimizer(
        "Adagrad",
        "against its gradient, divided by the root of all its squares so far",
        "Adagrad",
        remembers=("sum",),
        step=_adagrad,
        rule=(
            "sum = sum + grad ** 2",
            f"after = before - rate * grad / (sqrt(sum) + {ADAGRAD_EPSILON})",
        ),
    ),
    "rmsprop": Optimizer(
        "RMSprop",
        "against its gradient, divided by the root of its recent squares",
        "RMSprop",
        remembers=("square_avg",),
        step=_rmsprop,
        rule=(
            f"square_avg = {ALPHA} * square_avg + {1 - ALPHA:g} * grad ** 2",
            f"after = before - rate * grad / (sqrt(square_avg) + {SHORT_EPSILON})",
        ),
    ),
    "adam": Optimizer(
        "Adam",
        "against the mean of its recent gradients, divided by the root of their squares",
        "Adam",
        remembers=AVERAGES,
        step=_adam,
        rule=ADAM,
    ),
    "adamw": Optimizer(
        "AdamW",
        "as Adam does, after shrinking the weight a little",
        "AdamW",
        remembers=AVERAGES,
        step=_adamw,
        weight_decay=0.01,
        decays_weights=True,
        words_without_decay="as Adam does",
        rule=("before = before * (1 - rate * weight_decay)", *ADAM),
    ),
}
