"""PyTorch as a fresh process has it, in one thread, whatever the caller has set."""

from __future__ import annotations

import sys
from _thread import start_new_thread
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from threading import Lock
from typing import Any, NamedTuple

import torch
from torch.utils._python_dispatch import _disable_current_modes


@contextmanager
def as_in_a_fresh_process(*, autograd: bool = True) -> Iterator[None]:
    """Work with PyTorch as a fresh process has it, in one thread; then all is as it was.

    Autograd notes what is done, or does not, as asked. What stays with the caller: the default
    dtype, for other threads count on it, so whoever makes a tensor names its dtype; and what one
    hangs into PyTorch's own code, such as hooks of all modules or of all saved tensors.
    """
    with (
        _PROCESS.fresh(),
        _one_thread(),
        _fresh(_OF_THIS_THREAD),
        torch._C.DisableTorchFunction(),  # noqa: SLF001 - a default device too
        _disable_current_modes(),
        torch.inference_mode(mode=not autograd),
        torch.set_grad_enabled(autograd),
    ):
        yield


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute in one thread, for two round differently than one.

    PyTorch holds a number for each thread, and one for the process, which a new thread takes when
    it first asks; setting a thread's sets that of the process too. So a moment later another
    thread, which has nothing else to do, sets that of the process back to the caller's. What
    remains: a thread that first asks within that moment has one thread for good; and where the
    process's number was not the caller's, it becomes it. Waiting for the other thread would
    help, but on a busy server that takes longer than many a training (some 40 ms).
    """
    threads = torch.get_num_threads()
    if threads == 1:
        yield
        return
    books, over = Lock(), False

    def give_new_threads_the_callers() -> None:
        with books:
            if not over:
                torch.set_num_threads(threads)

    try:
        torch.set_num_threads(1)
        with suppress(RuntimeError):  # no thread can be had: no new one can be harmed either
            start_new_thread(give_new_threads_the_callers, ())
        yield
    finally:
        with books:
            over = True
            torch.set_num_threads(threads)


class _Setting(NamedTuple):
    """One of PyTorch's settings, and its value in a fresh process."""

    read: Callable[[], Any]
    write: Callable[[Any], object]
    fresh: Any


@contextmanager
def _fresh(settings: tuple[_Setting, ...]) -> Iterator[None]:
    """Set them as in a fresh process; then those that were not are as they were."""
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
    """The settings that all threads share: the first to come sets them, the last to go sets back.

    Only where they are not as in a fresh process do other threads see any of it.
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
    """Whether this thread takes the tiniest numbers for 0; PyTorch sets that, but does not say."""
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
    # Where one says "none", the one above it counts: so from above to below, to read each its own.
    _attribute(torch.backends, "fp32_precision", "none"),
    _attribute(torch.backends.cuda.matmul, "fp32_precision", "none"),
    _attribute(torch.backends.mkldnn, "fp32_precision", "none"),
    _attribute(torch.backends.mkldnn.matmul, "fp32_precision", "none"),  # type: ignore[attr-defined]
)
_PROCESS = _OfTheProcess()
