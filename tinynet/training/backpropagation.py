"""Backpropagation without autograd: a faster loop with the same bits.

The forward pass of a layer computes sums = inputs @ weight.T + bias and outputs = activation(sums).
The backward pass multiplies the gradient with respect to the outputs by the derivative of the
activation, which gives the gradient with respect to the sums. That gradient determines the other
gradients: of the weights (gradient.T @ inputs), of the biases (its sum over the rows), and of the
previous layer's outputs (gradient @ weight). Each derivative uses the same call as autograd.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch

from tinynet.registry.activations import Activation
from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS, Memory
from tinynet.registry.pytorch import evaluate
from tinynet.settings import Settings
from tinynet.training import expressions
from tinynet.training.data import Batch
from tinynet.training.devices import find_device
from tinynet.training.engine import Engine, Forward, State, Tensors, measured
from tinynet.training.flat import FlatTensors
from tinynet.training.loop import Loop
from tinynet.training.network import activations

NORM_ROUNDING = 1e-6  # added to the norm by torch.nn.utils.clip_grad_norm_


def fastest_loop(settings: Settings) -> Engine:
    """Return the written-out loop where there is one, and the loop with autograd otherwise."""
    on_cpu = find_device(settings.device).name == "cpu"
    return WrittenOutLoop(settings) if on_cpu and is_written_out(settings) else Loop(settings)


def is_written_out(settings: Settings) -> bool:
    """Return whether the loss, the optimizer and all activations are written out."""
    loss, optimizer = LOSSES[settings.loss], OPTIMIZERS[settings.optimizer]
    derivatives = [each.backward and each.forward for each in activations(settings) if each]
    return bool(loss.backward and optimizer.step and all(derivatives))


class _Layer(NamedTuple):
    """A linear layer, its activation, and the memory of its gradients."""

    weight: torch.Tensor  # (outputs, inputs)
    weight_t: torch.Tensor  # (inputs, outputs): transposed once for all steps
    bias: torch.Tensor  # (outputs,)
    weight_gradient: torch.Tensor
    bias_gradient: torch.Tensor
    activation: Any  # a written-out Activation, or None


class _Group(NamedTuple):
    """Views of the parameters that share one learning rate."""

    weights: torch.Tensor
    gradients: torch.Tensor
    memory: Memory


class _LayerPass:
    """The memory of one layer's pass, allocated once; each tensor is aligned."""

    def __init__(self, layer: _Layer, gradient: torch.Tensor) -> None:
        self.sums = torch.empty_like(gradient)
        needs_sums = layer.activation and not layer.activation.by_outputs
        self.outputs = torch.empty_like(gradient) if needs_sums else self.sums
        self.gradient = gradient
        self.gradient_t = gradient.t()  # (outputs, rows)


class _Workspace:
    """The memory shared by all batches of one size."""

    def __init__(self, layers: list[_Layer], data: Batch, rows: int) -> None:
        widths = [len(layer.bias) for layer in layers]
        # Once the previous layer's gradient is computed, a layer's gradient is no longer needed. So
        # two buffers suffice, and they stay in the processor's cache.
        buffers = [data.inputs.new_empty(rows * max(widths)) for _ in range(2)]
        gradients = [
            buffers[index % 2][: rows * width].view(rows, width)
            for index, width in enumerate(widths)
        ]
        self.passes = [
            _LayerPass(layer, gradient) for layer, gradient in zip(layers, gradients, strict=True)
        ]
        self.hidden = [each.outputs for each in self.passes[:-1]]
        tensors = data.inputs, data.targets
        self.batch = Batch(*(each.new_empty(rows, *each.shape[1:]) for each in tensors))


class WrittenOutLoop(Engine):
    """The loop with each derivative written out, using the same calls as autograd."""

    autograd = False

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        initial = [each.detach() for each in self.network.parameters()]
        shapes = [each.shape for each in initial]
        self._weights, self._new = FlatTensors(shapes), FlatTensors(shapes)
        # New gradients overwrite the accumulated gradients, or are added to them.
        self._accumulated = self._new if settings.zero_gradients else FlatTensors(shapes)
        self._weights.copy(initial)
        self.parameters = self._weights.views
        self._layers = _layers(self._weights, self._new, activations(settings))
        self._criterion = evaluate(expressions.criterion(settings)).forward
        self._loss_backward: Any = LOSSES[settings.loss].backward
        self._optimizer: Any = OPTIMIZERS[settings.optimizer]
        self._memory = {name: FlatTensors(shapes) for name in self._optimizer.remembers}
        self._decay = (
            0.0 if self._optimizer.decays_weights else settings.l2
        )  # added to the gradient
        self._groups = self._make_groups()
        self._one = self._weights.whole.new_ones(())
        rows, size = len(self.batch), settings.batch_size or len(self.batch)
        sizes = {rows, size, rows % size, len(self.test)}
        self._workspaces = {each: _Workspace(self._layers, self.batch, each) for each in sizes}
        self._last = self.batch, self._workspaces[rows]

    @property
    def gradients(self) -> Tensors:
        return self._accumulated.views

    @property
    def memory(self) -> Tensors:
        return [view for each in self._memory.values() for view in each.views]

    @property
    def nbytes(self) -> int:
        passes = (each for space in self._workspaces.values() for each in space.passes)
        return super().nbytes + sum(3 * each.sums.nbytes for each in passes)

    def forward(self, batch: Batch | None = None) -> Forward:
        """Pass a batch through all layers, and compute its loss."""
        batch = batch or self.batch
        workspace = self._workspaces[len(batch)]
        outputs = batch.inputs
        for layer, layer_pass in zip(self._layers, workspace.passes, strict=True):
            torch.addmm(layer.bias, outputs, layer.weight_t, out=layer_pass.sums)
            if layer.activation:
                layer.activation.forward(layer_pass.sums, layer_pass.outputs)
            outputs = layer_pass.outputs
        self._last = batch, workspace
        loss = measured(self._criterion, outputs, batch.targets)
        return Forward(workspace.hidden, outputs, loss)

    def backward(self, loss: torch.Tensor) -> None:
        """Apply the chain rule, from the last layer to the first."""
        del loss  # its gradient depends only on the predictions
        batch, workspace = self._last
        last = workspace.passes[-1]
        self._loss_backward(self._one, last.outputs, batch.targets, last.gradient)
        for index in reversed(range(len(self._layers))):
            layer, layer_pass = self._layers[index], workspace.passes[index]
            inputs = workspace.hidden[index - 1] if index else batch.inputs
            if layer.activation:
                layer.activation.backward(layer_pass.gradient, layer_pass.sums, layer_pass.outputs)
            torch.mm(layer_pass.gradient_t, inputs, out=layer.weight_gradient)
            torch.sum(layer_pass.gradient, 0, out=layer.bias_gradient)
            if index:
                _backward_to_inputs(layer, layer_pass, workspace.passes[index - 1])
        self._accumulate()

    def step(self) -> None:
        if self.settings.clip:
            self._accumulated.whole.mul_(self._clip_factor())
        for group, rate in zip(self._groups, self.rates, strict=True):
            weights, gradients, memory = group
            if self._decay:
                gradients = gradients.add(weights, alpha=self._decay)
            memory.steps = self.updates + 1
            self._optimizer.step(weights, gradients, memory, rate)

    def take(self, rows: torch.Tensor) -> Batch:
        batch = self._workspaces[len(rows)].batch
        torch.index_select(self.batch.inputs, 0, rows, out=batch.inputs)
        torch.index_select(self.batch.targets, 0, rows, out=batch.targets)
        return batch

    def load_state(self, state: State) -> None:
        self._load_common(state)
        self.load_gradients(state.gradients)
        count = len(self.parameters)
        for index, flat in enumerate(self._memory.values()):
            flat.copy(state.memory[index * count : (index + 1) * count])

    def load_gradients(self, gradients: Tensors) -> None:
        self._accumulated.copy(gradients)

    def _make_groups(self) -> list[_Group]:
        """Return one group, or two if the last layer has its own learning rate."""
        has_two, last = len(self.settings.rates) > 1, len(self.parameters) - 2

        def groups_of(flat: FlatTensors) -> list[torch.Tensor]:
            return flat.split(last) if has_two else [flat.whole]

        kept = [(name, groups_of(flat)) for name, flat in self._memory.items()]
        pairs = zip(groups_of(self._weights), groups_of(self._accumulated), strict=True)
        return [
            _Group(
                *pair,
                Memory({name: each[index] for name, each in kept}, weight_decay=self.settings.l2),
            )
            for index, pair in enumerate(pairs)
        ]

    def _accumulate(self) -> None:
        """Add the gradient of the L1 penalty, and the earlier gradients if they are not cleared."""
        if self.settings.l1:  # the derivative of |w| is the sign of w
            self._new.whole.add_(self._weights.whole.sgn(), alpha=self.settings.l1)
        if self._accumulated is self._new:
            return
        if self.updates:
            self._accumulated.whole.add_(self._new.whole)
        else:
            self._accumulated.whole.copy_(self._new.whole)

    def _clip_factor(self) -> torch.Tensor:
        """Return the factor that limits the norm of all gradients; 1 at most."""
        lengths = [torch.linalg.vector_norm(each) for each in self._accumulated.views]
        length = torch.linalg.vector_norm(torch.stack(lengths))
        return torch.clamp(self.settings.clip / (length + NORM_ROUNDING), max=1.0)


def _backward_to_inputs(layer: _Layer, layer_pass: _LayerPass, previous: _LayerPass) -> None:
    """Write the gradient with respect to the previous layer's outputs: gradient @ weight."""
    if previous.gradient.numel() == 1:  # here autograd computes (weight.T @ gradient.T).T
        torch.mm(layer.weight_t, layer_pass.gradient_t, out=previous.gradient)
    else:
        torch.mm(layer_pass.gradient, layer.weight, out=previous.gradient)


def _layers(
    weights: FlatTensors, gradients: FlatTensors, followers: list[Activation | None]
) -> list[_Layer]:
    pairs = zip(weights.views, gradients.views, strict=True)
    layers = []
    for activation in followers:
        (weight, weight_gradient), (bias, bias_gradient) = next(pairs), next(pairs)
        layers.append(_Layer(weight, weight.t(), bias, weight_gradient, bias_gradient, activation))
    return layers
