"""The coach: settings that fell short -> changes that were seen to help, best first.

ends     how a run ended, in a number and in words; training for that alone
changes  the single changes that are tried, and what a training costs
trial    Trying, in turns that one can stop after; suggest, to the end
luck     the same settings from twenty seeds
work     work in turns

Nothing is said of a change that was not trained: on the run's own seed and on four others.
"""

from __future__ import annotations

from tinynet.coach.ends import End, end_of
from tinynet.coach.luck import STARTS, Luck, TryingLuck, cost_of_luck
from tinynet.coach.trial import Suggestion, Trial, Tried, Trying, suggest

__all__ = [
    "STARTS",
    "End",
    "Luck",
    "Suggestion",
    "Trial",
    "Tried",
    "Trying",
    "TryingLuck",
    "cost_of_luck",
    "end_of",
    "suggest",
]
