"""The pace: one script draws at a time; hurried visitors share one place in the queue."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event, Lock

import pytest
import streamlit as st

from tinynet.serving.fair_lock import FairLock
from tinynet.ui import pace
from tinynet.ui.pace import Turn, in_turn, let_others_go_first, step_aside

SOON = 20.0  # seconds, with a margin for a busy machine


@pytest.fixture(autouse=True)
def _lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the test its own queues, and a session that never waits for an answer."""
    monkeypatch.setattr(pace, "COMPUTING", FairLock())
    monkeypatch.setattr(pace, "HURRIED", FairLock())
    monkeypatch.setattr(st, "session_state", {})


@pytest.fixture
def crowd() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(40) as threads:
        yield threads


class Workspace:
    """Counts the scripts that are inside at once, and keeps them until the door opens."""

    def __init__(self) -> None:
        self.most = self.count = 0
        self.lock, self.door, self.entered = Lock(), Event(), Event()

    @contextmanager
    def visited(self) -> Iterator[None]:
        """Enter, wait for the door, and leave."""
        with self.lock:
            self.count += 1
            self.most = max(self.most, self.count)
            self.entered.set()
        assert self.door.wait(SOON)
        yield
        with self.lock:
            self.count -= 1


def test_one_script_draws_at_a_time(crowd: ThreadPoolExecutor) -> None:
    room, together = Workspace(), Barrier(20)
    room.door.set()

    def draw() -> None:
        together.wait(SOON)
        for _ in range(20):
            with in_turn("move"), room.visited():
                pass

    for each in [crowd.submit(draw) for _ in range(20)]:
        each.result(SOON)

    assert room.most == 1


def queue_up(
    crowd: ThreadPoolExecutor, ask: Callable[[int], None], count: int
) -> list[Future[None]]:
    """Start several requests, each once the one before is in the queue."""
    waiting = []
    for number in range(count):
        asked = Event()

        def begin(number: int = number, asked: Event = asked) -> None:
            asked.set()
            ask(number)

        waiting.append(crowd.submit(begin))
        assert asked.wait(SOON)
        _until(lambda: len(pace.COMPUTING._waiting) > 0 or len(pace.HURRIED._waiting) > 0)
    return waiting


def _until(holds: Callable[[], bool]) -> None:
    tick = threading.Event()
    for _ in range(int(SOON / 0.002)):
        if holds():
            return
        tick.wait(0.002)
    raise TimeoutError


def test_however_many_are_hurried_another_waits_for_one_of_them(crowd: ThreadPoolExecutor) -> None:
    served: list[str] = []
    first = Turn(is_hurried=False)

    def be_served(name: str, *, is_hurried: bool) -> None:
        turn = Turn(is_hurried=is_hurried)
        served.append(name)
        turn.end()

    flood = queue_up(crowd, lambda _: be_served("flood", is_hurried=True), 10)
    _until(lambda: len(pace.HURRIED._waiting) == 9 and len(pace.COMPUTING._waiting) == 1)
    visitor = crowd.submit(be_served, "visitor", is_hurried=False)
    _until(lambda: len(pace.COMPUTING._waiting) == 2)
    first.end()
    for each in (*flood, visitor):
        each.result(SOON)

    assert served.index("visitor") == 1
    assert len(served) == 11


def test_whoever_opens_the_page_or_does_not_rest_is_hurried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert pace.is_hurried("move")
    with in_turn("move"):
        pass
    assert pace.is_hurried("move")  # immediately after the last answer
    assert pace.is_hurried("rest")  # not answered yet

    monkeypatch.setattr(pace, "REACTION", 0)
    assert not pace.is_hurried("move")


def test_a_script_that_is_broken_off_was_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "REACTION", 0)
    with pytest.raises(InterruptedError), in_turn("move"):
        raise InterruptedError

    assert pace.is_hurried("move")
    with in_turn("move"):  # and delays nobody
        pass


def test_what_is_drawn_along_shares_the_turn() -> None:
    with in_turn("page"), in_turn("move"):
        pass

    with in_turn("move"):
        pass


def test_others_go_first_between_the_turns_of_a_long_training(crowd: ThreadPoolExecutor) -> None:
    went: list[str] = []

    def draw() -> None:
        turn = Turn(is_hurried=False)
        went.append("the other")
        turn.end()

    with in_turn("move"):
        other = crowd.submit(draw)
        _until(lambda: len(pace.COMPUTING._waiting) == 1)
        let_others_go_first()
        went.append("this one")
        other.result(SOON)

    assert went == ["the other", "this one"]


def test_a_script_that_has_stepped_aside_holds_up_nobody(crowd: ThreadPoolExecutor) -> None:
    with in_turn("move"):
        step_aside()
        for _ in range(2):
            crowd.submit(lambda: Turn(is_hurried=False).end()).result(SOON)
            let_others_go_first()
