"""Many networks, trained in the same operations: backpropagation written out, for all at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import torch

from tinynet.registry.optimizers import OPTIMIZERS, Memory
from tinynet.settings import Settings
from tinynet.sweeping.calls import Step, activation_calls, loss_gradient
from tinynet.sweeping.layers import (
    BatchedLayer,
    FirstLayer,
    OwnFirstLayer,
    OwnLayer,
    SharedOutputs,
    room_for,
)
from tinynet.sweeping.rates import Rates
from tinynet.training.backpropagation import NORM_ROUNDING
from tinynet.training.network import activations


@dataclass(frozen=True, eq=False)
class Penalties:
    """What pulls at the weights of each network, (groups, 1, networks); None where nothing does."""

    l1: torch.Tensor | None
    l2: torch.Tensor | None
    clip: torch.Tensor | None  # the longest that its gradients may be


class Workspace:
    """What all layers make of so many rows, in memory taken once."""

    def __init__(self, networks: Networks, rows: int) -> None:
        self.sums = [room_for(networks.parameters, rows, units) for units in networks.widths]
        self.outputs = [
            each if calls is None or calls.by_outputs else torch.empty_like(each)
            for each, calls in zip(self.sums, networks.follow, strict=True)
        ]
        self.gradients = [torch.empty_like(each) for each in self.sums]

    @property
    def nbytes(self) -> int:
        """The size of its memory, in bytes."""
        apart = [
            made for made, sums in zip(self.outputs, self.sums, strict=True) if made is not sums
        ]
        return sum(each.nbytes for each in (*self.sums, *self.gradients, *apart))


class _ParameterGroup(NamedTuple):
    """Parameters that step by one learning rate of each network: a view of all of them."""

    step: Step
    weights: torch.Tensor
    memory: Memory


class Networks:
    """Networks of these settings, but for their widths, first weights, rates and strengths.

    Narrow ones have zeros where others have units: what is zero on both sides of a unit stays so.
    """

    def __init__(
        self, settings: Settings, parameters: torch.Tensor, steps: list[Step], penalties: Penalties
    ) -> None:
        self.settings = settings
        self.parameters = parameters  # (groups, parameters, networks)
        self.widths = [*settings.hidden_units, settings.outputs]
        self.follow = [activation_calls(each) if each else None for each in activations(settings)]
        self.kept_zero: torch.Tensor | None = None  # 0 where a gradient is to be none, else 1
        self.updates = 0
        self.gradients = torch.zeros_like(parameters)  # that the last rows have made
        self._accumulated = (
            self.gradients if settings.zero_gradients else torch.zeros_like(parameters)
        )
        self._layers = list(_layers(self))
        self._gradient_of_loss = loss_gradient(settings)
        self._count = parameters.new_tensor(float(parameters.shape[0] * parameters.shape[2]))
        self._penalties = penalties
        self._optimizer = OPTIMIZERS[settings.optimizer]
        self._kept = {name: torch.zeros_like(parameters) for name in self._optimizer.remembers}
        self._parts = self._make_parts(steps)
        self._workspaces: dict[int, Workspace] = {}

    @property
    def nbytes(self) -> int:
        """The size of what it holds, in bytes."""
        copies = 2 + (not self.settings.zero_gradients) + len(self._kept)
        return copies * self.parameters.nbytes + sum(
            each.nbytes for each in self._workspaces.values()
        )

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the predictions, (groups, rows, outputs, networks); they stand until the next."""
        room, made = self._room(inputs.shape[1]), inputs
        spares = [
            made,
            *room.gradients,
        ]  # a layer before the last may write where its slope will be
        for index, (layer, calls) in enumerate(zip(self._layers, self.follow, strict=True)):
            layer.forward(made, room.sums[index], spares[index])
            if calls:
                calls.forward(room.sums[index], room.outputs[index])
            made = room.outputs[index]
        return made

    def update(self, inputs: torch.Tensor, targets: torch.Tensor, rates: Rates) -> None:
        """Go backward from the predictions last made, of these rows, and move the weights."""
        self._backward(inputs, targets)
        gradients = self._with_what_stands()
        if self._penalties.clip is not None:
            gradients.mul_(_shortening(gradients, self._penalties.clip))
        if self._penalties.l2 is not None and not self._optimizer.decays_weights:
            gradients = gradients.addcmul(self.parameters, self._penalties.l2)
        self.updates += 1
        for part, its, rate in zip(self._parts, self._in_parts(gradients), rates, strict=True):
            part.memory.steps = self.updates
            part.step(part.weights, its, part.memory, rate)

    def _backward(self, inputs: torch.Tensor, targets: torch.Tensor) -> None:
        room = self._room(inputs.shape[1])
        y_pred, gradient = room.outputs[-1], room.gradients[-1]
        self._gradient_of_loss(self._count, y_pred, targets.expand_as(y_pred), gradient)
        for index in reversed(range(len(self._layers))):
            calls, gradient = self.follow[index], room.gradients[index]
            if calls:
                calls.backward(gradient, room.sums[index], room.outputs[index])
            made = room.outputs[index - 1] if index else inputs
            self._layers[index].backward(
                made, gradient, room.gradients[index - 1] if index else inputs
            )

    def _with_what_stands(self) -> torch.Tensor:
        """Return the gradients, with the slope of the penalty and what was not cleared."""
        if self.kept_zero is not None:
            self.gradients.mul_(self.kept_zero)
        if self._penalties.l1 is not None:  # the size of a weight changes by its sign
            self.gradients.addcmul_(self.parameters.sgn(), self._penalties.l1)
        new, accumulated = self.gradients, self._accumulated
        return new if accumulated is new else accumulated.add_(new)

    def _make_parts(self, steps: list[Step]) -> list[_ParameterGroup]:
        """Return all parameters as one part; or as two, if there is a step for the last layer's."""
        inputs, outputs = layer_sizes(self.settings)[-1]
        last, whole = (inputs + 1) * outputs, self.parameters.shape[1]
        self._lengths = [whole - last, last] if len(steps) > 1 else [whole]
        kept = [(name, self._in_parts(each)) for name, each in self._kept.items()]
        decay = 0 if self._penalties.l2 is None else self._penalties.l2
        return [
            _ParameterGroup(
                step, its, Memory({name: each[index] for name, each in kept}, weight_decay=decay)
            )
            for index, (step, its) in enumerate(
                zip(steps, self._in_parts(self.parameters), strict=True)
            )
        ]

    def _in_parts(self, tensor: torch.Tensor) -> Sequence[torch.Tensor]:
        if len(self._lengths) == 1:
            return [tensor]
        parts: tuple[torch.Tensor, ...] = torch.split(tensor, self._lengths, 1)
        return parts

    def _room(self, rows: int) -> Workspace:
        if rows not in self._workspaces:
            self._workspaces[rows] = Workspace(self, rows)
        return self._workspaces[rows]


def _layers(networks: Networks) -> Iterator[BatchedLayer]:
    """Yield the layers, with their parts of the parameters and gradients."""
    settings = networks.settings
    sizes = layer_sizes(settings)
    counts = [(inputs + 1) * outputs for inputs, outputs in sizes]
    parameters: tuple[torch.Tensor, ...] = torch.split(networks.parameters, counts, 1)
    gradients: tuple[torch.Tensor, ...] = torch.split(networks.gradients, counts, 1)
    first, *later = zip(parameters, gradients, strict=True)
    alone = networks.parameters.shape[2] == 1
    yield (OwnFirstLayer if alone else FirstLayer)(*first, inputs=settings.inputs + 1)
    for (its, gradient), (inputs, _) in zip(later, sizes[1:], strict=True):
        yield (OwnLayer if alone else SharedOutputs)(its, gradient, inputs)


def layer_sizes(settings: Settings) -> list[tuple[int, int]]:
    """Return the inputs and outputs of each layer."""
    return list(pairwise((settings.inputs, *settings.hidden_units, settings.outputs)))


def packed(parameters: Sequence[torch.Tensor], settings: Settings) -> torch.Tensor:
    """Return one network's parameters in a row, with zeros up to the widths of these settings.

    BatchedLayer by layer: the weights, (inputs, outputs), then the biases.
    """
    sizes = layer_sizes(settings)
    row = parameters[0].new_zeros(sum((inputs + 1) * outputs for inputs, outputs in sizes))
    counts = [count for inputs, outputs in sizes for count in (inputs * outputs, outputs)]
    parts: tuple[torch.Tensor, ...] = torch.split(row, counts)
    weights, biases = parts[::2], parts[1::2]
    for size, weight, bias, its_weight, its_bias in zip(
        sizes, weights, biases, parameters[::2], parameters[1::2], strict=True
    ):
        outputs, inputs = its_weight.shape
        weight.view(size)[:inputs, :outputs] = its_weight.t()
        bias[:outputs] = its_bias
    return row


def must_be_kept_zero(settings: Settings) -> bool:
    """Whether a unit without weights puts out something, which would then be given weights."""
    calls = [activation_calls(each) for each in activations(settings)[:-1] if each]
    made = [torch.zeros(1, dtype=torch.float32) for _ in calls]
    for each, output in zip(calls, made, strict=True):
        each.forward(output if each.by_outputs else torch.zeros_like(output), output)
    return any(bool(output) for output in made)


def _shortening(gradients: torch.Tensor, longest: torch.Tensor) -> torch.Tensor:
    """Return what brings each network's gradients to the length asked for; 1 at most."""
    lengths = (gradients * gradients).sum(1, keepdim=True).sqrt_()
    return torch.clamp(longest / lengths.add_(NORM_ROUNDING), max=1.0)
