"""Backpropagation written out: the article's loop without autograd, faster, every bit the same."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import nn

from tinynet.devices import find_device
from tinynet.loop import Forward, Loop
from tinynet.settings import Settings

aten = torch.ops.aten  # where PyTorch keeps the derivatives that autograd calls
MEAN = 1  # its number for a loss that is the mean over the rows


def fastest_loop(settings: Settings) -> Loop:
    """Return the loop to train with: written out on the CPU, with autograd on other devices."""
    on_cpu = find_device(settings.device).name == "cpu"
    return WrittenOutLoop(settings) if on_cpu else Loop(settings)


@dataclass(frozen=True)
class _Layer:
    """A linear layer and its activation: outputs = activation(inputs @ weight.T + bias).

    `slope` holds how the loss changes with the outputs, then with the sums before the activation.
    """

    weight: torch.Tensor  # (outputs, inputs)
    bias: torch.Tensor  # (outputs,)
    inputs: torch.Tensor  # (rows, inputs): the outputs of the layer before
    outputs: torch.Tensor  # (rows, outputs)
    slope: torch.Tensor  # (rows, outputs)
    weight_gradient: torch.Tensor
    bias_gradient: torch.Tensor

    @classmethod
    def of(cls, linear: nn.Linear, inputs: torch.Tensor) -> _Layer:
        """Take the memory that a layer needs, tensor by tensor.

        Not in one piece: a view into it may be aligned otherwise, and then is rounded otherwise.
        """
        outputs = inputs.new_empty(len(inputs), linear.out_features)
        return cls(
            linear.weight,
            linear.bias,
            inputs,
            outputs,
            slope=torch.empty_like(outputs),
            weight_gradient=torch.zeros_like(linear.weight, requires_grad=False),
            bias_gradient=torch.zeros_like(linear.bias, requires_grad=False),
        )


class WrittenOutLoop(Loop):
    """The loop with the derivatives by hand, in the very calls that autograd would make.

    The criterion and the optimizer that it inherits stand idle.
    """

    autograd = False

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._layers: list[_Layer] = []
        inputs = self.batch.inputs
        for module in self.network:
            if isinstance(module, nn.Linear):
                self._layers.append(_Layer.of(module, inputs))
                inputs = self._layers[-1].outputs
        self._gradients = [
            gradient
            for layer in self._layers
            for gradient in (layer.weight_gradient, layer.bias_gradient)
        ]
        if self.zero_gradients:  # each epoch's gradients are written over those of the last
            for parameter, gradient in zip(self.parameters, self._gradients, strict=True):
                parameter.grad = gradient
        self._one = inputs.new_ones(())

    def forward(self) -> Forward:
        """Predict and measure."""
        *hidden, last = self._layers
        for layer in hidden:
            torch.addmm(layer.bias, layer.inputs, layer.weight.t(), out=layer.outputs).relu_()
        torch.addmm(last.bias, last.inputs, last.weight.t(), out=last.outputs).sigmoid_()
        loss = aten.mse_loss(last.outputs, self.batch.targets, MEAN)
        return Forward([layer.outputs for layer in hidden], last.outputs, loss)

    def update(self, loss: torch.Tensor) -> None:
        """Go backward from the loss by the chain rule, from layer to layer; step."""
        del loss  # its slope needs the predictions alone
        last, first = self._layers[-1], self._layers[0]
        y_pred, y = last.outputs, self.batch.targets
        # The mean of (y_pred - y)² changes by 2 (y_pred - y) / rows.
        aten.mse_loss_backward.grad_input(self._one, y_pred, y, MEAN, grad_input=last.slope)
        # The sigmoid, by y_pred (1 - y_pred).
        aten.sigmoid_backward.grad_input(last.slope, y_pred, grad_input=last.slope)
        for layer, before in pairwise(reversed(self._layers)):
            _gather(layer)
            torch.mm(layer.slope, layer.weight, out=before.slope)
            # ReLU, by 1 where it let the sum through, by 0 elsewhere.
            aten.threshold_backward.grad_input(
                before.slope, before.outputs, 0, grad_input=before.slope
            )
        _gather(first)
        self._step()

    def _step(self) -> None:
        for parameter, gradient in zip(self.parameters, self._gradients, strict=True):
            if parameter.grad is None:
                parameter.grad = gradient.clone()
            elif not self.zero_gradients:
                parameter.grad.add_(gradient)
            parameter.add_(parameter.grad, alpha=-self.learning_rate)


def _gather(layer: _Layer) -> None:
    """Sum up over the rows how the loss changes with each weight and each bias."""
    torch.mm(layer.slope.t(), layer.inputs, out=layer.weight_gradient)
    torch.sum(layer.slope, 0, out=layer.bias_gradient)
