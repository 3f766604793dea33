"""Pace: who does not rest on an answer waits in line; all others are answered at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import pairwise

import pytest
import streamlit as st

from tinynet.ui import pace
from tinynet.ui.pace import MOVE, Line, Turn

SOON = 5.0  # seconds, on a machine that may be busy with other work
NEVER = 60.0  # seconds: longer than any of these tests


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns end when they are over, and not sooner."""
    monkeypatch.setattr(pace, "LEASE", NEVER)
    monkeypatch.setattr(pace, "LEAST", 0.0)


@pytest.fixture
def crowd() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(40) as threads:
        yield threads


def all_wait(*turns: Future[Turn]) -> bool:
    time.sleep(0.05)
    return not any(each.done() for each in turns)


def the_one_served(turns: list[Future[Turn]]) -> Turn:
    done, _ = wait(turns, SOON, FIRST_COMPLETED)
    [served] = done
    return served.result()


def let_all_pass(turns: list[Future[Turn]]) -> None:
    """End each turn as it begins, so that no thread is left behind."""
    left = set(turns)
    deadline = time.perf_counter() + SOON
    while left and time.perf_counter() < deadline:
        for each in [each for each in left if each.done()]:
            each.result().over.set()
            left.remove(each)
        time.sleep(0.001)
    assert not left


@pytest.mark.usefixtures("patient")
def test_turns_follow_one_another_in_the_order_of_asking(crowd: ThreadPoolExecutor) -> None:
    line, served = Line(), []
    first = line.turn()

    def be_served(number: int) -> None:
        turn = line.turn()
        served.append(number)
        turn.over.set()

    waiting = []
    for number in range(10):
        waiting.append(crowd.submit(be_served, number))
        time.sleep(0.01)  # they come one after another
    assert served == []
    first.over.set()
    for each in waiting:
        each.result(SOON)

    assert served == list(range(10))


@pytest.mark.usefixtures("patient")
def test_a_newcomer_waits_for_one_of_a_flood_at_most(crowd: ThreadPoolExecutor) -> None:
    line = Line()
    first = line.turn()
    flood = [crowd.submit(line.hasty_turn) for _ in range(30)]
    assert all_wait(*flood)
    newcomer = crowd.submit(line.turn)
    assert all_wait(newcomer)

    first.over.set()
    the_one_served(flood).over.set()
    newcomer.result(SOON).over.set()

    let_all_pass(flood)


@pytest.mark.usefixtures("patient")
def test_whoever_rested_waits_for_nobody_in_line(crowd: ThreadPoolExecutor) -> None:
    line = Line()
    line.turn()
    flood = [crowd.submit(line.hasty_turn) for _ in range(30)]

    for _ in range(10):
        crowd.submit(line.at_once).result(SOON).over.set()

    line._last.over.set()
    let_all_pass(flood)


@pytest.mark.usefixtures("patient")
def test_the_next_in_line_lets_those_pass_who_rested(crowd: ThreadPoolExecutor) -> None:
    line = Line()
    line.turn().over.set()
    rested = line.at_once()
    newcomer = crowd.submit(line.turn)
    assert all_wait(newcomer)

    rested.over.set()

    newcomer.result(SOON)


@pytest.mark.usefixtures("patient")
def test_of_those_who_rested_a_few_are_served_at_a_time(crowd: ThreadPoolExecutor) -> None:
    line = Line()
    first = [line.at_once() for _ in range(pace.AT_ONCE)]
    another = crowd.submit(line.at_once)
    assert all_wait(another)

    first[0].over.set()

    another.result(SOON)


@pytest.mark.parametrize("ask", [Line.turn, Line.hasty_turn])
def test_a_turn_that_was_left_without_a_word_holds_nobody_up(
    ask: Callable[[Line], Turn], monkeypatch: pytest.MonkeyPatch, crowd: ThreadPoolExecutor
) -> None:
    monkeypatch.setattr(pace, "LEASE", 0.01)
    line = Line()
    for _ in range(2 * pace.AT_ONCE):
        crowd.submit(line.at_once).result(SOON)

    for _ in range(20):
        crowd.submit(ask, line).result(SOON)


def test_a_flood_gets_no_more_turns_than_there_is_time_for(crowd: ThreadPoolExecutor) -> None:
    line, turns = Line(), []
    end = time.perf_counter() + 0.3

    def flood() -> None:
        while time.perf_counter() < end:
            turn = line.hasty_turn()
            turns.append(turn)
            turn.over.set()

    for each in [crowd.submit(flood) for _ in range(20)]:
        each.result(SOON)

    starts = sorted(each.since for each in turns)
    assert all(later - sooner >= pace.LEAST for sooner, later in pairwise(starts))


class Told:
    """A line that notes who asks how, and lets everyone pass."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getattr__(self, way: str) -> Callable[[], Turn]:
        def turn() -> Turn:
            self.asked.append(way)
            return Turn()

        return turn


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """A new visitor's script, and the line that it stands in."""
    line, session = Told(), dict[str, object]()
    monkeypatch.setattr(pace, "LINE", line)
    monkeypatch.setattr(pace, "SCRIPT", pace.Script())
    monkeypatch.setattr(st, "session_state", session)
    return line


def test_whoever_opens_the_page_stands_in_line(told: Told) -> None:
    with pace.paced("page"):
        pass

    assert told.asked == ["turn"]


def test_whoever_looked_at_the_answer_is_answered_at_once(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "REST", 0.01)
    with pace.paced("page", MOVE):
        pass
    time.sleep(0.02)
    pace.keep_pace(MOVE)

    assert told.asked == ["turn", "at_once"]


def test_whoever_asks_again_at_once_is_in_a_hurry(told: Told) -> None:
    with pace.paced("page", MOVE):
        pass
    pace.keep_pace(MOVE)

    assert told.asked == ["turn", "hasty_turn"]


def test_whoever_breaks_their_own_script_off_is_in_a_hurry(told: Told) -> None:
    for _ in range(3):
        with pytest.raises(RuntimeError), pace.paced("page"):
            raise RuntimeError  # as Streamlit does, once there is another message

    assert told.asked == ["turn", "hasty_turn", "hasty_turn"]


def test_the_parts_that_a_move_draws_share_its_turn(told: Told) -> None:
    with pace.paced("page", MOVE, "train"):
        pass
    pace.keep_pace(MOVE)
    with pace.paced("train", MOVE):
        pass

    assert told.asked == ["turn", "hasty_turn"]
    assert pace.SCRIPT.turn.over.is_set()
