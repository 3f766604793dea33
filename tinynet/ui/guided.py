"""Guided: the visitor's place in the first story and in the lessons, and the luck that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from tinynet.analysis.coach.trial import starts_of
from tinynet.analysis.lessons import LESSONS
from tinynet.links.lessons import Lesson
from tinynet.settings import ARTICLE, Settings
from tinynet.ui.seen import SeenRuns

STORY_STEPS = 2  # after these steps the page tells the whole story of the run


@dataclass(frozen=True)
class Guided(SeenRuns):
    """What a visitor has read and opened besides the runs: the first story, lessons and luck."""

    is_presented: bool = False
    told: int = 0  # how many steps of the first story the visitor has read
    own_lessons: tuple[Lesson, ...] = ()  # the lessons of the link, in place of the course
    lesson: str | None = None  # the lesson that was opened, until it is closed
    is_answered: bool = False  # whether the lesson's answer is open
    is_paired: bool = False  # whether both runs of a lesson are shown side by side
    luck: Settings | None = None  # the settings that are shown with other initial weights

    @property
    def story_step(self) -> int | None:
        """The step of the first story, about the article's run; None if it is not told."""
        is_first = self.settings == ARTICLE and not self.looked_at and not self.is_presented
        return self.told if is_first and self.told < STORY_STEPS else None

    def told_more(self) -> Self:
        """Read on in the first story."""
        return replace(self, told=self.told + 1)

    @property
    def lessons(self) -> Mapping[str, Lesson]:
        """The lessons by name: the lessons of the link, or the course."""
        own = enumerate(self.own_lessons, start=1)
        return {f"own {number}": each for number, each in own} or LESSONS

    @property
    def lesson_shown(self) -> str | None:
        """The name of the open lesson, if any."""
        return self.lesson if self.lesson in self.lessons else None

    @property
    def _open_lesson(self) -> Lesson | None:
        return self.lessons.get(self.lesson or "")

    @property
    def has_left_lesson(self) -> bool:
        """Whether a lesson is open, but the settings belong to neither of its runs."""
        lesson = self._open_lesson
        return lesson is not None and self.settings not in (lesson.settings, lesson.beside)

    def with_lesson_of_link(self) -> Self:
        """Open the lesson whose settings a link has, if any."""
        names = (name for name, each in self.lessons.items() if each.settings == self.settings)
        return replace(self, lesson=next(names, self.lesson))

    def without_lesson(self) -> Self:
        """Close the lesson; the settings stay."""
        return replace(self, lesson=None, is_answered=False)

    @property
    def beside(self) -> Settings | None:
        """The other run of the open lesson, if both are shown side by side."""
        lesson = self._open_lesson
        if lesson is None or not self.is_paired or self.has_left_lesson:
            return None
        return lesson.settings if self.settings == lesson.beside else lesson.beside

    def paired(self) -> Self:
        """Show both runs of a lesson side by side, or one run if both are shown."""
        return replace(self, is_paired=not self.is_paired)

    def answered(self) -> Self:
        """Open or close the lesson's answer."""
        return replace(self, is_answered=not self.is_answered)

    def with_luck(self) -> Self:
        """Show the current settings with other initial weights."""
        return replace(self, luck=self.settings)

    @property
    def luck_shown(self) -> Settings | None:
        """The settings of `luck`; None if more than the initial weights has changed since."""
        luck = self.luck
        return luck if luck and self.settings in starts_of(luck) else None
