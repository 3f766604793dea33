"""A first-come, first-served lock."""

from __future__ import annotations

from collections import deque
from math import inf
from threading import Event, Lock
from time import perf_counter


class FairLock:
    """A lock that goes to the longest waiting thread, unlike `threading.Lock`."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._taken = False
        self._waiting: deque[Event] = deque()
        self.last_wait = -inf  # when a thread last had to wait for it

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    @property
    def is_wanted(self) -> bool:
        """Whether any thread waits for it."""
        return bool(self._waiting)

    def acquire(self) -> None:
        """Queue up, and take the lock."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                return
            turn = Event()
            self._waiting.append(turn)
            self.last_wait = perf_counter()
        turn.wait()

    def release(self) -> None:
        """Hand the lock to the next thread in the queue."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()  # the lock stays taken, for the next thread
            else:
                self._taken = False
