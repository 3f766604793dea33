"""The store's budget, its maps and landscapes, and its lock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

import numpy as np
import pytest

from tests.stores import A_FEW_TURNS, delays_beside, finish
from tinynet import Settings, train
from tinynet.serving.fair_lock import FairLock
from tinynet.serving.requests import SurveyRequest, SweepRequest
from tinynet.serving.store import OVERHEAD, RunStore
from tinynet.training.train import Training


def test_the_budget_holds_and_the_least_recently_wanted_go_first() -> None:
    one = train(Settings(epochs=200)).nbytes
    store = RunStore(budget=5 * (one + 30_000))
    for seed in range(12):
        finish(store, Settings(epochs=200, seed=seed))
        finish(store, Settings(epochs=200, seed=0))

    assert store.nbytes <= store.budget
    assert 2 <= len(store) < 12
    assert store.find(Settings(epochs=200, seed=0))
    assert store.find(Settings(epochs=200, seed=11))
    assert not store.find(Settings(epochs=200, seed=1))


def test_unfinished_runs_count_towards_the_budget_too() -> None:
    store = RunStore(turn=0.0001)
    begun = store.advance(Settings((64,), epochs=10_000))
    assert isinstance(begun, Training)

    assert store.nbytes >= begun.nbytes > 600_000


def test_a_map_is_made_once_in_turns_for_everyone_and_within_the_budget() -> None:
    request = SweepRequest(
        Settings(), (("hidden_units", (4, 5)), ("learning_rate", (0.1, 0.5, 1.0)))
    )
    store = RunStore(turn=0.001)
    with ThreadPoolExecutor(4) as visitors:
        sweeps = list(visitors.map(lambda _: finish(store, request), range(4)))

    sweep, kept = sweeps[0], store.find(request)
    assert all(each is sweep for each in (*sweeps, kept))
    alone = [train(Settings((width,), rate)) for width in (4, 5) for rate in (0.1, 0.5, 1.0)]
    assert sweep.final_losses.ravel() == pytest.approx([run.final_loss for run in alone], 1e-3)
    assert store.nbytes >= sweep.nbytes > 0


def test_a_map_that_is_wanted_no_more_stands_still_and_goes_on_from_there() -> None:
    rates = tuple(np.geomspace(0.01, 1, 64).tolist())
    request = SweepRequest(Settings(epochs=2_000), (("learning_rate", rates), ("seed", (0, 1))))
    store = RunStore(turn=0.001)
    begun: Any = store.advance(request)
    while not begun.share:
        store.advance(request)
    share = begun.share
    finish(store, Settings())

    assert 0 < share == begun.share < 1
    while begun.share == share:
        assert store.advance(request) is begun


def heavy_map(epochs: int) -> SweepRequest:
    rates = tuple(np.geomspace(0.001, 1, 64).tolist())
    settings = Settings((64, 64), data="moons", epochs=epochs)
    return SweepRequest(settings, (("learning_rate", rates), ("seed", tuple(range(64)))))


@pytest.mark.slow
def test_maps_in_work_have_one_turn_between_them_and_hold_up_no_run() -> None:
    store, wanted = RunStore(), count(9_000)

    def want_one(stop: threading.Event) -> None:
        mine = heavy_map(next(wanted))
        while not stop.is_set():
            store.advance(mine)

    delays = delays_beside(want_one, workers=8, store=store, runs=10)
    assert delays[8] < A_FEW_TURNS


def test_what_the_store_reckons_is_what_it_has_reckoned_for_each_entry() -> None:
    store = RunStore(turn=0.005)
    for epochs in range(30, 40):
        small = replace(heavy_map(epochs), axes=(("hidden_units", (2, 3, 4)), ("seed", (0, 1))))
        for _ in range(4):
            store.advance(small)
        finish(store, small)

    assert store.nbytes == sum(size for _, size in store._entries.values())
    held = sum(entry.nbytes for entry, _ in store._entries.values())
    assert held <= store.nbytes == held + len(store) * OVERHEAD


def test_a_landscape_is_kept_by_its_run_and_its_directions() -> None:
    store, run = RunStore(), train(Settings(epochs=5))
    path, again = (finish(store, SurveyRequest(run.settings, run, "path")) for _ in range(2))
    random = finish(store, SurveyRequest(run.settings, run, "random"))

    assert path is again
    assert all(each.run is None for each in store._entries if isinstance(each, SurveyRequest))
    assert path.kind == "path"
    assert random.kind == "random"


def test_a_run_larger_than_the_budget_is_still_handed_out() -> None:
    assert finish(RunStore(budget=1), Settings()).losses.shape == (50,)


def test_a_failed_run_is_not_kept_and_does_not_hold_the_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = RunStore()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no memory")

    with monkeypatch.context() as broken:
        broken.setattr(Training, "advance", fail)
        with pytest.raises(RuntimeError, match="no memory"):
            store.advance(Settings())

    assert len(store) == 0
    assert store.nbytes == 0
    assert finish(store, Settings()).losses.shape == (50,)


def test_the_lock_goes_to_whoever_has_waited_longest() -> None:
    lock, order = FairLock(), []

    def take(name: int) -> None:
        with lock:
            order.append(name)

    visitors = [threading.Thread(target=take, args=(name,)) for name in range(6)]
    with lock:
        for count, visitor in enumerate(visitors, start=1):
            visitor.start()
            wait_until(partial(waiting, lock, count))
    for visitor in visitors:
        visitor.join()

    assert order == list(range(6))


def waiting(lock: FairLock, count: int) -> bool:
    return len(lock._waiting) == count


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)
