"""Activations, losses and optimizers for many networks at once.

Written-out entries work elementwise, on tensors of any shape, except the multiclass loss: it gets
the rows of all networks as rows of a single network. Autograd differentiates the other entries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import torch

from tinynet.registry.activations import Activation
from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import Memory
from tinynet.registry.pytorch import evaluate
from tinynet.settings import Settings, set_to
from tinynet.training import expressions

Criterion = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
Backward = Callable[[Any, Any, Any, Any], object]
Step = Callable[[torch.Tensor, torch.Tensor, Memory, torch.Tensor], object]


@dataclass(frozen=True)
class ActivationCalls:
    """`forward(sums, outputs)` and `backward(gradient, sums, outputs)`, as in `Activation`."""

    forward: Callable[[torch.Tensor, torch.Tensor], object]
    backward: Callable[[torch.Tensor, torch.Tensor, torch.Tensor], object]
    by_outputs: bool


def activation_calls(activation: Activation) -> ActivationCalls:
    """Return an entry's own functions, or functions that use its module and autograd."""
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
    """Return `backward(networks, y_pred, y, gradient)` for the loss of each network.

    An entry takes the mean over all rows of all networks. So its gradient, times the number of
    networks, is the gradient of each network's own loss.
    """
    loss = LOSSES[settings.loss]
    backward = loss.plain.backward or _by_autograd(loss.plain.criterion())
    if settings.task.has_output_per_class:
        backward = _row_by_row(backward)
    return _weighted(backward, settings) if loss.balances else backward


def _weighted(backward_of_plain: Backward, settings: Settings) -> Backward:
    def backward(
        networks: Any, y_pred: torch.Tensor, y: torch.Tensor, gradient: torch.Tensor
    ) -> None:
        backward_of_plain(networks, y_pred, y, gradient)
        gradient.mul_(weights_of_rows(settings, y[:, :, :1, :1]))

    return backward


def weights_of_rows(settings: Settings, y: torch.Tensor) -> torch.Tensor:
    """Return the weight of each row's loss, (groups, rows, 1, 1), for targets of this shape."""
    if not LOSSES[settings.loss].balances:
        return torch.ones_like(y, dtype=torch.float32)
    classes = torch.arange(max(2, settings.outputs), device=y.device)  # a sigmoid has two
    is_class = y == classes
    rows = is_class.sum(1, keepdim=True)
    of_own = rows.expand(is_class.shape).gather(3, y.long())
    return y.shape[1] / (rows.count_nonzero(3)[..., None] * of_own).float()


def _by_autograd(criterion: Criterion) -> Backward:
    def backward(
        networks: Any, y_pred: torch.Tensor, y: torch.Tensor, gradient: torch.Tensor
    ) -> None:
        with torch.enable_grad():
            leaf = y_pred.detach().requires_grad_()
            gradient.copy_(torch.autograd.grad(criterion(leaf, y) * networks, leaf)[0])

    return backward


def _row_by_row(backward_of_rows: Backward) -> Backward:
    """Return a `backward` that passes the rows of all networks to `backward_of_rows` at once."""

    def backward(
        networks: Any, y_pred: torch.Tensor, y: torch.Tensor, gradient: torch.Tensor
    ) -> None:
        logits = y_pred.transpose(2, 3)  # (groups, rows, networks, outputs)
        result = torch.empty_like(logits, memory_format=torch.contiguous_format)
        classes = y[:, :, 0].flatten()
        backward_of_rows(networks, logits.flatten(0, 2), classes, result.flatten(0, 2))
        gradient.copy_(result.transpose(2, 3))

    return backward


def losses_of_rows(settings: Settings) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    """Return `(y_pred, y) -> the loss of each row`, on any device; NaN where y_pred is NaN.

    The losses are not weighed.
    """
    criterion = LOSSES[settings.loss].plain.criterion()
    criterion.reduction = "none"
    per_class = settings.task.has_output_per_class
    measured = _measured_row_by_row if per_class else _measured

    def row_losses(y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        # Some losses raise an error on the device for NaN, so replace it.
        is_nan = y_pred.isnan()
        losses = measured(criterion, y_pred.masked_fill(is_nan, 0), y)
        return losses.masked_fill(is_nan.any(2, keepdim=True) if per_class else is_nan, torch.nan)

    return row_losses


def _measured(criterion: Criterion, y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return criterion(y_pred, y.expand_as(y_pred))


def _measured_row_by_row(
    criterion: Criterion, y_pred: torch.Tensor, y: torch.Tensor
) -> torch.Tensor:
    logits = y_pred.transpose(2, 3)  # (groups, rows, networks, outputs)
    classes = y[:, :, 0].expand(logits.shape[:3])
    return criterion(logits.flatten(0, 2), classes.flatten()).view(classes.shape)[:, :, None]


class StepOfPyTorch:
    """A torch.optim optimizer for each set of networks with the same optimizer settings.

    `settings` holds the settings of each network, in order. All weights of one call have the same
    learning rate, whatever their layer.
    """

    def __init__(self, settings: Sequence[Settings]) -> None:
        sets: dict[tuple[object, ...], list[int]] = {}
        for place, each in enumerate(settings):
            rates = each.rates, each.schedule, each.epochs
            sets.setdefault((*rates, each.l2), []).append(place)
        self._sets = [(settings[places[0]], torch.tensor(places)) for places in sets.values()]
        self._parts: list[tuple[torch.Tensor, torch.optim.Optimizer]] = []

    def __call__(
        self, weights: torch.Tensor, gradients: torch.Tensor, _: Memory, rate: torch.Tensor
    ) -> None:
        """Step with copies of each set's weights, (networks, parameters), and write them back."""
        flat = weights.transpose(1, 2).reshape(-1, weights.shape[1])
        gradients = gradients.transpose(1, 2).reshape(flat.shape)
        self._parts = self._parts or [self._begin(*each, flat) for each in self._sets]
        rates = rate.flatten()
        for (_settings, places), (part, optimizer) in zip(self._sets, self._parts, strict=True):
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
        code = expressions.optimizer(set_to(settings, {"last_layer_rate": 1}))
        return part, evaluate(code, model=SimpleNamespace(parameters=lambda: [part]))
