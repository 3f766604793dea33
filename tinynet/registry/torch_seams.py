"""Every use of PyTorch's internals, each with its reason.

tests/test_torch_seams.py compares each use with public PyTorch, so that after an upgrade a failing
test names the broken use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from tinynet.registry.pytorch import LazyModule, torch

_aten: Any = LazyModule(lambda: import_module("torch").ops.aten)
_dispatch: Any = LazyModule(lambda: import_module("torch.utils._python_dispatch"))

_MEAN = 1  # ATen's number for reduction="mean"
_NO_CLASS = -100  # the default ignore_index of nn.CrossEntropyLoss
_NOT_IN_PLACE = False  # whether the outputs have overwritten the sums


def _cross_entropy_backward(one: Any, logits: Any, y: Any, gradient: Any) -> None:
    """Write (softmax - one-hot target) / rows."""
    logarithms = torch.log_softmax(logits, 1)
    rows = logits.new_tensor(float(len(y)))
    _aten.nll_loss_backward.grad_input(
        one, logarithms, y, None, _MEAN, _NO_CLASS, rows, grad_input=gradient
    )
    by_logits = _aten._log_softmax_backward_data  # noqa: SLF001
    by_logits.out(gradient, logarithms, 1, logits.dtype, out=gradient)


# The operations that autograd calls in its backward pass. Public functions take several calls for a
# derivative, which is slower and rounds differently.
#
# (gradient g, sums x, outputs y): multiply g by the derivative of an activation, in place.
ACTIVATION_BACKWARD: dict[str, Callable[[Any, Any, Any], object]] = {
    "sigmoid": lambda g, _, y: _aten.sigmoid_backward.grad_input(g, y, grad_input=g),
    "relu": lambda g, _, y: _aten.threshold_backward.grad_input(g, y, 0, grad_input=g),
    "tanh": lambda g, _, y: _aten.tanh_backward.grad_input(g, y, grad_input=g),
    "leaky_relu": lambda g, x, _: _aten.leaky_relu_backward.grad_input(
        g, x, 0.01, _NOT_IN_PLACE, grad_input=g
    ),
    "elu": lambda g, x, _: _aten.elu_backward.grad_input(
        g, 1, 1, 1, _NOT_IN_PLACE, x, grad_input=g
    ),
    "gelu": lambda g, x, _: _aten.gelu_backward.grad_input(g, x, grad_input=g),
    "silu": lambda g, x, _: _aten.silu_backward.grad_input(g, x, grad_input=g),
}
# (one, predictions p, targets y, g): write the gradient g of a loss with respect to p.
LOSS_BACKWARD: dict[str, Callable[[Any, Any, Any, Any], object]] = {
    "mse": lambda one, p, y, g: _aten.mse_loss_backward.grad_input(one, p, y, _MEAN, grad_input=g),
    "bce": lambda one, p, y, g: _aten.binary_cross_entropy_backward.grad_input(
        one, p, y, None, _MEAN, grad_input=g
    ),
    "huber": lambda one, p, y, g: _aten.huber_loss_backward.out(
        one, p, y, _MEAN, 1.0, grad_input=g
    ),
    "cross_entropy": _cross_entropy_backward,
}


@contextmanager
def without_modes() -> Iterator[None]:
    """Suspend the modes that the caller has entered, such as a default device.

    PyTorch has no public way to suspend a mode that other code has entered.
    """
    with torch._C.DisableTorchFunction(), _dispatch._disable_current_modes():  # noqa: SLF001
        yield


def set_rates_of_many(optimizer: Any, rates: Any) -> None:
    """Give an optimizer the learning rates of many networks at once, as a NumPy array.

    PyTorch allows floats and tensors of one number. Schedulers only calculate with the rate, so an
    array works too; one optimizer for each network would take a hundred times as long.
    """
    optimizer.param_groups[0]["lr"] = rates
