"""Devices: what this machine has, in words; what it lacks, in a sentence."""

from __future__ import annotations

import pytest
import torch

from tinynet import DeviceUnavailable, Settings, available_devices, train
from tinynet.devices import find_device, processor

ABSENT = "xpu" if torch.accelerator.is_available() else "cuda"


def test_the_cpu_is_always_there_and_comes_first() -> None:
    first = available_devices()[0]

    assert first.name == "cpu"
    assert torch.backends.cpu.get_cpu_capability() in first.words


def test_every_device_listed_takes_a_tensor() -> None:
    for device in available_devices():
        assert torch.ones(2, device=device.name).sum().item() == 2


def test_an_index_of_zero_is_the_same_device() -> None:
    assert find_device("cpu:0") == find_device("cpu")


def test_training_on_an_absent_device_says_what_is_there() -> None:
    with pytest.raises(DeviceUnavailable, match=rf"no {ABSENT} here; this machine has cpu"):
        train(Settings(device=ABSENT))


def test_the_processor_is_named() -> None:
    assert len(processor()) > len(torch.backends.cpu.get_cpu_capability())
