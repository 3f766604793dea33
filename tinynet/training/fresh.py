"""PyTorch with the settings of a fresh process, in one thread, whatever the caller has set."""

from __future__ import annotations

import sys
from _thread import start_new_thread
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from threading import Lock
from typing import Any, NamedTuple

import torch

from tinynet.registry.torch_seams import without_modes


@contextmanager
def fresh_torch_state(*, autograd: bool = True) -> Iterator[None]:
    """Give PyTorch the settings of a fresh process, in one thread; then restore the old settings.

    `autograd` says whether PyTorch records a graph. The default dtype belongs to the process and is
    left alone: pass dtypes explicitly. Global hooks, of modules or saved tensors, stay active too.
    """
    with (
        _PROCESS.fresh(),
        _one_thread(),
        _fresh(_OF_THIS_THREAD),
        without_modes(),
        torch.inference_mode(mode=not autograd),
        torch.set_grad_enabled(autograd),
    ):
        yield


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute in one thread, since several threads round differently.

    PyTorch stores a thread count for each thread and one for the process. New threads copy the
    process's count at their first use. Setting a thread's count also sets the process's count, so
    a helper thread sets that back to the caller's count a moment later. Two effects remain: a
    thread that starts within that moment computes in one thread for good, and a process's count
    that differed from the caller's count is lost. Waiting for the helper would avoid the first
    effect, but takes about 40 ms on a busy server, longer than many trainings.
    """
    threads = torch.get_num_threads()
    if threads == 1:
        yield
        return
    mutex, over = Lock(), False

    def restore_for_new_threads() -> None:
        with mutex:
            if not over:
                torch.set_num_threads(threads)

    try:
        torch.set_num_threads(1)
        with suppress(RuntimeError):  # no thread can start, so none needs the caller's count
            start_new_thread(restore_for_new_threads, ())
        yield
    finally:
        with mutex:
            over = True
            torch.set_num_threads(threads)


class _Setting(NamedTuple):
    """A setting of PyTorch, and its value in a fresh process."""

    read: Callable[[], Any]
    write: Callable[[Any], object]
    fresh: Any


@contextmanager
def _fresh(settings: tuple[_Setting, ...]) -> Iterator[None]:
    """Give these settings their fresh values; restore the changed settings at the end."""
    changed = []
    for setting in settings:
        before = setting.read()
        if before != setting.fresh:
            setting.write(setting.fresh)
            changed.append((setting, before))
    try:
        yield
    finally:
        for setting, before in changed:
            setting.write(before)


class _OfTheProcess:
    """The settings that all threads share: the first thread sets them, the last restores them.

    Other threads notice a change only if the caller had changed these settings.
    """

    def __init__(self) -> None:
        self._mutex = Lock()
        self._inside = 0
        self._are_fresh = ExitStack()

    @contextmanager
    def fresh(self) -> Iterator[None]:
        with self._mutex:
            if not self._inside:
                self._are_fresh.enter_context(_fresh(_OF_THE_PROCESS))
            self._inside += 1
        try:
            yield
        finally:
            with self._mutex:
                self._inside -= 1
                if not self._inside:
                    self._are_fresh.close()


def _flushes_denormals() -> bool:
    """Return whether this thread flushes denormals to 0; PyTorch has no getter for it."""
    return sys.float_info.min / 2 == 0


def _autocast(kind: str) -> _Setting:
    read, write = torch.is_autocast_enabled, torch.set_autocast_enabled
    return _Setting(partial(read, kind), partial(write, kind), fresh=False)


def _attribute(owner: object, name: str, fresh: object) -> _Setting:
    return _Setting(partial(getattr, owner, name), partial(setattr, owner, name), fresh)


def _anomalies() -> tuple[bool, bool]:
    return torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()


_OF_THIS_THREAD = (
    *map(_autocast, ("cpu", "cuda", "mps", "xpu")),
    _Setting(_flushes_denormals, torch.set_flush_denormal, fresh=False),
)
_OF_THE_PROCESS = (
    _Setting(_anomalies, lambda both: torch.set_anomaly_enabled(*both), fresh=(False, True)),
    _Setting(torch.get_deterministic_debug_mode, torch.set_deterministic_debug_mode, fresh=0),
    _attribute(torch.backends.mkldnn, "enabled", fresh=True),
    # "none" inherits the parent's value, so each setting comes after its parent.
    _attribute(torch.backends, "fp32_precision", "none"),
    _attribute(torch.backends.cuda.matmul, "fp32_precision", "none"),
    _attribute(torch.backends.mkldnn, "fp32_precision", "none"),
    _attribute(torch.backends.mkldnn.matmul, "fp32_precision", "none"),  # type: ignore[attr-defined]
)
_PROCESS = _OfTheProcess()
