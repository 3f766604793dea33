"""What is redrawn: what was asked for, and what a visitor who did not wait has broken off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from tinynet.ui import redraw
from tinynet.ui.redraw import CARD, CODE, COMPARE, GUIDE, INSIDE, PARTS, SHARE, TABLE, WATCH, part


@pytest.fixture
def state() -> dict[str, object]:
    """What the session knows of a page that was drawn to its end."""
    return {redraw.COMPLETE: True}


@pytest.fixture
def redrawn(monkeypatch: pytest.MonkeyPatch, state: dict[str, object]) -> list[list[str]]:
    """What Streamlit is asked to redraw."""
    asked: list[list[str]] = []
    monkeypatch.setattr(redraw, "st", SimpleNamespace(session_state=state, rerun=asked.append))
    monkeypatch.setattr(redraw, "keep_pace", lambda _: None)
    return asked


def draw(*names: str) -> None:
    for name in names:
        with part(name):
            pass


def test_a_slider_redraws_every_part_and_a_rest_the_few_that_follow_it(
    redrawn: list[list[str]],
) -> None:
    redraw.redraw()
    draw(*PARTS)
    redraw.redraw_view()
    redraw.redraw_inside()

    assert redrawn == [list(PARTS), [SHARE, INSIDE], [INSIDE]]


def test_the_table_is_asked_for_only_where_it_stands(
    redrawn: list[list[str]], state: dict[str, object]
) -> None:
    state[redraw.TABLE_STANDS] = True
    redraw.redraw_view()
    redraw.redraw()  # its part of the page is drawn anew from here on
    redraw.redraw_view()

    assert redrawn[0] == [SHARE, INSIDE, TABLE]
    assert TABLE not in redrawn[2]


def test_what_was_broken_off_is_redrawn_with_the_next(redrawn: list[list[str]]) -> None:
    redraw.redraw()
    draw(WATCH)
    with pytest.raises(InterruptedError), part(GUIDE):
        raise InterruptedError

    redraw.redraw_inside()
    draw(GUIDE, CARD, INSIDE, COMPARE, CODE)
    redraw.redraw_inside()

    assert redrawn[1:] == [[GUIDE, CARD, INSIDE, COMPARE, CODE], [INSIDE]]


def test_a_page_that_is_not_drawn_yet_is_left_to_be_drawn(
    redrawn: list[list[str]], state: dict[str, object]
) -> None:
    state[redraw.COMPLETE] = False
    redraw.redraw()
    redraw.redraw_view()

    assert redrawn == []


@dataclass
class Sender:
    """Streamlit's side of a visit, whose loop and whose queue need so many breaths."""

    loop: int
    queue: int
    breaths: int = 0
    told: list[Callable[[], None]] = field(default_factory=list)

    @property
    def _event_loop(self) -> SimpleNamespace:
        return SimpleNamespace(call_soon_threadsafe=self.told.append)

    @property
    def _browser_queue(self) -> SimpleNamespace:
        return SimpleNamespace(is_empty=lambda: self.breaths >= self.queue)

    def breathe(self) -> None:
        """Let one breath pass."""
        self.breaths += 1
        if self.breaths == self.loop:
            self.told.pop()()


@pytest.mark.parametrize(
    ("loop", "queue", "breaths"),
    [
        (1, 1, 1),
        (1, 5, 5),  # what it knows of is not sent yet
        (5, 1, 5),  # nothing waits to be sent, but it has not heard of all yet
        (1, 10_000, redraw.MOST_BREATHS),  # nobody waits for ever
    ],
)
def test_a_script_ends_once_what_it_drew_is_sent(
    monkeypatch: pytest.MonkeyPatch, loop: int, queue: int, breaths: int
) -> None:
    sender = Sender(loop, queue)
    monkeypatch.setattr(redraw, "_session", lambda: sender)
    monkeypatch.setattr(redraw, "_breathe", sender.breathe)
    redraw.let_it_leave()

    assert sender.breaths == breaths


def test_where_nobody_listens_nothing_is_waited_for() -> None:
    redraw.let_it_leave()
