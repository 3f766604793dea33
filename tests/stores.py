"""Shared helpers for the tests of the store."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from tinynet import Settings
from tinynet.serving.requests import Request, is_in_progress
from tinynet.serving.store import RunStore

A_FEW_TURNS = 0.5  # turns of 0.02 seconds, with a margin for a busy machine


def delays_beside(
    work: Callable[[threading.Event], None], workers: int, store: RunStore, runs: int
) -> list[float]:
    """Return the seconds by which other work delays the article's runs, in order."""
    stop, delays = threading.Event(), []
    crowd = [threading.Thread(target=work, args=(stop,)) for _ in range(workers)]
    for worker in crowd:
        worker.start()
    for seed in range(runs):
        start = time.perf_counter()
        run = finish(store, Settings(seed=seed))
        delays.append(time.perf_counter() - start - run.seconds)
    stop.set()
    for worker in crowd:
        worker.join()
    return sorted(delays)


def finish(store: RunStore, request: Request) -> Any:
    while is_in_progress(entry := store.advance(request)):
        pass
    return entry
