"""Stories: what the loss did, and a network that gives every row the same answer."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import numpy as np

from tinynet.analysis.diagnosis.curve import Curve
from tinynet.analysis.diagnosis.words import count_text, loss_text, share_text
from tinynet.training.run import Run

VISIBLE = 0.001  # a change of the loss that is visible in the chart: about a pixel
BOUNCE = 1.05  # a loss this many times the lowest so far has bounced, if that is visible
RISE = 0.005  # the relative increase of a loss that has risen, if that is visible
MOVEMENT = 0.05  # the relative change of a loss that has moved
# A loss is still falling if the last tenth of the epochs lowers it by this share, or contributes
# this share of the whole fall (a straight line: 0.1).
FALL, SHARE_OF_FALL = 0.01, 0.05
# A loss is falling slowly if its last half lowers it by more than FLAT, and its pace over the last
# tenth is at least this share of its pace over the last half.
FLAT, PACE_KEPT = 0.001, 0.25
SHORT = 50  # epochs; in fewer, the last half is too short to call a loss level
CONSTANT = 0.01  # of the targets' range: predictions within it are nearly the same
MOST_CLASSES = 4  # with more classes, the text does not list them


class Kind(StrEnum):
    """The kinds of stories."""

    DIVERGED = "diverged"
    CONSTANT_ANSWER = "constant answer"
    OVERFITTED = "overfitted"
    LEARNED = "learned"
    ROSE = "rose"
    BOUNCED = "bounced"
    HARDLY_MOVED = "hardly moved"
    STILL_FALLING = "still falling"
    ENDED_HIGHER = "ended higher"
    LEVELLED_OFF = "levelled off"
    FELL = "fell"


class Story(NamedTuple):
    """What the loss did, as a sentence without its full stop."""

    kind: Kind
    words: str


def divergence_text(run: Run) -> str:
    """Say when the loss of a run stopped being finite."""
    epochs = count_text(len(run.losses), "epoch")
    if not run.diverged:
        return f"After the last of {epochs} the loss is not a finite number."
    when = f"In the last of {epochs}" if len(run.losses) > 1 else "In its first epoch"
    return f"{when} the loss was not a finite number, and training stopped there."


def story_of_loss(curve: Curve) -> Story:
    """Return the first story that fits the curve."""
    return next(filter(None, (story(curve) for story in _STORIES)), None) or _fell(curve)


def from_to(curve: Curve) -> str:
    """Return the first and the last loss: "from 0.2400 to 0.1600"."""
    return f"from {loss_text(curve.losses[0])} to {loss_text(curve.losses[-1])}"


def _rose(curve: Curve) -> Story | None:
    first, last = curve.losses[[0, -1]]
    if last - first <= max(VISIBLE, RISE * first):
        return None
    return Story(Kind.ROSE, f"{curve.subject} rose {from_to(curve)}")


def _bounced(curve: Curve) -> Story | None:
    words = bounce(curve)
    end = loss_text(curve.losses[-1])
    return (
        Story(Kind.BOUNCED, f"{curve.subject} bounced, {words}, and ended at {end}")
        if words
        else None
    )


def bounce(curve: Curve) -> str:
    """Return the highest bounce (a rise and a fall) in words; "" if there is none."""
    losses = curve.losses
    before = np.minimum.accumulate(losses)
    after = np.minimum.accumulate(losses[::-1])[::-1]
    height = losses - np.maximum(before, after)  # above the lowest losses before and after it
    is_high = (losses > BOUNCE * np.maximum(before, after)) & (height > VISIBLE)
    is_high &= np.abs(losses - losses[-1]) > FALL * losses[-1]  # the bounce is not the end
    if not is_high.any():
        return ""
    place = int(np.where(is_high, losses - before, 0).argmax())
    low, high, end = map(loss_text, (before[place], losses[place], losses[-1]))
    when = count_text(int(curve.states[place]), "epoch")
    return f"from {low} up to {high} after {when}" if high not in (low, end) else ""


def _hardly_moved(curve: Curve) -> Story | None:
    first, last = curve.losses[[0, -1]]
    is_seen = loss_text(first) != loss_text(last)
    if abs(last - first) >= MOVEMENT * first and is_seen:
        return None
    share = share_text(abs(last - first) / first if first else 0.0)
    words = f"{curve.subject} hardly moved: {from_to(curve)}, a change of {share}"
    return Story(Kind.HARDLY_MOVED, words)


def _still_falling(curve: Curve) -> Story | None:
    place = curve.index_at(0.9)
    fall, slowly = curve.fall(0.9), _falls_slowly(curve)
    if not _is_trend(curve, fall) or not (_falls(curve, fall) or slowly):
        return None
    by = f"by {loss_text(fall)} over the last {_epochs_since(curve, place)}"
    adverb = "" if _falls(curve, fall) else " slowly"
    words = f"{curve.subject} fell {from_to(curve)} and was still falling{adverb} at the end, {by}"
    return Story(Kind.STILL_FALLING, words)


def _falls(curve: Curve, fall: float) -> bool:
    first, last = curve.losses[[0, -1]]
    return bool(fall > min(FALL * (last + fall), SHARE_OF_FALL * max(first - last, 0)))


def _falls_slowly(curve: Curve) -> bool:
    tenth, half = curve.index_at(0.9), curve.index_at(0.5)
    pace, pace_before = (
        (curve.losses[place] - curve.losses[-1]) / (curve.states[-1] - curve.states[place])
        for place in (tenth, half)
    )
    is_flat = curve.fall(0.5) <= FLAT * curve.losses[-1]
    return bool(not is_flat and pace >= PACE_KEPT * pace_before)


def _is_trend(curve: Curve, fall: float) -> bool:
    """Tell whether the fall over the last tenth exceeds the noise of the loss there."""
    steps = np.diff(curve.losses[curve.index_at(0.8) :])
    return fall > 2 * max(float(steps.max()), 0)


def _epochs_since(curve: Curve, place: int) -> str:
    epochs = curve.epochs - int(curve.states[place])
    return count_text(epochs, "epoch") if epochs > 1 else "epoch"


def _ended_higher(curve: Curve) -> Story | None:
    lowest = int(curve.losses.argmin())
    low, last = curve.losses[[lowest, -1]]
    if last - low <= max(VISIBLE, RISE * low):
        return None
    when = count_text(int(curve.states[lowest]), "epoch")
    words = (
        f"{curve.subject} fell from {loss_text(curve.losses[0])} to {loss_text(low)} after {when}, "
        f"but ended higher, at {loss_text(last)}"
    )
    return Story(Kind.ENDED_HIGHER, words)


def _levelled_off(curve: Curve) -> Story | None:
    place = curve.index_at(0.5)
    change = float(np.ptp(curve.losses[place:]))
    if curve.epochs < SHORT or change > FLAT * curve.losses[-1]:
        return None
    words = (
        f"{curve.subject} fell {from_to(curve)}, where it levelled off: over the last "
        f"{_epochs_since(curve, place)} it changed by less than 0.1 %"
    )
    return Story(Kind.LEVELLED_OFF, words)


_STORIES = (_rose, _bounced, _hardly_moved, _still_falling, _ended_higher, _levelled_off)


def _fell(curve: Curve) -> Story:
    first, last = curve.losses[[0, -1]]
    epochs = count_text(curve.epochs, "epoch")
    way = "fell" if last < first else "went"
    return Story(Kind.FELL, f"{curve.subject} {way} {from_to(curve)} in {epochs}")


def constant_answer(run: Run) -> str:
    """Say that every row gets the same answer although the targets differ; "" otherwise."""
    if not np.ptp(run.targets):
        return ""
    return _constant_class(run) if run.has_classes else _constant_number(run)


def _constant_class(run: Run) -> str:
    if np.ptp(run.answers):
        return ""
    answer = int(run.answers[0])
    numbers, counts = np.unique(run.targets.astype(np.int64), return_counts=True)
    rows = dict(zip(numbers.tolist(), counts.tolist(), strict=True))
    correct = rows.pop(answer, 0)
    start = f"It answers class {answer} for every {'training ' if run.has_test else ''}row"
    if not correct:
        return f"{start}, but no row has that class."
    others = [f"the {count:,} of class {number}" for number, count in rows.items()]
    if len(others) >= MOST_CLASSES:
        others = [f"the {sum(rows.values()):,} of the {len(others)} other classes"]
    are_correct = "row of class {} is" if correct == 1 else "rows of class {} are"
    wrong = " and ".join(filter(None, (", ".join(others[:-1]), others[-1])))
    are_wrong = "is" if sum(rows.values()) == 1 else "are"
    return (
        f"{start}: the {correct:,} {are_correct.format(answer)} correct, {wrong} {are_wrong} not."
    )


def _constant_number(run: Run) -> str:
    answers, targets = run.predictions, run.targets
    if np.ptp(answers) > CONSTANT * np.ptp(targets):
        return ""
    low, high = (loss_text(float(each)) for each in (answers.min(), answers.max()))
    reach = f"{loss_text(float(targets.min()))} to {loss_text(float(targets.max()))}"
    if low == high:
        return f"It answers {low} for every row, while the targets range from {reach}."
    return (
        f"It answers nearly the same number for every row, from {low} to {high}, while the targets "
        f"range from {reach}."
    )
