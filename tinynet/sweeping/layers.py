"""One layer of many networks: (groups, networks), the networks of a group given the same rows.

What it makes has the shape (groups, rows, units, networks): networks last, so that what is done to
each number runs along them. All parameters lie in one tensor, (groups, parameters, networks), and
so do their gradients; a layer holds views of both. PyTorch makes a batch of products at once only
where the result lies in one piece, so a product is copied to its place.

`forward` writes sums = weight x inputs + bias; `spare` is like the inputs, and may be written over.
`backward` writes the gradients, and into `before` the slope by the inputs.
"""

from __future__ import annotations

import torch


class FirstLayer:
    """It is given the rows, with a last column of ones: the bias is one more weight.

    One product serves all networks of a group.
    """

    def __init__(self, parameters: torch.Tensor, gradients: torch.Tensor, inputs: int) -> None:
        groups = len(parameters)
        self.weight = parameters.view(groups, inputs, -1)  # (groups, inputs, units x networks)
        self.gradient = gradients.view(groups, inputs, -1)
        self._product = torch.empty_like(self.gradient, memory_format=torch.contiguous_format)

    def forward(self, inputs: torch.Tensor, sums: torch.Tensor, _: torch.Tensor) -> None:
        """Write the sums, all networks' at once."""
        torch.bmm(inputs, self.weight, out=sums.flatten(2))

    def backward(self, inputs: torch.Tensor, gradient: torch.Tensor, _: torch.Tensor) -> None:
        """Write the gradients; nobody asks for the slope by the rows."""
        torch.bmm(inputs.transpose(1, 2), gradient.flatten(2), out=self._product)
        self.gradient.copy_(self._product)


class SharedOutputs:
    """The few outputs of each network, where a group has many: summed number by number."""

    def __init__(self, parameters: torch.Tensor, gradients: torch.Tensor, inputs: int) -> None:
        outputs = parameters.shape[1] // (inputs + 1)
        weights, weight_gradients = (
            each[:, :-outputs].view(len(each), inputs, outputs, -1)
            for each in (parameters, gradients)
        )
        # Of each output: (groups, 1, inputs, networks), and (groups, inputs, networks).
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
        """Write the gradients and the slope by the inputs."""
        parts: tuple[torch.Tensor, ...] = torch.split(gradient, 1, 2)
        for part, weight_gradient in zip(parts, self.weight_gradients, strict=True):
            torch.mul(inputs, part, out=before)
            torch.sum(before, 1, out=weight_gradient)
        torch.sum(gradient, 1, out=self.bias_gradient)
        torch.mul(parts[0], self.weights[0], out=before)
        for part, weight in zip(parts[1:], self.weights[1:], strict=True):
            before.addcmul_(part, weight)


class OwnFirstLayer(FirstLayer):
    """The first layer, where each group is one network: a product for each, all in one call."""

    def forward(self, inputs: torch.Tensor, sums: torch.Tensor, _: torch.Tensor) -> None:
        """Write the sums."""
        changed = inputs.flatten(2).transpose(1, 2)
        torch.bmm(self.weight.transpose(1, 2), changed, out=_turned(sums))

    def backward(self, inputs: torch.Tensor, gradient: torch.Tensor, _: torch.Tensor) -> None:
        """Write the gradients; nobody asks for the slope by the rows."""
        changed = inputs.flatten(2).transpose(1, 2)
        torch.bmm(changed, _turned(gradient).transpose(1, 2), out=self._product)
        self.gradient.copy_(self._product)


class OwnLayer(OwnFirstLayer):
    """A later layer, with a bias of its own."""

    def __init__(self, parameters: torch.Tensor, gradients: torch.Tensor, inputs: int) -> None:
        outputs = parameters.shape[1] // (inputs + 1)
        super().__init__(parameters[:, :-outputs], gradients[:, :-outputs], inputs)
        self.bias, self.bias_gradient = parameters[:, -outputs:], gradients[:, -outputs:]

    def forward(self, inputs: torch.Tensor, sums: torch.Tensor, spare: torch.Tensor) -> None:
        """Write the sums."""
        super().forward(inputs, sums, spare)
        _turned(sums).add_(self.bias)

    def backward(self, inputs: torch.Tensor, gradient: torch.Tensor, before: torch.Tensor) -> None:
        """Write the gradients and the slope by the inputs."""
        super().backward(inputs, gradient, before)
        torch.sum(_turned(gradient), 2, keepdim=True, out=self.bias_gradient)
        torch.bmm(self.weight, _turned(gradient), out=_turned(before))


BatchedLayer = FirstLayer | SharedOutputs


def room_for(parameters: torch.Tensor, rows: int, units: int) -> torch.Tensor:
    """Return memory for what a layer makes; that of a network by itself lies unit by unit.

    Products of a small matrix and many rows are several times faster so.
    """
    groups, _, networks = parameters.shape
    if networks > 1:
        return parameters.new_empty(groups, rows, units, networks)
    return parameters.new_empty(groups, units, rows, 1).transpose(1, 2)


def _turned(made: torch.Tensor) -> torch.Tensor:
    """Return (groups, units, rows), as it lies in memory, of what networks by themselves make."""
    return made[..., 0].transpose(1, 2)
