"""One layer of many networks: (groups, networks), the networks of a group given the same rows.

What it makes has the shape (groups, rows, units, networks): networks last, so that what is done to
each number runs along them. All parameters lie in one tensor, (groups, parameters, networks), and
so do their gradients; a layer holds views of both. PyTorch makes a batch of products at once only
where the result lies in one piece, so a product is copied to its place.
"""

from __future__ import annotations

from typing import Protocol

import torch


class Layer(Protocol):
    """A linear layer: sums = weight x inputs + bias."""

    def forward(self, inputs: torch.Tensor, sums: torch.Tensor, spare: torch.Tensor) -> None:
        """Write the sums; `spare` is like the inputs, and may be written over."""

    def backward(self, inputs: torch.Tensor, slope: torch.Tensor, before: torch.Tensor) -> None:
        """Write the gradients, and into `before` the slope by the inputs."""


class FirstLayer:
    """It is given the rows, with a last column of ones: the bias is one more weight.

    One product serves all networks of a group.
    """

    def __init__(self, parameters: torch.Tensor, gradients: torch.Tensor, inputs: int) -> None:
        groups = len(parameters)
        self.weight = parameters.view(groups, inputs + 1, -1)  # (groups, inputs + 1, units x nets)
        self.gradient = gradients.view(groups, inputs + 1, -1)
        self._product = torch.empty_like(self.gradient, memory_format=torch.contiguous_format)

    def forward(self, inputs: torch.Tensor, sums: torch.Tensor, _: torch.Tensor) -> None:
        """Write the sums, all networks' at once."""
        torch.bmm(inputs, self.weight, out=sums.flatten(2))

    def backward(self, inputs: torch.Tensor, slope: torch.Tensor, _: torch.Tensor) -> None:
        """Write the gradients; nobody asks for the slope by the rows."""
        torch.bmm(inputs.transpose(1, 2), slope.flatten(2), out=self._product)
        self.gradient.copy_(self._product)


class SharedOutput:
    """One output for each network, where a group has many: summed number by number."""

    def __init__(self, parameters: torch.Tensor, gradients: torch.Tensor) -> None:
        self.weight, self.bias = parameters[:, None, :-1], parameters[:, None, -1:]
        self.weight_gradient, self.bias_gradient = gradients[:, :-1], gradients[:, -1:]

    def forward(self, inputs: torch.Tensor, sums: torch.Tensor, spare: torch.Tensor) -> None:
        """Write the sums."""
        torch.mul(inputs, self.weight, out=spare)
        torch.sum(spare, 2, keepdim=True, out=sums)
        sums.add_(self.bias)

    def backward(self, inputs: torch.Tensor, slope: torch.Tensor, before: torch.Tensor) -> None:
        """Write the gradients and the slope by the inputs."""
        torch.mul(inputs, slope, out=before)
        torch.sum(before, 1, out=self.weight_gradient)
        torch.sum(slope, 1, out=self.bias_gradient)
        torch.mul(slope, self.weight, out=before)


class OwnLayer:
    """A layer of groups of one network each: a product for each, all in one call."""

    def __init__(self, parameters: torch.Tensor, gradients: torch.Tensor, outputs: int) -> None:
        self.weight, self.bias = _split(parameters, outputs)  # (groups, inputs, outputs)
        self.weight_gradient, self.bias_gradient = _split(gradients, outputs)
        self._product = torch.empty_like(self.weight, memory_format=torch.contiguous_format)

    def forward(self, inputs: torch.Tensor, sums: torch.Tensor, _: torch.Tensor) -> None:
        """Write the sums."""
        torch.bmm(inputs[..., 0], self.weight, out=sums[..., 0])
        sums[..., 0].add_(self.bias)

    def backward(self, inputs: torch.Tensor, slope: torch.Tensor, before: torch.Tensor) -> None:
        """Write the gradients and the slope by the inputs."""
        inputs, slope = inputs[..., 0], slope[..., 0]
        torch.bmm(inputs.transpose(1, 2), slope, out=self._product)
        self.weight_gradient.copy_(self._product)
        torch.sum(slope, 1, keepdim=True, out=self.bias_gradient)
        torch.bmm(slope, self.weight.transpose(1, 2), out=before[..., 0])


def _split(parameters: torch.Tensor, outputs: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the views of weight and bias of a layer's part, (groups, parameters, 1)."""
    flat = parameters[..., 0]
    return flat[:, :-outputs].view(len(flat), -1, outputs), flat[:, None, -outputs:]
