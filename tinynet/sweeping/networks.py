"""Many networks that train in the same tensor operations, without autograd."""

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
    empty_outputs,
)
from tinynet.sweeping.rates import Rates
from tinynet.training.backpropagation import NORM_ROUNDING
from tinynet.training.network import activations


@dataclass(frozen=True, eq=False)
class Penalties:
    """The regularisation of each network, (groups, 1, networks); None if it is off for all."""

    l1: torch.Tensor | None
    l2: torch.Tensor | None
    clip: torch.Tensor | None  # the largest norm of its gradients


class Workspace:
    """The memory of all layers for a number of rows, allocated once."""

    def __init__(self, networks: Networks, rows: int) -> None:
        self.sums = [empty_outputs(networks.parameters, rows, units) for units in networks.widths]
        self.outputs = [
            each if calls is None or calls.by_outputs else torch.empty_like(each)
            for each, calls in zip(self.sums, networks.follow, strict=True)
        ]
        self.gradients = [torch.empty_like(each) for each in self.sums]

    @property
    def nbytes(self) -> int:
        """The size of its tensors in bytes."""
        pairs = zip(self.outputs, self.sums, strict=True)
        separate = [outputs for outputs, sums in pairs if outputs is not sums]
        return sum(each.nbytes for each in (*self.sums, *self.gradients, *separate))


class _ParameterGroup(NamedTuple):
    """A view of the parameters that share one learning rate per network."""

    step: Step
    weights: torch.Tensor
    memory: Memory


class Networks:
    """Networks that differ only in widths, first weights, learning rates and regularisation.

    Narrower networks are padded with zeros, and padding stays zero.
    """

    def __init__(
        self, settings: Settings, parameters: torch.Tensor, steps: list[Step], penalties: Penalties
    ) -> None:
        self.settings = settings
        self.parameters = parameters  # (groups, parameters, networks)
        self.widths = [*settings.hidden_units, settings.outputs]
        self.follow = [activation_calls(each) if each else None for each in activations(settings)]
        self.kept_zero: torch.Tensor | None = None  # 0 for padding, else 1
        self.updates = 0
        self.gradients = torch.zeros_like(parameters)  # the gradients of the last rows
        self._accumulated = (
            self.gradients if settings.zero_gradients else torch.zeros_like(parameters)
        )
        self._layers = list(_layers(self))
        self._gradient_of_loss = loss_gradient(settings)
        self._count = parameters.new_tensor(float(parameters.shape[0] * parameters.shape[2]))
        self._penalties = penalties
        self._optimizer = OPTIMIZERS[settings.optimizer]
        self._kept = {name: torch.zeros_like(parameters) for name in self._optimizer.remembers}
        self._groups = self._make_groups(steps)
        self._workspaces: dict[int, Workspace] = {}

    @property
    def nbytes(self) -> int:
        """The size of its tensors in bytes."""
        copies = 2 + (not self.settings.zero_gradients) + len(self._kept)
        return copies * self.parameters.nbytes + sum(
            each.nbytes for each in self._workspaces.values()
        )

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return predictions, (groups, rows, outputs, networks), which the next pass overwrites."""
        space, outputs = self._workspace(inputs.shape[1]), inputs
        spares = [inputs, *space.gradients]  # the memory of a gradient is free until `_backward`
        for index, (layer, calls) in enumerate(zip(self._layers, self.follow, strict=True)):
            layer.forward(outputs, space.sums[index], spares[index])
            if calls:
                calls.forward(space.sums[index], space.outputs[index])
            outputs = space.outputs[index]
        return outputs

    def update(self, inputs: torch.Tensor, targets: torch.Tensor, rates: Rates) -> None:
        """Run the backward pass of the last predictions, for these rows; update the weights."""
        self._backward(inputs, targets)
        gradients = self._accumulate()
        if self._penalties.clip is not None:
            gradients.mul_(_clip_factor(gradients, self._penalties.clip))
        if self._penalties.l2 is not None and not self._optimizer.decays_weights:
            gradients = gradients.addcmul(self.parameters, self._penalties.l2)
        self.updates += 1
        triples = zip(self._groups, self._split(gradients), rates, strict=True)
        for group, group_gradients, rate in triples:
            group.memory.steps = self.updates
            group.step(group.weights, group_gradients, group.memory, rate)

    def _backward(self, inputs: torch.Tensor, targets: torch.Tensor) -> None:
        space = self._workspace(inputs.shape[1])
        y_pred, gradient = space.outputs[-1], space.gradients[-1]
        self._gradient_of_loss(self._count, y_pred, targets.expand_as(y_pred), gradient)
        for index in reversed(range(len(self._layers))):
            calls, gradient = self.follow[index], space.gradients[index]
            if calls:
                calls.backward(gradient, space.sums[index], space.outputs[index])
            layer_inputs = space.outputs[index - 1] if index else inputs
            before = space.gradients[index - 1] if index else inputs
            self._layers[index].backward(layer_inputs, gradient, before)

    def _accumulate(self) -> torch.Tensor:
        """Return the gradients, plus those of the L1 penalty and those that were not cleared."""
        if self.kept_zero is not None:
            self.gradients.mul_(self.kept_zero)
        if self._penalties.l1 is not None:  # the derivative of |w| is the sign of w
            self.gradients.addcmul_(self.parameters.sgn(), self._penalties.l1)
        new, accumulated = self.gradients, self._accumulated
        return new if accumulated is new else accumulated.add_(new)

    def _make_groups(self, steps: list[Step]) -> list[_ParameterGroup]:
        """Return one group, or two if the last layer has its own step."""
        inputs, outputs = layer_sizes(self.settings)[-1]
        last, whole = (inputs + 1) * outputs, self.parameters.shape[1]
        self._lengths = [whole - last, last] if len(steps) > 1 else [whole]
        kept = [(name, self._split(each)) for name, each in self._kept.items()]
        decay = 0 if self._penalties.l2 is None else self._penalties.l2
        pairs = enumerate(zip(steps, self._split(self.parameters), strict=True))
        return [
            _ParameterGroup(
                step,
                weights,
                Memory({name: each[index] for name, each in kept}, weight_decay=decay),
            )
            for index, (step, weights) in pairs
        ]

    def _split(self, tensor: torch.Tensor) -> Sequence[torch.Tensor]:
        if len(self._lengths) == 1:
            return [tensor]
        parts: tuple[torch.Tensor, ...] = torch.split(tensor, self._lengths, 1)
        return parts

    def _workspace(self, rows: int) -> Workspace:
        if rows not in self._workspaces:
            self._workspaces[rows] = Workspace(self, rows)
        return self._workspaces[rows]


def _layers(networks: Networks) -> Iterator[BatchedLayer]:
    """Yield the layers, with views of the parameters and gradients."""
    settings = networks.settings
    sizes = layer_sizes(settings)
    counts = [(inputs + 1) * outputs for inputs, outputs in sizes]
    parameters: tuple[torch.Tensor, ...] = torch.split(networks.parameters, counts, 1)
    gradients: tuple[torch.Tensor, ...] = torch.split(networks.gradients, counts, 1)
    first, *later = zip(parameters, gradients, strict=True)
    alone = networks.parameters.shape[2] == 1
    yield (OwnFirstLayer if alone else FirstLayer)(*first, inputs=settings.inputs + 1)
    for (weights, gradient), (inputs, _) in zip(later, sizes[1:], strict=True):
        yield (OwnLayer if alone else SharedOutputs)(weights, gradient, inputs)


def layer_sizes(settings: Settings) -> list[tuple[int, int]]:
    """Return the numbers of inputs and outputs of each layer."""
    return list(pairwise((settings.inputs, *settings.hidden_units, settings.outputs)))


def packed(parameters: Sequence[torch.Tensor], settings: Settings) -> torch.Tensor:
    """Return one network's parameters in a row, padded with zeros to the widths of these settings.

    Each layer has its weights, (inputs, outputs), then its biases.
    """
    sizes = layer_sizes(settings)
    row = parameters[0].new_zeros(sum((inputs + 1) * outputs for inputs, outputs in sizes))
    counts = [count for inputs, outputs in sizes for count in (inputs * outputs, outputs)]
    parts: tuple[torch.Tensor, ...] = torch.split(row, counts)
    weights, biases = parts[::2], parts[1::2]
    targets = zip(sizes, weights, biases, strict=True)
    sources = zip(parameters[::2], parameters[1::2], strict=True)
    for (size, to_weight, to_bias), (weight, bias) in zip(targets, sources, strict=True):
        outputs, inputs = weight.shape
        to_weight.view(size)[:inputs, :outputs] = weight.t()
        to_bias[:outputs] = bias
    return row


def must_be_kept_zero(settings: Settings) -> bool:
    """Return whether padding must be reset: a unit with zero weights has a nonzero output."""
    calls = [activation_calls(each) for each in activations(settings)[:-1] if each]
    outputs = [torch.zeros(1, dtype=torch.float32) for _ in calls]
    for each, output in zip(calls, outputs, strict=True):
        each.forward(output if each.by_outputs else torch.zeros_like(output), output)
    return any(bool(output) for output in outputs)


def _clip_factor(gradients: torch.Tensor, longest: torch.Tensor) -> torch.Tensor:
    """Return the factor that limits the norm of each network's gradients; 1 at most."""
    lengths = (gradients * gradients).sum(1, keepdim=True).sqrt_()
    return torch.clamp(longest / lengths.add_(NORM_ROUNDING), max=1.0)
