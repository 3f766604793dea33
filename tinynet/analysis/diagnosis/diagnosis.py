"""Run -> Diagnosis: what happened, and the cause of a bad end or the moral of a good end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinynet.analysis.diagnosis.causes import Ending, cause_of
from tinynet.analysis.diagnosis.curve import Curve, curve_of
from tinynet.analysis.diagnosis.ends import is_good
from tinynet.analysis.diagnosis.scores import Score, learned_by_heart, test_score, training_score
from tinynet.analysis.diagnosis.stories import (
    Kind,
    Story,
    bounce,
    constant_answer,
    divergence_text,
    from_to,
    story_of_loss,
)
from tinynet.analysis.diagnosis.words import count_text, loss_text, r_squared_text
from tinynet.settings import HIDDEN_UNITS
from tinynet.training.run import Run

ENOUGH = 10  # rows; with fewer rows, too few can be held out

A_TEST = "Hold out some test rows to see whether it generalises."
ONE_TARGET = "All rows have the same target, so there is nothing to tell apart."
FEW_ROWS = "Many rules fit so few rows; only more rows can tell which one it learned."
ONE_TEST_TARGET = "All test rows have the same target, so they have no R²."


@dataclass(frozen=True)
class Diagnosis:
    """What happened, and the cause of a bad end or the moral of a good end; "" for none."""

    kind: Kind
    sentence: str
    cause: str
    moral: str


def diagnose(run: Run) -> Diagnosis:
    """Diagnose a run that has ended."""
    if not np.isfinite(run.every_loss[-2:]).all():
        cause = cause_of(run, Ending(Kind.DIVERGED))
        return Diagnosis(Kind.DIVERGED, divergence_text(run), cause, "")
    curve = curve_of(run)
    loss = story_of_loss(curve)
    kind, sentence = _what_happened(run, curve, loss)
    is_well = is_good(run) or kind is Kind.LEARNED
    cause = "" if is_well else cause_of(run, Ending(kind, loss.kind, curve))
    return Diagnosis(kind, sentence, cause, _moral(run, kind) if is_well else "")


def _what_happened(run: Run, curve: Curve, loss: Story) -> tuple[Kind, str]:
    score, test = training_score(run), test_score(run)
    if constant := constant_answer(run):
        return Kind.CONSTANT_ANSWER, f"{constant} {loss.words}."
    if score and test and learned_by_heart(run):
        return Kind.OVERFITTED, _by_heart(run, score, test)
    if score and score.is_good and curve.losses[-1] < curve.losses[0]:
        return Kind.LEARNED, _learned(curve, score)
    return loss.kind, f"{loss.words}; {score.words}." if score else f"{loss.words}."


def _learned(curve: Curve, score: Score) -> str:
    up_and_down = bounce(curve)
    though = f", though it bounced on the way, {up_and_down}" if up_and_down else ""
    words = f"{score.words[0].upper()}{score.words[1:]}"
    return f"{words}; {curve.subject.lower()} fell {from_to(curve)}{though}."


def _by_heart(run: Run, training: Score, test: Score) -> str:
    only = test.words.removeprefix("R² is ").removesuffix(" are correct")
    words = f"It learned its training rows by heart: {training.words}, but only {only}."
    losses = np.nan_to_num(run.every_test_loss, nan=np.inf)
    best = int(losses.argmin())
    low, last = loss_text(losses[best]), loss_text(losses[-1])
    if low == last:
        return words
    when = f"after {count_text(best, 'epoch')}" if best else "before the first epoch"
    return f"{words} The loss on the test rows was lowest {when}, at {low}; it ended at {last}."


def _moral(run: Run, kind: Kind) -> str:
    if kind is Kind.CONSTANT_ANSWER:
        return ""
    if not np.ptp(run.targets):
        return ONE_TARGET
    score, data_set = training_score(run), run.settings.data_set
    if data_set.moral and score and score.is_good:
        has_units = max(run.settings.hidden_units, default=0) > HIDDEN_UNITS.minimum
        return data_set.moral + " How few hidden units can do that?" * has_units
    if run.has_test:
        return _on_test_rows(run)
    return A_TEST if len(run.targets) >= ENOUGH else FEW_ROWS


def _on_test_rows(run: Run) -> str:
    if run.has_classes:
        correct, rows = int(run.test_correct.sum()), len(run.test_correct)
        count = f"all {rows:,}" if correct == rows > 1 else f"{correct:,} of {rows:,}"
        return f"It gets {count} test rows right."
    if run.test_r_squared is None:
        return ONE_TEST_TARGET
    return f"On the test rows R² is {r_squared_text(run.test_r_squared)}."
