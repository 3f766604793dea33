"""Store: one training per settings for everyone, in turns, within a budget."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import count, pairwise
from typing import Any

import numpy as np
import pytest

from tests.oracle import article_loop
from tinynet import Run, Settings, train
from tinynet.serving.fair_lock import FairLock
from tinynet.serving.requests import Request, SurveyRequest, SweepRequest, is_in_progress
from tinynet.serving.store import OVERHEAD, RunStore
from tinynet.training.train import Training

LONG = Settings((64, 64, 64), epochs=10_000)  # seconds
A_FEW_TURNS = 0.5  # of 0.02 seconds each, on a machine that may be busy with other work


def delays_beside(
    work: Callable[[threading.Event], None], workers: int, store: RunStore, runs: int
) -> list[float]:
    """Return by how many seconds the article's runs are delayed while others work, in order."""
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


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by the number of each epoch that is trained."""
    trained: list[int] = []
    train_one_epoch = Training._train_one_epoch

    def count_it(training: Training) -> None:
        trained.append(training.epoch)
        train_one_epoch(training)

    monkeypatch.setattr(Training, "_train_one_epoch", count_it)
    return trained


def test_a_run_of_the_store_is_the_articles() -> None:
    run = finish(RunStore(turn=0.001), Settings((9,), 0.5, 300, seed=2))

    assert run.losses.tolist() == article_loop([9], 0.5, 300, 2)["losses"]


def test_the_same_settings_are_the_same_object_for_everyone() -> None:
    store = RunStore()
    with ThreadPoolExecutor(8) as visitors:
        runs = list(visitors.map(lambda _: finish(store, Settings(epochs=300)), range(8)))

    assert all(run is runs[0] for run in runs)
    assert len(store) == 1


def test_many_visitors_together_train_a_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    trained = counted(monkeypatch)
    store = RunStore(turn=0.002)
    with ThreadPoolExecutor(8) as visitors:
        list(visitors.map(lambda _: finish(store, Settings(epochs=400)), range(8)))

    assert trained == list(range(400))


def test_a_run_of_more_epochs_begins_where_the_longest_of_fewer_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = RunStore()
    for epochs in (20, 90, 400):
        finish(store, Settings(epochs=epochs))
    finish(store, Settings(epochs=95, seed=1))
    trained = counted(monkeypatch)
    run = finish(store, Settings(epochs=100))

    assert trained == list(range(90, 100))
    assert run.losses.tolist() == article_loop([5], 0.01, 100, 0)["losses"]


def test_where_none_of_fewer_can_go_on_a_run_begins_at_its_first_epoch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = RunStore()
    cosine = Settings(schedule="cosine")
    breaks = Settings((5,), 10.0, 50, data="hills")
    unfinished = Settings((64, 64), epochs=9_000)
    for each in (cosine, breaks):
        finish(store, each)
    assert is_in_progress(store.advance(unfinished))
    for each in (cosine, breaks, unfinished):
        trained = counted(monkeypatch)
        store.advance(replace(each, epochs=10_000))

        assert trained[0] == 0
        monkeypatch.undo()


def test_what_has_been_dropped_is_gone_on_from_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    store = RunStore()
    finish(store, Settings())
    store.forget(lambda settings: settings == Settings())
    trained = counted(monkeypatch)
    finish(store, Settings(epochs=60))
    finish(store, Settings(epochs=70))

    assert trained == list(range(70))
    store.forget(lambda _: True)
    assert not store._lengths


def test_a_run_that_one_visitor_left_goes_on_where_it_stands_for_another() -> None:
    store = RunStore()
    begun = store.advance(LONG)
    assert isinstance(begun, Training)
    where = begun.epoch

    went_on = store.advance(LONG)

    assert went_on is begun
    assert begun.epoch > where > 0


def test_a_run_that_nobody_wants_stands_still() -> None:
    store = RunStore()
    begun = store.advance(LONG)
    assert isinstance(begun, Training)
    where = begun.epoch
    finish(store, Settings())

    assert begun.epoch == where


@pytest.mark.parametrize("waiting_for_the_long_run", [1, 30])
def test_a_short_run_does_not_wait_for_the_end_of_a_long_one(waiting_for_the_long_run: int) -> None:
    store = RunStore()

    def want_a_long_run(stop: threading.Event) -> None:
        for seed in range(1_000):  # no sooner finished than followed by another
            while not (stop.is_set() or isinstance(store.advance(replace(LONG, seed=seed)), Run)):
                pass

    delays = delays_beside(want_a_long_run, waiting_for_the_long_run, store, runs=10)
    assert delays[len(delays) * 8 // 10] < A_FEW_TURNS


def test_between_two_turns_of_a_short_run_the_long_one_gets_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turns, advance = [], Training.advance

    def noted(training: Training, seconds: float) -> None:
        turns.append(training.settings)
        advance(training, seconds)

    monkeypatch.setattr(Training, "advance", noted)
    store = RunStore(turn=0.002)
    with ThreadPoolExecutor(20) as visitors:
        long = [visitors.submit(store.advance, LONG) for _ in range(19)]
        for _ in range(10):
            long.append(visitors.submit(store.advance, LONG))
            store.advance(Settings(epochs=9_999))
        for each in long:
            each.result()

    short = [place for place, settings in enumerate(turns) if settings != LONG]
    between = [later - sooner - 1 for sooner, later in pairwise(short)]
    assert max(between) <= 2  # the one under way and the one in line


def test_other_work_lets_the_runs_have_their_turns() -> None:
    store, finished = RunStore(turn=0.001), threading.Event()

    def want_a_run() -> None:
        finish(store, Settings())
        finished.set()

    with store.in_turns() as rest_if_over:
        visitor = threading.Thread(target=want_a_run)
        visitor.start()
        while not finished.is_set():
            rest_if_over()
    visitor.join()


def test_much_other_work_delays_a_run_no_more_than_one() -> None:
    store = RunStore()

    def work(stop: threading.Event) -> None:
        with store.in_turns() as rest_if_over:
            while not stop.is_set():
                rest_if_over()

    delays = delays_beside(work, 20, store, runs=10)
    assert delays[len(delays) * 8 // 10] < A_FEW_TURNS


def test_other_work_that_is_stopped_leaves_the_lock_free() -> None:
    store = RunStore(turn=0.001)

    def work_and_stop() -> None:
        with store.in_turns() as rest_if_over:
            while not rest_if_over():
                pass
            raise InterruptedError

    with pytest.raises(InterruptedError):
        work_and_stop()
    assert finish(store, Settings()).losses.shape == (50,)


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
    path, again = (finish(store, SurveyRequest(run.settings, "path", run)) for _ in range(2))
    random = finish(store, SurveyRequest(run.settings, "random", run))

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
