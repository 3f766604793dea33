"""The coach: settings that fell short -> changes that were seen to help, best first.

changes  the single changes that are tried, and what a training is reckoned to cost
trial    what was tried, and what of it helps: Trial, Suggestion; twenty starts: Luck
trying   the trainings, in turns that one can stop after; to the end: suggest

Nothing is said of a change that was not trained: on the run's own seed and on four others.
"""

from __future__ import annotations

from tinynet.analysis.coach.trial import (
    MOST_OFFERED,
    STARTS,
    Luck,
    Suggestion,
    Trial,
    Tried,
    starts_of,
)
from tinynet.analysis.diagnosis.ends import End, end_of

__all__ = [
    "MOST_OFFERED",
    "STARTS",
    "End",
    "Luck",
    "Suggestion",
    "Trial",
    "Tried",
    "end_of",
    "starts_of",
]
