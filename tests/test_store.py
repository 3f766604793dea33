"""Store: each run is trained once for everyone, in turns, within a memory budget."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.oracle import article_loop
from tests.stores import A_FEW_TURNS, delays_beside, finish
from tinynet import Run, Settings
from tinynet.serving.requests import is_in_progress
from tinynet.serving.store import RunStore
from tinynet.training.train import Training

LONG = Settings((64, 64, 64), epochs=10_000)  # seconds


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by the number of each trained epoch."""
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


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("waiting_for_the_long_run", [1, 30])
def test_a_short_run_does_not_wait_for_the_end_of_a_long_one(waiting_for_the_long_run: int) -> None:
    store = RunStore()

    def want_a_long_run(stop: threading.Event) -> None:
        for seed in range(1_000):  # another one starts as soon as one ends
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
    assert max(between) <= 2  # the current one and the next in the queue


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
