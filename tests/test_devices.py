"""Devices: the names of this machine's devices, and the messages for missing ones."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import torch

import tinynet.training.devices
from tinynet import DeviceUnavailable, Settings, available_devices, train
from tinynet.training.devices import Device, find_device, processor

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
    names = ", ".join(device.name for device in available_devices())
    with pytest.raises(DeviceUnavailable) as absence:
        train(Settings(device=ABSENT))

    assert str(absence.value) == f"There is no {ABSENT} here; this machine has {names}."


def test_the_processor_is_named_as_the_system_names_it() -> None:
    model, _, capability = processor().rpartition(", ")
    named = ""
    if Path("/proc/cpuinfo").exists():
        grep = ["grep", "--max-count=1", "^model name", "/proc/cpuinfo"]
        named = subprocess.run(grep, capture_output=True, text=True, check=False).stdout

    expected = named.partition(":")[2].strip() or platform.processor() or platform.machine()
    assert capability == torch.backends.cpu.get_cpu_capability()
    assert model == expected
    assert model


def test_without_an_accelerator_the_cpu_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda **_: None)
    available_devices.cache_clear()

    names = [device.name for device in available_devices()]
    available_devices.cache_clear()
    assert names == ["cpu"]


@pytest.fixture
def facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file in which Linux describes the processor; it does not exist yet."""
    file = tmp_path / "cpuinfo"
    monkeypatch.setattr(tinynet.training.devices, "Path", lambda _: file)
    processor.cache_clear()
    yield file
    processor.cache_clear()


def test_its_name_is_that_of_the_first_model_that_linux_names(facts: Path) -> None:
    facts.write_text("processor: 0\nmodel name\t: Speedy 5: turbo \n\nmodel name\t: Other\n")

    assert processor() == f"Speedy 5: turbo, {torch.backends.cpu.get_cpu_capability()}"


@pytest.mark.parametrize("text", [None, "", "processor: 0\nBogoMIPS: 50.00\n"])
def test_where_linux_names_none_python_does(facts: Path, text: str | None) -> None:
    if text is not None:
        facts.write_text(text)
    name = platform.processor() or platform.machine()

    assert processor() == f"{name}, {torch.backends.cpu.get_cpu_capability()}"
    assert name


class FakeGPU(NamedTuple):
    """A stand-in for PyTorch's module of a kind of device, with the names of the devices."""

    names: tuple[str, ...]

    def get_device_name(self, index: int) -> str:
        """Return the name of a device."""
        return self.names[index]


@pytest.fixture
def plug_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, int, object], None]]:
    """Pretend that there are devices of a kind."""

    def plug_in(kind: str, count: int, module: object) -> None:
        accelerator = torch.accelerator
        found = torch.device(kind)
        monkeypatch.setattr(accelerator, "current_accelerator", lambda **_: found)
        monkeypatch.setattr(accelerator, "device_count", lambda: count)
        monkeypatch.setattr(torch, "get_device_module", lambda _: module)
        available_devices.cache_clear()

    yield plug_in
    available_devices.cache_clear()


PlugIn = Callable[[str, int, object], None]


def test_a_single_gpu_goes_without_a_number(plug_in: PlugIn) -> None:
    plug_in("cuda", 1, FakeGPU(("Fast",)))

    assert available_devices() == (Device("cpu", processor()), Device("cuda", "Fast"))
    assert find_device("cuda:0") == find_device("cuda") == Device("cuda", "Fast")


def test_of_several_each_has_its_number_and_name(plug_in: PlugIn) -> None:
    plug_in("cuda", 2, FakeGPU(("Fast", "Faster")))

    assert available_devices()[1:] == (Device("cuda:0", "Fast"), Device("cuda:1", "Faster"))
    assert find_device("cuda").name == "cuda:0"
    with pytest.raises(DeviceUnavailable, match="has cpu, cuda:0, cuda:1"):
        find_device("cuda:2")


def test_apples_has_no_name_of_its_own(plug_in: PlugIn) -> None:
    plug_in("mps", 1, object())

    assert available_devices()[1:] == (Device("mps", "Apple GPU"),)
