"""Work that is done in turns: the base of trainings, maps, landscapes and trials in progress."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from time import perf_counter


class InTurns:
    """Work in steps; call `advance` from any thread, but from one thread at a time."""

    _steps: Iterator[None]

    def __init__(self) -> None:
        self.seconds = 0.0  # of all turns so far
        self.finished = False

    def advance(self, seconds: float) -> None:
        """Work until the time is up or all is done; do at least one step."""
        start = perf_counter()
        with self._turn():
            while not self.finished:
                self.finished = self._step()
                if perf_counter() - start >= seconds:
                    break
        self.seconds += perf_counter() - start

    def finish(self) -> None:
        """Work until all is done."""
        while not self.finished:
            self.advance(seconds=1)

    def _step(self) -> bool:
        """Do one step, here the next of `_steps`; return whether all is done."""
        return bool(next(self._steps, True))

    def _turn(self) -> AbstractContextManager[None]:
        """Return the context that every turn runs in."""
        return nullcontext()
