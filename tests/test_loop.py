"""The loop: its network, batch and gradients are all on the device of its settings."""

from __future__ import annotations

import pytest
import torch

from tinynet import Settings, train
from tinynet.training import engine
from tinynet.training.backpropagation import fastest_loop
from tinynet.training.devices import Device
from tinynet.training.loop import Loop


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Loop:
    """A loop on PyTorch's meta device, which every machine has; its tensors hold no numbers."""
    monkeypatch.setattr(engine, "find_device", lambda name: Device(name, "of no numbers"))
    settings = Settings(zero_gradients=False)
    object.__setattr__(settings, "device", "meta")
    return Loop(settings)


def test_network_and_batch_are_on_the_device(elsewhere: Loop) -> None:
    tensors = [elsewhere.batch.inputs, elsewhere.batch.targets, *elsewhere.parameters]

    assert {each.device.type for each in tensors} == {"meta"}


def test_restored_gradients_are_on_the_device(elsewhere: Loop) -> None:
    elsewhere.restore(train(Settings(zero_gradients=False)).checkpoints, 7)

    assert {each.device.type for each in elsewhere.gradients} == {"meta"}
    assert len(elsewhere.gradients) == 4


def test_what_the_hidden_layers_make_is_after_relu_without_the_output() -> None:
    loop = Loop(Settings((8, 3)))
    hidden = loop.forward().hidden

    assert [tuple(each.shape) for each in hidden] == [(10, 8), (10, 3)]
    assert torch.equal(hidden[1], loop.network[:4](loop.batch.inputs))


def test_its_size_is_that_of_all_numbers_it_works_with() -> None:
    loop = Loop(Settings((4, 3), data="moons", rows=100, test_share=0.3, optimizer="adam"))
    points, rows = 100 * 2, 100 * (2 + 1)  # raw points, and inputs with targets
    parameters = 2 * 4 + 4 + 4 * 3 + 3 + 3 * 1 + 1
    assert loop.nbytes == 4 * (points + rows + 3 * parameters)  # Adam stores two for each

    loop.train_one_epoch()
    assert loop.nbytes == 4 * (points + rows + 4 * parameters)
    # Written-out backpropagation stores a sum, an output and a slope for each row and unit.
    steps = 3 * 100 * (4 + 3 + 1)
    assert fastest_loop(loop.settings).nbytes == 4 * (points + rows + 4 * parameters + steps)
