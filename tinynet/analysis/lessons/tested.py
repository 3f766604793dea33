"""A lesson with a tested answer, and an experiment that tests the explanation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tinynet.links.lessons import Lesson
from tinynet.settings import Settings, set_to
from tinynet.training.run import Run


@dataclass(frozen=True, kw_only=True)
class TestedLesson(Lesson):
    """A lesson whose answer and explanation are claims about its runs.

    `holds(run, beside)` checks all that the answer says about two runs of one seed;
    `holds_without(run, beside)` checks what `experiment` says about the run without the cause, and
    about the second run if it names that run.
    """

    __test__ = False  # not a class of tests, though its name begins with "Test"

    beside: Settings
    without: Settings  # of a run without the cause
    experiment: str  # what then happens, in a sentence
    holds: Callable[[Run, Run], bool]
    holds_without: Callable[[Run, Run], bool]


def but(settings: Settings, **changes: Any) -> Settings:
    """Return settings with some values changed."""
    return set_to(settings, changes)


def r_squared(run: Run) -> float:
    """Return R² on the training rows; 0 if all targets are equal."""
    return run.r_squared or 0.0
