"""A teacher's own lessons in a link: any state of the page, bounded texts, hostile links."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.combinations import drawn
from tinynet import Settings, SettingsError
from tinynet.links.address import View, read_address
from tinynet.links.lessons import (
    LONGEST_TOGETHER,
    MOST_LESSONS,
    TEXTS,
    Lesson,
    have_room,
    link_to,
    read_lesson,
    read_lessons,
)
from tinynet.links.maps import Axis, MapView
from tinynet.links.pins import Pin

SOME = drawn(40)
MAP = MapView(Axis("learning_rate", 0.01, 1.0), Axis("seed", 0.0, 9.0), "loss")
VIEWS = (View(), View("Look inside", 3), View("Compare", map=MAP), View("Code"))
PLAIN = Lesson(question="What happens?", settings=Settings())


def opened(link: str) -> tuple[tuple[Lesson, ...], list[str]]:
    """Return the lessons of a link, and all that the page says about the link."""
    query = parse_qs(urlsplit(link).query, keep_blank_values=True)
    notices = [*read_address(query).notices]
    return read_lessons(query, notices), notices


@pytest.mark.parametrize("place", range(0, len(SOME), 4))
def test_a_link_opens_on_the_first_of_its_lessons_and_gives_all_of_them_back(place: int) -> None:
    first, second, third, fourth = (replace(each, epochs=20) for each in SOME[place : place + 4])
    view = VIEWS[place // 4 % len(VIEWS)]
    lessons = (
        Lesson(
            title="Größe & Form",
            question="Wohin führt 50 % + <b>x</b>=1? 学习率 #1",
            look_at="`loss`",
            answer="~ $x$, beside; a=1&b=2",
            settings=first,
            beside=second,
            view=view,
        ),
        Lesson(question="beside", settings=third),
        Lesson(question="And the article?", settings=fourth, beside=Settings()),
    )
    link = link_to("http://host/", lessons)

    assert opened(link) == (lessons, [])
    address = read_address(parse_qs(urlsplit(link).query))
    assert (address.settings, address.view) == (first, view)


def test_pins_and_the_presentation_are_of_the_page_and_not_of_a_lesson() -> None:
    view = View("Code", 3, pins=(Pin(Settings()),), presented=True)

    assert replace(PLAIN, view=view).view == View("Code", 3)


def test_every_text_is_one_line_without_control_characters_and_bounded() -> None:
    hostile = "a\u202eb\x00c\n\td\u2028e|f" + "z" * 1_000
    texts: dict[str, Any] = dict.fromkeys(TEXTS, hostile)
    lesson = Lesson(settings=Settings(), **texts)

    for name, longest in TEXTS.items():
        text = getattr(lesson, name)
        assert text == ("a b c d e∣f" + "z" * 1_000)[:longest]
    assert read_lesson(lesson.text()) == lesson
    assert (TEXTS["question"], TEXTS["answer"]) == (200, 300)


@pytest.mark.parametrize("question", ["", " \n ", "\x00\u202e"])
def test_a_lesson_without_a_question_is_refused(question: str) -> None:
    with pytest.raises(SettingsError, match="needs a question"):
        Lesson(question=question, settings=Settings())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "four texts"),
        ("a|b|c", "four texts"),
        ("a||c|d", "needs a question"),
        ("a|b|c|d|lr", "pairs"),
        ("a|b|c|d|lr|1|lr|2", "pairs"),
        ("a|b|c|d|lr|<script>", "Learning rate: the link says something unreadable"),
        ("a|b|c|d|evil|1", "unknown parameters"),
        ("a|b|c|d|beside|beside", "pairs"),
        ("a|b|c|d|tab|evil", "unknown tab"),
        ("a|b|c|d|epoch|999", "an epoch that does not exist"),
        ("a|b|c|d|map|lr~1", "an invalid map"),
        ("a|b|c|d|data|file.x.9.0123456789abcdef.0.2.binary", "a file that is not here"),
    ],
)
def test_an_invalid_lesson_gets_a_sentence_and_the_others_stay(text: str, reason: str) -> None:
    notices: list[str] = []

    assert read_lessons({"lesson": [text, PLAIN.text()]}, notices) == (PLAIN,)
    (notice,) = notices
    assert notice.startswith("The link has an invalid lesson. ")
    assert reason in notice
    assert "<" not in notice


def test_a_link_has_ten_lessons_at_most() -> None:
    notices: list[str] = []

    assert len(read_lessons({"lesson": [PLAIN.text()] * 5_000}, notices)) == MOST_LESSONS == 10
    assert notices == ["The link has more than 10 lessons; only the first 10 are shown."]
    assert have_room([PLAIN] * 9, PLAIN)
    assert not have_room([PLAIN] * 10, PLAIN)


def test_room_is_counted_as_the_address_spells_it() -> None:
    long = replace(PLAIN, question="学" * 200, answer="习" * 300)  # nine characters each
    fitting: list[Lesson] = []
    while have_room(fitting, long):
        fitting.append(long)

    assert 1 <= len(fitting) < MOST_LESSONS
    assert len(link_to("", fitting)) <= LONGEST_TOGETHER + 100
    assert not have_room([long], PLAIN, [Pin(Settings(), "学" * 30)] * 7)


def test_a_link_without_lessons_has_none_and_says_nothing() -> None:
    notices: list[str] = []

    assert read_lessons({"data": ["moons"]}, notices) == ()
    assert notices == []
