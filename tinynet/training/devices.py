"""The devices of this machine."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch


class DeviceUnavailable(RuntimeError):  # noqa: N818 - the public name says what happened
    """The settings name a device that this machine lacks; the message lists its devices."""


@dataclass(frozen=True)
class Device:
    """A device to train on: PyTorch's name for it, and a description."""

    name: str
    words: str


@cache
def available_devices() -> tuple[Device, ...]:
    """Return the devices of this machine, the CPU first."""
    return (Device("cpu", processor()), *_accelerators())


def find_device(name: str) -> Device:
    """Return the device of this name; DeviceUnavailable if this machine lacks it.

    As in PyTorch, "cuda" means "cuda:0".
    """
    devices = {_spelled_out(device.name): device for device in available_devices()}
    if _spelled_out(name) not in devices:
        names = ", ".join(device.name for device in devices.values())
        raise DeviceUnavailable(f"There is no {name} here; this machine has {names}.")
    return devices[_spelled_out(name)]


def _spelled_out(name: str) -> str:
    return name if ":" in name else f"{name}:0"


@cache
def processor() -> str:
    """Return the model of the processor, and the vector instructions that PyTorch uses."""
    return f"{_processor_model()}, {torch.backends.cpu.get_cpu_capability()}"


def _processor_model() -> str:
    facts = Path("/proc/cpuinfo")  # only on Linux; elsewhere Python returns the name
    if facts.exists():
        for line in facts.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _accelerators() -> tuple[Device, ...]:
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    if accelerator is None:
        return ()
    kind, count = accelerator.type, torch.accelerator.device_count()
    names = [kind] if count == 1 else [f"{kind}:{index}" for index in range(count)]
    name_of = getattr(torch.get_device_module(kind), "get_device_name", lambda _: "Apple GPU")
    return tuple(Device(name, name_of(index)) for index, name in enumerate(names))
