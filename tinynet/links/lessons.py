"""A lesson: a question about a state of the page, often about two runs. A link holds up to ten.

A lesson in an address is its texts, then the parameters of its state; if it has a second run, the
word "beside" and the parameters of that run follow. Strangers write the texts: the page must show
them as plain text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote_plus

from tinynet.links import address
from tinynet.links.address import LESSON, Address, Query, View, read_address, shortened, with_query
from tinynet.links.pins import Pin
from tinynet.settings import Settings, SettingsError

MOST_LESSONS = 10
LONGEST_TOGETHER = 6_000  # characters of all lessons and pins; servers accept about 8,000
TEXTS = {"title": 60, "question": 200, "look_at": 200, "answer": 300}  # characters of each
BESIDE = "beside"
SEPARATOR = "|"  # between the parts of a lesson, which never contain it
BAR = "\N{DIVIDES}"  # replaces the separator in a text, and looks like it
PLAIN = View()


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A question about one or two runs. Texts are cut to one line of limited length."""

    question: str
    settings: Settings  # of the run that the lesson opens
    beside: Settings | None = None  # of the second run
    view: View = PLAIN  # where to look; its pins are left out
    title: str = ""
    look_at: str = ""
    answer: str = ""

    def __post_init__(self) -> None:
        """Clean the texts; SettingsError without a question."""
        for name, longest in TEXTS.items():
            object.__setattr__(self, name, as_text(getattr(self, name), longest))
        object.__setattr__(self, "view", replace(self.view, pins=(), presented=False))
        if not self.question:
            raise SettingsError("A lesson needs a question.", LESSON)

    def text(self) -> str:
        """Return the encoding of the lesson for an address."""
        texts = (getattr(self, name) for name in TEXTS)
        beside = () if self.beside is None else (BESIDE, *_words(self.beside, PLAIN))
        return SEPARATOR.join((*texts, *_words(self.settings, self.view), *beside))


def as_text(text: str, longest: int) -> str:
    """Return a text on one line, without control characters, cut to a length."""
    kept = (" " if unicodedata.category(each)[0] == "C" else each for each in text)
    return " ".join("".join(kept).replace(SEPARATOR, BAR).split())[:longest].strip()


def read_lesson(text: str) -> Lesson:
    """Return the lesson that a parameter of the address encodes; SettingsError if it is invalid.

    The error quotes nothing from the texts.
    """
    parts = text.split(SEPARATOR)
    texts, words = parts[: len(TEXTS)], parts[len(TEXTS) :]
    if len(texts) < len(TEXTS):
        raise SettingsError("A lesson must be four texts and its settings.", LESSON)
    place = words.index(BESIDE) if BESIDE in words else len(words)
    first = _read_words(words[:place])
    beside = _read_words(words[place + 1 :]).settings if place < len(words) else None
    named = dict(zip(TEXTS, texts, strict=True))
    return Lesson(settings=first.settings, beside=beside, view=first.view, **named)


def read_lessons(query: Query, notices: list[str]) -> tuple[Lesson, ...]:
    """Return the lessons of an address; add a notice for each kind of invalid lesson."""
    texts = query.get(LESSON, ())
    return tuple(address.read_each(texts, MOST_LESSONS, "lesson", read_lesson, notices))


def parameters(lessons: Sequence[Lesson]) -> dict[str, list[str]]:
    """Return lessons as parameters of an address."""
    return {LESSON: [each.text() for each in lessons]} if lessons else {}


def link_to(base: str, lessons: Sequence[Lesson]) -> str:
    """Return an address that opens the first of these lessons and holds all of them."""
    settings, view = lessons[0].settings, lessons[0].view
    opened = {**shortened(settings, view), **address.beside(view)}
    return with_query(base, {**opened, **parameters(lessons)})


def have_room(lessons: Sequence[Lesson], wanted: Lesson, pins: Sequence[Pin] = ()) -> bool:
    """Return whether a link with these lessons and pins has room for another lesson."""
    texts = [each.text() for each in (*lessons, wanted)] + [each.text() for each in pins]
    together = sum(len(quote_plus(text)) for text in texts)
    return len(lessons) < MOST_LESSONS and together <= LONGEST_TOGETHER


def _words(settings: Settings, view: View) -> Iterator[str]:
    """Yield the parameters that differ from the page's defaults, each followed by its value."""
    for name, text in shortened(settings, view).items():
        yield from (name, text)
    for name, texts in address.beside(view).items():
        yield from (name, *texts)


def _read_words(words: Sequence[str]) -> Address:
    """Return the state with these parameters; SettingsError with the first notice about them."""
    names, values = words[::2], words[1::2]
    if len(names) != len(values) or len({*names}) < len(names):
        raise SettingsError("Its settings must be pairs of a name and a value.", LESSON)
    found = read_address({name: [text] for name, text in zip(names, values, strict=True)})
    if found.notices:
        raise SettingsError(found.notices[0], LESSON)
    return found
