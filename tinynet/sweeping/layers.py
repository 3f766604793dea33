"""One layer of many networks, in groups whose networks see the same rows.

Sums and outputs have the shape (groups, rows, units, networks), so that elementwise operations run
along the networks. One tensor holds all parameters, (groups, parameters, networks), and another
their gradients; a layer has views of both. PyTorch writes batched products only to contiguous
memory, so a product is copied to its view.

`forward` writes sums = weight x inputs + bias; it may overwrite `spare`, shaped as the inputs.
`backward` writes the gradients of the parameters, and the inputs' gradient into `before`.
"""

from __future__ import annotations

import torch


class FirstLayer:
    """The first layer; the rows have a last column of ones, so that the bias is another weight.

    All networks of a group share one product.
    """

    def __init__(self, parameters: torch.Tensor, gradients: torch.Tensor, inputs: int) -> None:
        groups = len(parameters)
        self.weight = parameters.view(groups, inputs, -1)  # (groups, inputs, units x networks)
        self.gradient = gradients.view(groups, inputs, -1)
        self._product = torch.empty_like(self.gradient, memory_format=torch.contiguous_format)

    def forward(self, inputs: torch.Tensor, sums: torch.Tensor, _: torch.Tensor) -> None:
        """Write the sums of all networks at once."""
        torch.bmm(inputs, self.weight, out=sums.flatten(2))

    def backward(self, inputs: torch.Tensor, gradient: torch.Tensor, _: torch.Tensor) -> None:
        """Write the gradients of the parameters."""
        torch.bmm(inputs.transpose(1, 2), gradient.flatten(2), out=self._product)
        self.gradient.copy_(self._product)


class SharedOutputs:
    """The last layer of many networks with few outputs each: it sums elementwise."""

    def __init__(self, parameters: torch.Tensor, gradients: torch.Tensor, inputs: int) -> None:
        outputs = parameters.shape[1] // (inputs + 1)
        weights, weight_gradients = (
            each[:, :-outputs].view(len(each), inputs, outputs, -1)
            for each in (parameters, gradients)
        )
        # For each output: (groups, 1, inputs, networks), and (groups, inputs, networks).
        self.weights = [weights[:, None, :, output] for output in range(outputs)]
        self.weight_gradients = [weight_gradients[:, :, output] for output in range(outputs)]
        self.bias, self.bias_gradient = parameters[:, None, -outputs:], gradients[:, -outputs:]

    def forward(self, inputs: torch.Tensor, sums: torch.Tensor, spare: torch.Tensor) -> None:
        """Write the sums."""
        for output, weight in enumerate(self.weights):
            torch.mul(inputs, weight, out=spare)
            torch.sum(spare, 2, keepdim=True, out=sums[:, :, output : output + 1])
        sums.add_(self.bias)

    def backward(self, inputs: torch.Tensor, gradient: torch.Tensor, before: torch.Tensor) -> None:
        """Write the gradients of the parameters and of the inputs."""
        parts: tuple[torch.Tensor, ...] = torch.split(gradient, 1, 2)
        for part, weight_gradient in zip(parts, self.weight_gradients, strict=True):
            torch.mul(inputs, part, out=before)
            torch.sum(before, 1, out=weight_gradient)
        torch.sum(gradient, 1, out=self.bias_gradient)
        torch.mul(parts[0], self.weights[0], out=before)
        for part, weight in zip(parts[1:], self.weights[1:], strict=True):
            before.addcmul_(part, weight)


class OwnFirstLayer(FirstLayer):
    """The first layer if each group has one network: one batched product for all networks."""

    def forward(self, inputs: torch.Tensor, sums: torch.Tensor, _: torch.Tensor) -> None:
        """Write the sums."""
        columns = inputs.flatten(2).transpose(1, 2)
        torch.bmm(self.weight.transpose(1, 2), columns, out=_by_units(sums))

    def backward(self, inputs: torch.Tensor, gradient: torch.Tensor, _: torch.Tensor) -> None:
        """Write the gradients of the parameters."""
        columns = inputs.flatten(2).transpose(1, 2)
        torch.bmm(columns, _by_units(gradient).transpose(1, 2), out=self._product)
        self.gradient.copy_(self._product)


class OwnLayer(OwnFirstLayer):
    """A later layer if each group has one network, with a separate bias."""

    def __init__(self, parameters: torch.Tensor, gradients: torch.Tensor, inputs: int) -> None:
        outputs = parameters.shape[1] // (inputs + 1)
        super().__init__(parameters[:, :-outputs], gradients[:, :-outputs], inputs)
        self.bias, self.bias_gradient = parameters[:, -outputs:], gradients[:, -outputs:]

    def forward(self, inputs: torch.Tensor, sums: torch.Tensor, spare: torch.Tensor) -> None:
        """Write the sums."""
        super().forward(inputs, sums, spare)
        _by_units(sums).add_(self.bias)

    def backward(self, inputs: torch.Tensor, gradient: torch.Tensor, before: torch.Tensor) -> None:
        """Write the gradients of the parameters and of the inputs."""
        super().backward(inputs, gradient, before)
        torch.sum(_by_units(gradient), 2, keepdim=True, out=self.bias_gradient)
        torch.bmm(self.weight, _by_units(gradient), out=_by_units(before))


BatchedLayer = FirstLayer | SharedOutputs


def empty_outputs(parameters: torch.Tensor, rows: int, units: int) -> torch.Tensor:
    """Return memory for the sums or outputs of a layer.

    For groups of one network it is laid out unit by unit: products of a small matrix and many rows
    are then several times faster.
    """
    groups, _, networks = parameters.shape
    if networks > 1:
        return parameters.new_empty(groups, rows, units, networks)
    return parameters.new_empty(groups, units, rows, 1).transpose(1, 2)


def _by_units(outputs: torch.Tensor) -> torch.Tensor:
    """Return the outputs of groups of one network in memory order, (groups, units, rows)."""
    return outputs[..., 0].transpose(1, 2)
