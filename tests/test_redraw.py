"""What is redrawn: what was asked for, and what a visitor who did not wait has broken off."""

from __future__ import annotations

from math import inf
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
    monkeypatch.setattr(redraw, "age", lambda _=None: inf)
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


@pytest.mark.parametrize(
    ("ages", "asked"),
    [
        ({None: 0.1, WATCH: 1}, [WATCH, SHARE, INSIDE]),  # it waited for one that drew the picture
        ({None: 0.1, WATCH: 5}, [SHARE, INSIDE, TABLE]),  # for one that drew something else
        ({None: 1, WATCH: 1}, [SHARE, INSIDE, TABLE]),  # for none
    ],
)
def test_a_rest_redraws_the_picture_too_where_the_browser_may_not_have_it_yet(
    monkeypatch: pytest.MonkeyPatch,
    redrawn: list[list[str]],
    state: dict[str, object],
    ages: dict[str | None, float],
    asked: list[str],
) -> None:
    """There are seconds since anything was drawn, and since the picture was."""
    state[redraw.TABLE_STANDS] = True
    monkeypatch.setattr(redraw, "age", lambda what=None: ages[what])
    redraw.redraw_view()

    assert redrawn == [asked]
