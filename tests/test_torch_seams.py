"""The seams: each use of PyTorch's internals behaves like public PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.losses import LOSSES
from tinynet.registry.pytorch import evaluate
from tinynet.registry.schedules import SCHEDULES
from tinynet.registry.torch_seams import (
    ACTIVATION_BACKWARD,
    LOSS_BACKWARD,
    set_rates_of_many,
    without_modes,
)

SUMS = torch.cat([torch.linspace(-4, 4, 41), torch.tensor([0.0, -0.0, 1e-30, -90.0, 90.0])])
ROWS = 46


def bits(tensor: torch.Tensor) -> list[int]:
    return tensor.contiguous().view(torch.int32).tolist()


@pytest.mark.parametrize("name", ACTIVATION_BACKWARD)
def test_the_derivative_of_an_activation_is_autograds(name: str) -> None:
    upstream = torch.randn(len(SUMS), generator=torch.Generator().manual_seed(1))
    leaf = SUMS.clone().requires_grad_()
    outputs = evaluate(ACTIVATIONS[name].code)(leaf)
    outputs.backward(upstream)

    ours = upstream.clone()
    ACTIVATION_BACKWARD[name](ours, SUMS, outputs.detach())

    assert leaf.grad is not None
    assert bits(ours) == bits(leaf.grad), f"ATen's backward of {name} is no longer autograd's"


def predictions_and_targets(name: str) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(2)
    if LOSSES[name].tasks == ("multiclass",):
        return torch.randn(ROWS, 3, generator=generator), torch.arange(ROWS) % 3
    y_pred = torch.rand(ROWS, 1, generator=generator)
    y_pred[:4, 0] = torch.tensor([0.0, 1.0, 0.0, 1.0])
    y = (torch.arange(ROWS) // 2 % 2).float().reshape(ROWS, 1)
    return (y_pred, y) if name == "bce" else (4 * y_pred, y)


@pytest.mark.parametrize("upstream", [1.0, 64.0])
@pytest.mark.parametrize("name", LOSS_BACKWARD)
def test_the_gradient_of_a_loss_is_autograds(name: str, upstream: float) -> None:
    y_pred, y = predictions_and_targets(name)
    leaf = y_pred.clone().requires_grad_()
    evaluate(LOSSES[name].code)(leaf, y).backward(torch.tensor(upstream))

    ours = torch.empty_like(y_pred)
    LOSS_BACKWARD[name](torch.tensor(upstream), y_pred, y, ours)

    assert leaf.grad is not None
    assert bits(ours) == bits(leaf.grad), f"ATen's backward of {name} is no longer autograd's"


class Functions(TorchFunctionMode):
    """A mode that records the functions called."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Record the call, and continue."""
        self.seen.append(str(func))
        return func(*args, **(kwargs or {}))


class Operations(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """A mode that records the operations called."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.seen: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Record the call, and continue."""
        self.seen.append(str(func))
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("mode", [Functions(), Operations()], ids=["functions", "operations"])
def test_no_mode_of_the_caller_sees_what_happens_without_modes(mode: Any) -> None:
    with mode:
        with without_modes():
            torch.ones(2).exp()
        assert mode.seen == [], "without_modes() no longer suspends modes"
        torch.ones(2).exp()
    assert mode.seen, "without_modes() no longer restores modes"


def test_no_default_device_counts_without_modes() -> None:
    with torch.device("meta"):
        with without_modes():
            device = torch.ones(1).device.type
        assert device == "cpu", "without_modes() no longer suspends a default device"
        assert torch.ones(1).device.type == "meta"


@pytest.mark.parametrize("name", [name for name in SCHEDULES if name != "constant"])
def test_rates_of_many_are_those_of_an_optimizer_each(name: str) -> None:
    rates, code = np.array([0.001, 0.03, 7.0]), SCHEDULES[name].code(9)

    def stepped(optimizer: torch.optim.SGD) -> list[Any]:
        scheduler, seen = evaluate(code, optimizer=optimizer), []
        for _ in range(9):
            seen.append(np.array(optimizer.param_groups[0]["lr"]).tolist())
            optimizer.step()
            scheduler.step()
        return seen

    together = torch.optim.SGD([torch.zeros(1)])
    set_rates_of_many(together, rates)
    alone = [stepped(torch.optim.SGD([torch.zeros(1)], lr=rate)) for rate in rates.tolist()]

    assert stepped(together) == [list(row) for row in zip(*alone, strict=True)], (
        "A scheduler no longer calculates with an array as it does with a number"
    )
