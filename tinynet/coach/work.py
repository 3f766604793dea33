"""Work in turns: what can be stopped after each step, and goes on from there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from time import perf_counter


class InTurns(ABC):
    """Work that `_work` does step by step; `advance` it from any thread, one at a time."""

    def __init__(self) -> None:
        self.seconds = 0.0  # spent on it
        self.finished = False
        self._steps = self._work()

    @abstractmethod
    def _work(self) -> Iterator[None]:
        """Do the work; yield after each step."""

    def advance(self, seconds: float) -> None:
        """Go on until that much time has gone by, or to the end; a step at the least."""
        start = perf_counter()
        for _ in self._steps:
            if perf_counter() - start >= seconds:
                break
        else:
            self.finished = True
        self.seconds += perf_counter() - start
