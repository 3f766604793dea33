"""Backpropagation written out: the loop without autograd, faster, every bit the same.

Forward, each layer takes sums = inputs @ weight.T + bias, and outputs = activation(sums). Backward,
`slope` says how the loss changes: first with a layer's outputs, then, times the derivative of its
activation, with its sums. From there it reaches the weights (slope.T @ inputs), the biases (summed
over the rows), and the outputs of the layer before (slope @ weight). The derivatives are the
entries of `tinynet/registry`; each is the very call that autograd would make.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch

from tinynet.registry.activations import Activation
from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS, Memory
from tinynet.settings import Settings
from tinynet.training.data import Batch
from tinynet.training.devices import find_device
from tinynet.training.engine import Engine, Forward, State, Tensors, measured
from tinynet.training.flat import Flat
from tinynet.training.loop import Loop
from tinynet.training.network import activations

NORM_ROUNDING = 1e-6  # PyTorch adds it to a norm before it divides by it


def fastest_loop(settings: Settings) -> Engine:
    """Return the loop to train with: written out where it can be, with autograd elsewhere."""
    on_cpu = find_device(settings.device).name == "cpu"
    return WrittenOutLoop(settings) if on_cpu and is_written_out(settings) else Loop(settings)


def is_written_out(settings: Settings) -> bool:
    """Tell whether every entry that the settings name has its derivative or rule."""
    loss, optimizer = LOSSES[settings.loss], OPTIMIZERS[settings.optimizer]
    derivatives = [each.backward and each.forward for each in activations(settings) if each]
    return bool(loss.forward and loss.backward and optimizer.step and all(derivatives))


class _Layer(NamedTuple):
    """A linear layer, what follows it, and where its gradients go."""

    weight: torch.Tensor  # (outputs, inputs)
    weight_t: torch.Tensor  # (inputs, outputs): turned once, and not at every step
    bias: torch.Tensor  # (outputs,)
    weight_gradient: torch.Tensor
    bias_gradient: torch.Tensor
    activation: Any  # an Activation with its derivative, or None


class _Group(NamedTuple):
    """Parameters that step by one learning rate: views of what holds those of all groups."""

    weights: torch.Tensor
    gradients: torch.Tensor
    memory: Memory


class _Pass:
    """What one layer makes of one batch, in memory taken once; tensor by tensor, on borders."""

    def __init__(self, layer: _Layer, gradient: torch.Tensor) -> None:
        self.sums = torch.empty_like(gradient)
        needs_sums = layer.activation and not layer.activation.by_outputs
        self.outputs = torch.empty_like(gradient) if needs_sums else self.sums
        self.gradient = gradient
        self.gradient_t = gradient.t()  # (outputs, rows)


class _Workspace:
    """The memory that all batches of one size use in turn."""

    def __init__(self, layers: list[_Layer], data: Batch, rows: int) -> None:
        widths = [len(layer.bias) for layer in layers]
        # A layer's slope is not needed once that of the layer before is made: two take turns, and
        # stay in the processor's cache.
        two = [data.inputs.new_empty(rows * max(widths)) for _ in range(2)]
        gradients = [
            two[index % 2][: rows * width].view(rows, width) for index, width in enumerate(widths)
        ]
        self.passes = [
            _Pass(layer, gradient) for layer, gradient in zip(layers, gradients, strict=True)
        ]
        self.hidden = [each.outputs for each in self.passes[:-1]]
        both = data.inputs, data.targets
        self.taken = Batch(*(each.new_empty(rows, *each.shape[1:]) for each in both))


class WrittenOutLoop(Engine):
    """The loop with the derivatives by hand, in the very calls that autograd would make."""

    autograd = False

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        first = [each.detach() for each in self.network.parameters()]
        shapes = [each.shape for each in first]
        self._weights, self._new = Flat(shapes), Flat(shapes)
        # Each update's gradients are written over those of the last, or added to them.
        self._accumulated = self._new if settings.zero_gradients else Flat(shapes)
        self._weights.copy(first)
        self.parameters = self._weights.parts
        self._layers = _layers(self._weights, self._new, activations(settings))
        self._loss: Any = LOSSES[settings.loss]
        self._optimizer: Any = OPTIMIZERS[settings.optimizer]
        self._memory = {name: Flat(shapes) for name in self._optimizer.remembers}
        self._decay = 0.0 if self._optimizer.decays_weights else settings.l2  # in the gradient
        self._groups = self._make_groups()
        self._one = self._weights.whole.new_ones(())
        rows, size = len(self.batch), settings.batch_size or len(self.batch)
        sizes = {rows, size, rows % size, len(self.test)}
        self._workspaces = {each: _Workspace(self._layers, self.batch, each) for each in sizes}
        self._last = self.batch, self._workspaces[rows]

    @property
    def gradients(self) -> Tensors:
        return self._accumulated.parts

    @property
    def memory(self) -> Tensors:
        return [part for each in self._memory.values() for part in each.parts]

    @property
    def nbytes(self) -> int:
        passes = (each for room in self._workspaces.values() for each in room.passes)
        return super().nbytes + sum(3 * each.sums.nbytes for each in passes)

    def forward(self, batch: Batch | None = None) -> Forward:
        """Pass a batch on from layer to layer, and measure what comes out."""
        batch = batch or self.batch
        room = self._workspaces[len(batch)]
        made = batch.inputs
        for layer, its in zip(self._layers, room.passes, strict=True):
            torch.addmm(layer.bias, made, layer.weight_t, out=its.sums)
            if layer.activation:
                layer.activation.forward(its.sums, its.outputs)
            made = its.outputs
        self._last = batch, room
        return Forward(room.hidden, made, measured(self._loss.forward, made, batch.targets))

    def backward(self, loss: torch.Tensor) -> None:
        """Go back from the loss by the chain rule, from layer to layer."""
        del loss  # its slope needs the predictions alone
        batch, room = self._last
        its = room.passes[-1]
        self._loss.backward(self._one, its.outputs, batch.targets, its.gradient)
        for index in reversed(range(len(self._layers))):
            layer, its = self._layers[index], room.passes[index]
            inputs = room.hidden[index - 1] if index else batch.inputs
            if layer.activation:
                layer.activation.backward(its.gradient, its.sums, its.outputs)
            torch.mm(its.gradient_t, inputs, out=layer.weight_gradient)
            torch.sum(its.gradient, 0, out=layer.bias_gradient)
            if index:
                _hand_back(layer, its, room.passes[index - 1])
        self._add_what_autograd_adds()

    def step(self) -> None:
        if self.settings.clip:
            self._accumulated.whole.mul_(self._shortening())
        for group, rate in zip(self._groups, self.rates, strict=True):
            weights, gradients, memory = group
            if self._decay:
                gradients = gradients.add(weights, alpha=self._decay)
            memory.steps = self.updates + 1
            self._optimizer.step(weights, gradients, memory, rate)

    def take(self, rows: torch.Tensor) -> Batch:
        taken = self._workspaces[len(rows)].taken
        torch.index_select(self.batch.inputs, 0, rows, out=taken.inputs)
        torch.index_select(self.batch.targets, 0, rows, out=taken.targets)
        return taken

    def load_state(self, state: State) -> None:
        self._load_what_all_have(state)
        self.load_gradients(state.gradients)
        count = len(self.parameters)
        for index, flat in enumerate(self._memory.values()):
            flat.copy(state.memory[index * count : (index + 1) * count])

    def load_gradients(self, gradients: Tensors) -> None:
        self._accumulated.copy(gradients)

    def _make_groups(self) -> list[_Group]:
        """Return all parameters as one group; or as two, if the last layer has its own rate."""
        several, last = len(self.settings.rates) > 1, len(self.parameters) - 2

        def groups_of(flat: Flat) -> list[torch.Tensor]:
            return flat.split(last) if several else [flat.whole]

        kept = [(name, groups_of(flat)) for name, flat in self._memory.items()]
        pairs = zip(groups_of(self._weights), groups_of(self._accumulated), strict=True)
        return [
            _Group(
                *pair,
                Memory({name: each[index] for name, each in kept}, weight_decay=self.settings.l2),
            )
            for index, pair in enumerate(pairs)
        ]

    def _add_what_autograd_adds(self) -> None:
        """Add the slope of the penalty, and what stands there where nothing was cleared."""
        if self.settings.l1:  # the size of a weight changes by its sign
            self._new.whole.add_(self._weights.whole.sgn(), alpha=self.settings.l1)
        if self._accumulated is self._new:
            return
        if self.updates:
            self._accumulated.whole.add_(self._new.whole)
        else:
            self._accumulated.whole.copy_(self._new.whole)

    def _shortening(self) -> torch.Tensor:
        """Return what brings the gradients, all together, to the length asked for; 1 at most."""
        lengths = [torch.linalg.vector_norm(each) for each in self._accumulated.parts]
        length = torch.linalg.vector_norm(torch.stack(lengths))
        return torch.clamp(self.settings.clip / (length + NORM_ROUNDING), max=1.0)


def _hand_back(layer: _Layer, its: _Pass, before: _Pass) -> None:
    """Write the slope by the outputs of the layer before: slope @ weight."""
    if before.gradient.numel() == 1:  # then autograd takes (weight.T @ slope.T).T, and rounds so
        torch.mm(layer.weight_t, its.gradient_t, out=before.gradient)
    else:
        torch.mm(its.gradient, layer.weight, out=before.gradient)


def _layers(weights: Flat, gradients: Flat, follow: list[Activation | None]) -> list[_Layer]:
    parts = zip(weights.parts, gradients.parts, strict=True)
    layers = []
    for activation in follow:
        (weight, weight_gradient), (bias, bias_gradient) = next(parts), next(parts)
        gradients_of_both = weight_gradient, bias_gradient
        layers.append(_Layer(weight, weight.t(), bias, *gradients_of_both, activation))
    return layers
