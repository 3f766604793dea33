"""The activations: the functions applied to a hidden unit's weighted sum.

A written-out activation has a `forward`, which writes the outputs, and a `backward`, which turns
the gradient with respect to the outputs into the gradient with respect to the sums. Autograd
differentiates the other activations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tinynet.registry.pytorch import nn, torch
from tinynet.registry.torch_seams import ACTIVATION_BACKWARD


@dataclass(frozen=True)
class Activation:
    """`forward(sums, outputs)` and `backward(gradient, sums, outputs)`."""

    label: str
    words: str
    code: str  # the PyTorch module
    forward: Callable[[Any, Any], object] | None = None
    backward: Callable[[Any, Any, Any], object] | None = None
    # Whether the derivative needs only the outputs, which then overwrite the sums.
    by_outputs: bool = False
    shuts_off: bool = False  # whether value and derivative are 0 for every negative sum
    function: str = ""  # the same function, where PyTorch has a short name for it
    derivative: str = ""  # a formula of the {output} and the {sum}
    # JavaScript that computes it from the sum `x`, and may call `erf`; "" for no pictures.
    javascript: str = ""

    @property
    def callable_code(self) -> str:
        """An expression that a script can call with a sum."""
        return self.function or self.code


SIGMOID = Activation(
    "sigmoid",
    "squeezes the sum into a number between 0 and 1",
    "nn.Sigmoid()",
    lambda sums, outputs: torch.sigmoid(sums, out=outputs),
    ACTIVATION_BACKWARD["sigmoid"],
    by_outputs=True,
    function="torch.sigmoid",
    derivative="{output} × (1 - {output})",
    javascript="1 / (1 + Math.exp(-x))",
)
ACTIVATIONS = {
    "relu": Activation(
        "ReLU",
        "keeps positive sums and sets negative ones to 0",
        "nn.ReLU()",
        lambda sums, outputs: torch.clamp_min(sums, 0, out=outputs),
        ACTIVATION_BACKWARD["relu"],
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
        ACTIVATION_BACKWARD["tanh"],
        by_outputs=True,
        function="torch.tanh",
        derivative="1 - {output}²",
        javascript="Math.tanh(x)",
    ),
    "sigmoid": SIGMOID,
    "linear": Activation(
        "linear",
        "passes the sum on unchanged",
        "nn.Identity()",
        lambda sums, _: sums,
        lambda gradient, _, __: gradient,
        by_outputs=True,
        derivative="1",
        javascript="x",
    ),
    "leaky_relu": Activation(
        "leaky ReLU",
        "keeps positive sums and multiplies negative ones by 0.01",
        "nn.LeakyReLU()",
        lambda sums, outputs: outputs.copy_(nn.functional.leaky_relu(sums)),
        ACTIVATION_BACKWARD["leaky_relu"],
        derivative="1 above zero, 0.01 below",
        javascript="x > 0 ? x : 0.01 * x",
    ),
    "elu": Activation(
        "ELU",
        "keeps positive sums and bends negative ones towards -1",
        "nn.ELU()",
        lambda sums, outputs: outputs.copy_(nn.functional.elu(sums)),
        ACTIVATION_BACKWARD["elu"],
        derivative="1 above zero, exp({sum}) below",
        javascript="x > 0 ? x : Math.expm1(x)",
    ),
    "gelu": Activation(
        "GELU",
        "multiplies the sum by the share of a normal distribution that lies below it",
        "nn.GELU()",
        lambda sums, outputs: outputs.copy_(nn.functional.gelu(sums)),
        ACTIVATION_BACKWARD["gelu"],
        derivative="Φ({sum}) + {sum} × φ({sum}), of the normal distribution",
        javascript="x * (1 + erf(x / Math.SQRT2)) / 2",
    ),
    "silu": Activation(
        "SiLU",
        "multiplies the sum by its sigmoid",
        "nn.SiLU()",
        lambda sums, outputs: outputs.copy_(nn.functional.silu(sums)),
        ACTIVATION_BACKWARD["silu"],
        derivative="s × (1 + {sum} × (1 - s)), with s = sigmoid({sum})",
        javascript="x / (1 + Math.exp(-x))",
    ),
}
