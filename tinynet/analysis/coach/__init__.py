"""The coach: settings that fall short of good -> changes that help, best first.

changes  the single changes to try, and the estimated cost of a training
trial    the results of all changes: Trial, Suggestion; of twenty starts: Luck
trying   the training itself, in turns; to the end: suggest

Every suggested change was trained on the run's own seed and on four others.
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
