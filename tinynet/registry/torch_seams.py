"""Every use of PyTorch's internals, each with its reason.

tests/test_torch_seams.py compares each with public PyTorch, so that the first test to fail after an
upgrade names the one that broke.
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
    """Write softmax - 1 for the row's class and softmax for the others, over the number of rows."""
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
# (gradient, sums, outputs): multiply the gradient by the derivative of an activation, in place.
ACTIVATION_BACKWARD: dict[str, Callable[[Any, Any, Any], object]] = {
    "sigmoid": lambda gradient, _, outputs: _aten.sigmoid_backward.grad_input(
        gradient, outputs, grad_input=gradient
    ),
    "relu": lambda gradient, _, outputs: _aten.threshold_backward.grad_input(
        gradient, outputs, 0, grad_input=gradient
    ),
    "tanh": lambda gradient, _, outputs: _aten.tanh_backward.grad_input(
        gradient, outputs, grad_input=gradient
    ),
    "leaky_relu": lambda gradient, sums, _: _aten.leaky_relu_backward.grad_input(
        gradient, sums, 0.01, _NOT_IN_PLACE, grad_input=gradient
    ),
    "elu": lambda gradient, sums, _: _aten.elu_backward.grad_input(
        gradient, 1, 1, 1, _NOT_IN_PLACE, sums, grad_input=gradient
    ),
    "gelu": lambda gradient, sums, _: _aten.gelu_backward.grad_input(
        gradient, sums, grad_input=gradient
    ),
    "silu": lambda gradient, sums, _: _aten.silu_backward.grad_input(
        gradient, sums, grad_input=gradient
    ),
}
# (one, y_pred, y, gradient): write the gradient of a loss with respect to the predictions.
LOSS_BACKWARD: dict[str, Callable[[Any, Any, Any, Any], object]] = {
    "mse": lambda one, y_pred, y, gradient: _aten.mse_loss_backward.grad_input(
        one, y_pred, y, _MEAN, grad_input=gradient
    ),
    "bce": lambda one, y_pred, y, gradient: _aten.binary_cross_entropy_backward.grad_input(
        one, y_pred, y, None, _MEAN, grad_input=gradient
    ),
    "huber": lambda one, y_pred, y, gradient: _aten.huber_loss_backward.out(
        one, y_pred, y, _MEAN, 1.0, grad_input=gradient
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
