"""The network is the article's, with the weights that PyTorch draws."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from tinynet import Settings
from tinynet.training.network import build_network


@pytest.mark.parametrize("hidden_units", [(5,), (1,), (64,), (8, 3), (4, 4, 4)])
def test_the_weights_are_those_of_nn_linear_after_the_seed(hidden_units: tuple[int, ...]) -> None:
    network = build_network(Settings(hidden_units), torch.Generator().manual_seed(3))

    torch.manual_seed(3)
    widths = [10, *hidden_units, 1]
    expected = [nn.Linear(widths[i], widths[i + 1]) for i in range(len(widths) - 1)]
    linears = [layer for layer in network if isinstance(layer, nn.Linear)]
    for linear, by_pytorch in zip(linears, expected, strict=True):
        assert torch.equal(linear.weight, by_pytorch.weight)
        assert torch.equal(linear.bias, by_pytorch.bias)


def test_weights_with_a_seed_of_their_own_are_those_of_nn_linear_after_that_seed() -> None:
    generator = torch.Generator().manual_seed(3)
    torch.randn(7, generator=generator)  # one normal number is left over, and must be discarded
    network = build_network(Settings((8,), weight_seed=12), generator)

    torch.manual_seed(12)
    expected = [*nn.Linear(10, 8).parameters(), *nn.Linear(8, 1).parameters()]
    for ours, by_pytorch in zip(network.parameters(), expected, strict=True):
        assert torch.equal(ours, by_pytorch)
    assert torch.equal(torch.randn(9, generator=generator), torch.randn(9))


def test_the_layers_are_linear_relu_linear_sigmoid() -> None:
    network = build_network(Settings(), torch.Generator())

    assert [type(layer) for layer in network] == [nn.Linear, nn.ReLU, nn.Linear, nn.Sigmoid]
    assert sum(each.numel() for each in network.parameters()) == 61


def test_building_leaves_the_global_random_state_alone() -> None:
    before = torch.get_rng_state()

    build_network(Settings((64, 64)), torch.Generator().manual_seed(1))

    assert torch.equal(torch.get_rng_state(), before)
