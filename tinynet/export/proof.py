"""Proof: run an exported script unchanged, and compare what it prints with its run."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import zip_longest
from time import perf_counter
from types import ModuleType
from typing import Any

import numpy as np
import torch

from tinynet.registry.losses import LOSSES
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.run import Run
from tinynet.user_data.calls import READERS

FEW = 5  # differing epochs that the verdict names
BETWEEN_RESTS = 0.001  # seconds


@dataclass(frozen=True)
class Proof:
    """The output of a script, and the lines that differ from the run."""

    script: str
    printed: tuple[str, ...]
    epochs: int  # of the run
    differing: tuple[int, ...]  # epochs whose line differs, is missing or is surplus
    after: int = 0  # surplus epochs of the script, after the run ended at a loss of nan
    error: str = ""  # the script's error, where the run ended at a loss of nan

    @property
    def verdict(self) -> str:
        """The result in words."""
        printed = self.epochs - bool(self.error)
        same = printed - sum(epoch < printed for epoch in self.differing)
        sentence = f"{same:,} of {self.epochs:,} losses identical to the chart"
        if self.differing:
            some = ", ".join(f"{epoch:,}" for epoch in self.differing[:FEW])
            more = f" and {len(self.differing) - FEW:,} more" if len(self.differing) > FEW else ""
            return f"{sentence}; different in epoch {some}{more}."
        if self.error:
            return f"{sentence}. The run ended there, at nan, and so did the script: {self.error}."
        if self.after:
            times = "once more" if self.after == 1 else f"{self.after:,} times more"
            return f"{sentence}. The run ended there, at nan; the script prints nan {times}."
        return f"{sentence}."


def prove(script: str, run: Run, rest: Callable[[int], object]) -> Proof:
    """Run a script that `to_script` has written, and compare what it prints with the run.

    After the first line, and about every millisecond, call `rest` with the number of lines so far;
    it may block, or raise an error to stop the script. Prove one script at a time: while a script
    draws random numbers, it uses the process's random state and default dtype. Both are restored
    before each call of `rest`, and at the end.
    """
    printed: list[str] = []
    rested = float("-inf")
    shuffles = run.settings.batch_size > 0
    with ExitStack() as pytorch, ExitStack() as drawing:
        pytorch.enter_context(fresh_torch_state())
        _begin_to_draw(drawing)

        def print_line(*values: object) -> None:
            nonlocal rested
            printed.append(" ".join(map(str, values)))
            if perf_counter() - rested > BETWEEN_RESTS:
                generator = torch.get_rng_state()
                drawing.close()  # restores the state of the process for other threads
                pytorch.close()
                rest(len(printed))
                pytorch.enter_context(fresh_torch_state())
                if shuffles:  # otherwise everything is drawn before the first line
                    _begin_to_draw(drawing)
                    torch.set_rng_state(generator)
                rested = perf_counter()

        error = _run_unchanged(script, print_line, run)
        expected = _expected(run, ended=bool(error))
    pairs = enumerate(zip_longest(printed, expected))
    differing = tuple(epoch for epoch, (line, ours) in pairs if not _fits(line, ours))
    epochs = len(run.losses)
    after = 0 if error else len(expected) - epochs
    return Proof(script, tuple(printed), epochs, differing, after, error)


def _begin_to_draw(drawing: ExitStack) -> None:
    """Give the script the random state and the default dtype until this stack closes."""
    drawing.enter_context(_random_state_kept())
    drawing.enter_context(_default_dtype())


def _run_unchanged(script: str, print_line: Callable[..., None], run: Run) -> str:
    """Run the script; return its error if the run diverged, because BCELoss rejects NaN."""
    try:
        # The script contains no code of a visitor: only numbers and names that Settings has
        # checked, and literals from a file.
        names = {"__name__": "__main__", "print": print_line, "__builtins__": _builtins(run)}
        exec(compile(script, "script", "exec"), names)  # noqa: S102
    except RuntimeError as error:
        if not (run.diverged and LOSSES[run.settings.loss].refuses_nan):
            raise
        return str(error)
    return ""


def _builtins(run: Run) -> dict[str, Any]:
    """Return Python's builtins, with a pandas that reads the run's file by its name."""
    files, import_module = run.settings.files, builtins.__import__
    if not files:
        return vars(builtins)

    def import_(name: str, *rest: Any) -> Any:
        module = import_module(name, *rest)
        if name != "pandas":
            return module
        copy = ModuleType(name)
        vars(copy).update(vars(module))
        for reader in READERS:
            vars(copy)[reader] = partial(_read, getattr(module, reader), files)
        return copy

    return {**vars(builtins), "__import__": import_}


def _read(reader: Callable[..., Any], files: Mapping[str, bytes], name: str, **how: Any) -> Any:
    return reader(BytesIO(files[name]), **how)


def _expected(run: Run, *, ended: bool) -> list[str | re.Pattern[str]]:
    """Return the lines of the run, and the lines a script prints after a run diverged."""
    epochs = len(run.losses)
    lines: list[str | re.Pattern[str]] = [*run.printed(0, epochs)]
    if ended:
        return lines[:-1]
    surplus = range(epochs, run.settings.epochs) if run.diverged else ()
    loss = "nan" if np.isnan(run.losses[-1]) else "(inf|nan)"  # inf may become nan, nan stays
    test = "  test loss:  .+" if run.has_test else ""
    return lines + [re.compile(f"epoch:  {epoch}  loss:  {loss}{test}") for epoch in surplus]


def _fits(line: str | None, expected: str | re.Pattern[str] | None) -> bool:
    if isinstance(expected, re.Pattern):
        return line is not None and expected.fullmatch(line) is not None
    return line == expected


@contextmanager
def _default_dtype() -> Iterator[None]:
    """Set the default dtype to float32, as in a fresh process."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def _random_state_kept() -> AbstractContextManager[None]:
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    if accelerator is None:
        return torch.random.fork_rng(devices=())
    devices = range(torch.accelerator.device_count())
    return torch.random.fork_rng(devices=devices, device_type=accelerator.type)
