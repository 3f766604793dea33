"""The calls of the tables' entries, for many networks at once; by autograd where one has none.

An entry of the tables that is written out works on each number by itself, so on tensors of any
shape; but a loss of several classes, which is given the rows of all networks as those of one. One
that is not is asked for its module, and autograd for the slope of that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import torch

from tinynet.registry.activations import Activation
from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import Memory
from tinynet.registry.pytorch import evaluate
from tinynet.settings import Settings
from tinynet.training import expressions

Criterion = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
Backward = Callable[[Any, Any, Any, Any], object]
Step = Callable[[torch.Tensor, torch.Tensor, Memory, torch.Tensor], object]


@dataclass(frozen=True)
class ActivationCalls:
    """`forward(sums, outputs)` and `backward(slope, sums, outputs)`, as an entry has them."""

    forward: Callable[[torch.Tensor, torch.Tensor], object]
    backward: Callable[[torch.Tensor, torch.Tensor, torch.Tensor], object]
    by_outputs: bool


def activation_calls(activation: Activation) -> ActivationCalls:
    """Return an entry's own calls, or those of its module."""
    if activation.forward and activation.backward:
        return ActivationCalls(activation.forward, activation.backward, activation.by_outputs)
    module = evaluate(activation.code)

    def forward(sums: torch.Tensor, outputs: torch.Tensor) -> None:
        with torch.no_grad():
            outputs.copy_(module(sums))

    def backward(gradient: torch.Tensor, sums: torch.Tensor, _: torch.Tensor) -> None:
        with torch.enable_grad():
            leaf = sums.detach().requires_grad_()
            gradient.copy_(torch.autograd.grad(module(leaf), leaf, gradient)[0])

    return ActivationCalls(forward, backward, by_outputs=False)


def loss_gradient(settings: Settings) -> Backward:
    """Return `backward(networks, y_pred, y, slope)`: of each network's loss, by its predictions.

    An entry takes the mean over all that it is given. So the slope of the mean of all networks,
    times their number, is that of each network's own loss.
    """
    loss = LOSSES[settings.loss]
    backward = loss.backward or _by_autograd(evaluate(expressions.criterion(settings)))
    return _row_by_row(backward) if settings.task.has_output_per_class else backward


def _by_autograd(criterion: Criterion) -> Backward:
    def backward(
        networks: Any, y_pred: torch.Tensor, y: torch.Tensor, gradient: torch.Tensor
    ) -> None:
        with torch.enable_grad():
            leaf = y_pred.detach().requires_grad_()
            gradient.copy_(torch.autograd.grad(criterion(leaf, y) * networks, leaf)[0])

    return backward


def _row_by_row(of_rows: Backward) -> Backward:
    """Return the same for predictions that have the outputs of a row behind each other."""

    def backward(
        networks: Any, y_pred: torch.Tensor, y: torch.Tensor, gradient: torch.Tensor
    ) -> None:
        changed = y_pred.transpose(2, 3)  # (groups, rows, networks, outputs)
        made = torch.empty_like(changed, memory_format=torch.contiguous_format)
        of_rows(networks, changed.flatten(0, 2), y[:, :, 0].flatten(), made.flatten(0, 2))
        gradient.copy_(made.transpose(2, 3))

    return backward


def losses_of_rows(settings: Settings) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    """Return `(y_pred, y) -> what each loss is the mean of`, on any device; NaN where y_pred is."""
    criterion = evaluate(expressions.criterion(settings))
    criterion.reduction = "none"
    several = settings.task.has_output_per_class
    measured = _measured_row_by_row if several else _measured

    def of_rows(y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        # Some loss stops the whole device at a NaN, so it is not shown any.
        is_none = y_pred.isnan()
        losses = measured(criterion, y_pred.masked_fill(is_none, 0), y)
        return losses.masked_fill(is_none.any(2, keepdim=True) if several else is_none, torch.nan)

    return of_rows


def _measured(criterion: Criterion, y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return criterion(y_pred, y.expand_as(y_pred))


def _measured_row_by_row(
    criterion: Criterion, y_pred: torch.Tensor, y: torch.Tensor
) -> torch.Tensor:
    changed = y_pred.transpose(2, 3)  # (groups, rows, networks, outputs)
    classes = y[:, :, 0].expand(changed.shape[:3])
    return criterion(changed.flatten(0, 2), classes.flatten()).view(classes.shape)[:, :, None]


class StepOfPyTorch:
    """An optimizer of torch.optim for each lot of networks that have the same settings for it.

    `settings` are those of each network, in their order. All weights that it is given step by one
    rate, whichever layers they are of.
    """

    def __init__(self, settings: Sequence[Settings]) -> None:
        lots: dict[tuple[object, ...], list[int]] = {}
        for place, each in enumerate(settings):
            rates = each.rates, each.schedule, each.epochs
            lots.setdefault((*rates, each.l2), []).append(place)
        self._lots = [(settings[places[0]], torch.tensor(places)) for places in lots.values()]
        self._parts: list[tuple[torch.Tensor, torch.optim.Optimizer]] = []

    def __call__(
        self, weights: torch.Tensor, gradients: torch.Tensor, _: Memory, rate: torch.Tensor
    ) -> None:
        """Step with copies of each lot's weights, (networks, parameters), and write them back."""
        flat = weights.transpose(1, 2).reshape(-1, weights.shape[1])
        gradients = gradients.transpose(1, 2).reshape(flat.shape)
        self._parts = self._parts or [self._begin(*lot, flat) for lot in self._lots]
        rates = rate.flatten()
        for (_settings, places), (part, optimizer) in zip(self._lots, self._parts, strict=True):
            part.data.copy_(flat[places])
            part.grad = gradients[places]
            optimizer.param_groups[0]["lr"] = rates[places[0]].item()
            optimizer.step()
            flat[places] = part.detach()
        weights.copy_(flat.view(weights.shape[0], -1, weights.shape[1]).transpose(1, 2))

    @staticmethod
    def _begin(
        settings: Settings, places: torch.Tensor, flat: torch.Tensor
    ) -> tuple[torch.Tensor, torch.optim.Optimizer]:
        part = flat[places].clone().requires_grad_()
        code = expressions.optimizer(replace(settings, last_layer_rate=1))
        return part, evaluate(code, model=SimpleNamespace(parameters=lambda: [part]))
