"""The activations: what a hidden unit makes of its sum.

Written out, an activation is two calls of PyTorch's own operations. `forward` writes the outputs;
`backward` replaces the gradient with respect to the outputs by the one with respect to the sums.
An activation without them is left to autograd.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tinynet.registry.pytorch import aten, torch

IN_PLACE = False  # whether `sums` are written over by the outputs


@dataclass(frozen=True)
class Activation:
    """`forward(sums, outputs)` and `backward(gradient, sums, outputs)`."""

    label: str
    words: str
    code: str  # the module, in PyTorch
    forward: Callable[[Any, Any], object] | None = None
    backward: Callable[[Any, Any, Any], object] | None = None
    # Whether the derivative needs the outputs alone; then they take the place of the sums.
    by_outputs: bool = False
    shuts_off: bool = False  # whether it is 0, and flat, for every sum below zero
    function: str = ""  # the same as a function, where PyTorch has a short name for it
    derivative: str = ""  # of the {output} by the {sum}, as one writes it
    # Of a sum `x`, for the pictures that the browser paints; there is an `erf`. Without it, none.
    javascript: str = ""

    @property
    def in_a_call(self) -> str:
        """What a script can call on a sum."""
        return self.function or self.code


SIGMOID = Activation(
    "sigmoid",
    "squeezes the sum into a number between 0 and 1",
    "nn.Sigmoid()",
    lambda sums, outputs: torch.sigmoid(sums, out=outputs),
    lambda gradient, _, outputs: aten.sigmoid_backward.grad_input(
        gradient, outputs, grad_input=gradient
    ),
    by_outputs=True,
    function="torch.sigmoid",
    derivative="{output} × (1 - {output})",
    javascript="1 / (1 + Math.exp(-x))",
)
ACTIVATIONS = {
    "relu": Activation(
        "ReLU",
        "keeps what is above zero",
        "nn.ReLU()",
        lambda sums, outputs: torch.clamp_min(sums, 0, out=outputs),
        lambda gradient, _, outputs: aten.threshold_backward.grad_input(
            gradient, outputs, 0, grad_input=gradient
        ),
        by_outputs=True,
        shuts_off=True,
        function="torch.relu",
        derivative="1 above zero, 0 below",
        javascript="Math.max(0, x)",
    ),
    "tanh": Activation(
        "tanh",
        "squeezes the sum into a number between -1 and 1",
        "nn.Tanh()",
        lambda sums, outputs: torch.tanh(sums, out=outputs),
        lambda gradient, _, outputs: aten.tanh_backward.grad_input(
            gradient, outputs, grad_input=gradient
        ),
        by_outputs=True,
        function="torch.tanh",
        derivative="1 - {output}²",
        javascript="Math.tanh(x)",
    ),
    "sigmoid": SIGMOID,
    "linear": Activation(
        "linear",
        "hands the sum on as it is",
        "nn.Identity()",
        lambda sums, _: sums,
        lambda gradient, _, __: gradient,
        by_outputs=True,
        derivative="1",
        javascript="x",
    ),
    "leaky_relu": Activation(
        "leaky ReLU",
        "keeps what is above zero, and a hundredth of what is below",
        "nn.LeakyReLU()",
        lambda sums, outputs: aten.leaky_relu.out(sums, out=outputs),
        lambda gradient, sums, _: aten.leaky_relu_backward.grad_input(
            gradient, sums, 0.01, IN_PLACE, grad_input=gradient
        ),
        derivative="1 above zero, 0.01 below",
        javascript="x > 0 ? x : 0.01 * x",
    ),
    "elu": Activation(
        "ELU",
        "keeps what is above zero, and bends what is below towards -1",
        "nn.ELU()",
        lambda sums, outputs: aten.elu.out(sums, out=outputs),
        lambda gradient, sums, _: aten.elu_backward.grad_input(
            gradient, 1, 1, 1, IN_PLACE, sums, grad_input=gradient
        ),
        derivative="1 above zero, exp({sum}) below",
        javascript="x > 0 ? x : Math.expm1(x)",
    ),
    "gelu": Activation(
        "GELU",
        "takes the sum times the share of a normal distribution that lies below it",
        "nn.GELU()",
        lambda sums, outputs: aten.gelu.out(sums, out=outputs),
        lambda gradient, sums, _: aten.gelu_backward.grad_input(
            gradient, sums, grad_input=gradient
        ),
        derivative="Φ({sum}) + {sum} × φ({sum}), of the normal distribution",
        javascript="x * (1 + erf(x / Math.SQRT2)) / 2",
    ),
    "silu": Activation(
        "SiLU",
        "takes the sum times its sigmoid",
        "nn.SiLU()",
        lambda sums, outputs: aten.silu.out(sums, out=outputs),
        lambda gradient, sums, _: aten.silu_backward.grad_input(
            gradient, sums, grad_input=gradient
        ),
        derivative="s × (1 + {sum} × (1 - s)), with s = sigmoid({sum})",
        javascript="x / (1 + Math.exp(-x))",
    ),
}
