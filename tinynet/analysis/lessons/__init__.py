"""Lessons: small experiments, in the order of a course. Adding one touches one file.

tested          a lesson with a tested answer
shapes          what a network can draw: lines, features, width, depth
steps           how it learns: the rate, momentum, Adam, batches, zero_grad()
units           what happens inside: initial weights, dead units, vanishing gradients
data            what it is given: losses, imbalance, scale
generalisation  what it is worth: overfitting, early stopping, penalties, luck

Every answer is a claim about two runs, and every explanation a claim about a third, in which the
cause is taken away. `tests/test_lessons.py` checks both on some seeds,
`tests/benchmarks/lessons.py` on many; a claim that fails on some seeds says "mostly".
"""

from __future__ import annotations

from tinynet.analysis.lessons import data, generalisation, shapes, steps, units
from tinynet.analysis.lessons.tested import TestedLesson

LESSONS: dict[str, TestedLesson] = {
    **shapes.LESSONS,
    **steps.LESSONS,
    **units.LESSONS,
    **data.LESSONS,
    **generalisation.LESSONS,
}

__all__ = ["LESSONS", "TestedLesson"]
