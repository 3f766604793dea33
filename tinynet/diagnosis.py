"""What happened in a run, in plain words, and what to try next.

Every sentence is a claim about runs; `tests/benchmarks/hints.py` tries them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from tinynet.hints import (
    BOLDEST_RATE,
    PAST_THE_LOW_POINTS,
    Hint,
    further_reach,
    gentler_rate,
    gentler_way,
    is_the_articles,
    more_epochs,
    more_units,
    rate_in_reach,
)
from tinynet.run import FloatArray, Run, a_layer_is_off
from tinynet.settings import EPOCHS, HIDDEN_UNITS, INITIALISATION, SCHEDULE, Settings, number_text

SMALLEST, LARGEST = 0.001, 1e6  # losses that four digits behind the point can tell
VISIBLE = 0.001  # a change of the loss that the chart can show: about a pixel
BOUNCE = 1.05  # a loss this many times the lowest so far has bounced, if one can see it
MOVEMENT = 0.05  # the share of its first value that a loss must change by to have moved
FALL = 0.01  # the share that a loss must lose over the last tenth to be still falling,
SHARE_OF_FALL = 0.05  # or the last tenth's share of the whole fall: in a straight line, 0.1
SHORT = 50  # epochs; in fewer, the last tenth is too short to say that a loss has levelled off
FEW = 5  # rows, of which nothing can be told
ENOUGH = 10  # rows, of which some can be kept for a test
FADED = 0.01  # the share of the last layer's way below which the first one's gradients have faded
EXACT = 0.99  # R² from which on a regression has learned its rows

PILED_UP = "Without zero_grad() the gradients of all updates so far pile up."
PENALTY = "The penalty on the weights works against the loss."
A_TEST = "Keep some rows for a test, to see whether it learned a rule or these rows."
ONE_TARGET = "All its rows have the same target: there is nothing to tell apart."
ONE_TEST_TARGET = "All test rows have the same target: of so few R² says nothing."
FEW_ROWS = "Many rules fit so few rows: which one it learned, more rows would tell."
NO_BRAKE = "Without zero_grad() the gradients of all epochs pile up, like momentum without a brake."


class Kind(StrEnum):
    """The stories a loss curve can tell."""

    BROKE = "broke"
    ALIKE = "alike"
    DEAD = "dead"
    OVERFITTED = "overfitted"
    LEARNED = "learned"
    SATURATED = "saturated"
    ROSE = "rose"
    BOUNCED = "bounced"
    FADED = "faded"
    HARDLY_MOVED = "hardly moved"
    STILL_FALLING = "still falling"
    TURNED = "turned"
    SHORT = "short"
    LEVELLED_OFF = "levelled off"


@dataclass(frozen=True)
class Diagnosis:
    """What happened, a hint what to try, and the settings that the hint means, if it means any.

    The page shows the hint's words; a notebook can train the settings.
    """

    kind: Kind
    sentence: str
    hint: str
    next_settings: Settings | None = None


def diagnose(run: Run) -> Diagnosis:
    """Return the first story that fits the run."""
    diagnosis = next(filter(None, (story(run) for story in _STORIES)), None) or _levelled_off(run)
    return diagnosis if run.settings.zero_gradients else _without_zero_grad(run, diagnosis)


def _told(run: Run, kind: Kind, sentence: str, hint: Hint) -> Diagnosis:
    penalised = run.settings.l1 or run.settings.l2
    if penalised and kind not in (Kind.BROKE, Kind.DEAD, Kind.SATURATED):
        hint = Hint(PENALTY)
    return Diagnosis(kind, sentence, hint.words, hint.settings)


def loss_text(loss: float) -> str:
    """Return a loss with the digits that a reader can use: 0.2401, 0.000012, 4.7e+16."""
    is_plain = not np.isfinite(loss) or SMALLEST <= abs(loss) < LARGEST
    return f"{loss:.4f}" if is_plain else f"{loss:.2g}"


def _broke(run: Run) -> Diagnosis | None:
    if np.isfinite(run.every_loss[-2:]).all():
        return None
    epoch = len(run.losses) - 1
    sentence = (
        f"At epoch {epoch:,} the loss stopped being a number, and the training ended there."
        if run.broke
        else "After the last update the loss is no number any more."
    )
    return _told(run, Kind.BROKE, sentence, gentler_rate(run.settings))


def _dead(run: Run) -> Diagnosis | None:
    if run.settings.l1 or np.ptp(run.predictions, axis=0).any() or not a_layer_is_off(run):
        return None  # the penalty has a gradient too
    units = "hidden units" if len(run.settings.hidden_units) == 1 else "units of a hidden layer"
    sentence = (
        f"All {units} are off for every row: each row gets the same answer, "
        f"{_first_answer(run)}, and the gradient of their weights is 0."
    )
    reason = "Which units are off depends on the random start."
    return _told(run, Kind.DEAD, sentence, more_units(run.settings, reason))


def _first_answer(run: Run) -> str:
    return (
        f"{run.predictions[0, 0]:.4f}" if run.settings.outputs == 1 else f"class {run.answers[0]}"
    )


def _alike(run: Run) -> Diagnosis | None:
    width = _width_of_a_layer_of_equals(run)
    if not width or run.settings.initialisation == INITIALISATION.article:
        return None
    sentence = (
        f"All {width} units of a hidden layer have the same weights: they began alike, and what "
        "one learns, all learn."
    )
    drawn = replace(run.settings, initialisation=INITIALISATION.article)
    hint = "Draw the first weights at random: the units will differ."
    return Diagnosis(Kind.ALIKE, sentence, hint, drawn)


def _overfitted(run: Run) -> Diagnosis | None:
    losses, test = run.every_loss, run.every_test_loss
    if len(run.test_targets) < FEW or len(run.targets) < FEW or not np.isfinite(test).all():
        return None
    best = int(test.argmin())
    rose = test[-1] > BOUNCE * test[best] and test[-1] - test[best] > VISIBLE
    if not rose or losses[-1] >= losses[best]:
        return None
    sentence = (
        f"Since epoch {best:,} the loss on the test rows rose, from {loss_text(test[best])} to "
        f"{loss_text(test[-1])}, while the training loss fell to {loss_text(losses[-1])}: it "
        "learned its own rows by heart."
    )
    settings = run.settings
    # Who does no better than the mean on the test rows has learned nothing of use there.
    better = min(test[-1], run.loss_of_the_mean)
    stops = [stop for stop in EPOCHS.stops if stop <= best and test[stop] < better]
    if not stops or settings.schedule != SCHEDULE.article:  # which depends on the epochs
        return Diagnosis(
            Kind.OVERFITTED, sentence, "More rows, or fewer units, leave less to learn by heart."
        )
    epochs = min(stops, key=lambda stop: test[stop])
    hint = f"Stop sooner: try {epochs:,} epoch{'s' if epochs > 1 else ''}."
    return Diagnosis(Kind.OVERFITTED, sentence, hint, replace(settings, epochs=epochs))


def _learned(run: Run) -> Diagnosis | None:
    first, last = run.every_loss[[0, -1]]
    if not _has_learned(run) or last >= first:
        return None
    bounce = _bounce(run.every_loss)
    sentence = (
        f"It learned {_what_it_learned(run)}, "
        f"the loss is down from {loss_text(first)} to {loss_text(last)}"
        + (f", though it bounced on the way, {bounce}." if bounce else ".")
    )
    moral = run.settings.data_set.moral
    if moral and max(run.settings.hidden_units, default=0) > HIDDEN_UNITS.minimum:
        moral += " How few hidden units can do that?"
    return Diagnosis(Kind.LEARNED, sentence, moral or _what_that_means(run))


def _has_learned(run: Run) -> bool:
    if run.has_classes:
        return bool(run.right.all())
    return run.r_squared is not None and run.r_squared >= EXACT


def _what_it_learned(run: Run) -> str:
    if run.has_classes:
        rows = "the batch" if _sees_all_at_once(run.settings) else "its rows"
        count = len(run.right)
        return f"{rows}: " + (
            f"all {count} rows are right" if count > 1 else "its one row is right"
        )
    return f"its rows: R² is {run.r_squared:.3f}"


def _sees_all_at_once(settings: Settings) -> bool:
    return not (settings.batch_size or settings.test_rows)


def _what_that_means(run: Run) -> str:
    if not np.ptp(run.targets):
        return ONE_TARGET
    if run.has_test:
        return _on_test_rows(run)
    return A_TEST if len(run.targets) >= ENOUGH else FEW_ROWS


def _on_test_rows(run: Run) -> str:
    if run.has_classes:
        return f"Of the test rows it gets {run.test_right.sum()} of {len(run.test_right)} right."
    if run.test_r_squared is None:
        return ONE_TEST_TARGET
    return f"On the test rows R² is {run.test_r_squared:.3f}."


def _saturated(run: Run) -> Diagnosis | None:
    y_pred, y = run.predictions, run.targets
    if run.task != "classes" or run.settings.l1:  # whose gradient is never 0
        return None
    if ((y_pred - y) * y_pred * (1 - y_pred)).any():  # what backward starts from, row by row
        return None
    sentence = (
        f"Every answer is 0 or 1, {_rows_right(run)}: out there the sigmoid is flat, "
        "and every gradient is 0."
    )
    gentler = gentler_rate(run.settings)
    hint = gentler if is_the_articles(run.settings) else Hint("Smaller steps would stop before.")
    return _told(run, Kind.SATURATED, sentence, hint)


def _rose(run: Run) -> Diagnosis | None:
    first, last = run.every_loss[[0, -1]]
    if last - first <= VISIBLE:
        return None
    sentence = f"The loss rose, from {loss_text(first)} to {loss_text(last)}."
    return _told(run, Kind.ROSE, sentence, gentler_rate(run.settings))


def _bounced(run: Run) -> Diagnosis | None:
    bounce = _bounce(run.every_loss)
    if not bounce:
        return None
    sentence = (
        f"The loss bounced, {bounce}; it ended at {loss_text(run.final_loss)}, {_rows_right(run)}."
    )
    hint = gentler_way(run.settings) if _is_falling(run) else Hint(PAST_THE_LOW_POINTS)
    return _told(run, Kind.BOUNCED, sentence, hint)


def _faded(run: Run) -> Diagnosis | None:
    weights = [each[[0, -1]] for each in run.checkpoints.parameters[::2]]
    first, last = (float(np.abs(np.subtract(*weights[layer])).max()) for layer in (0, -1))
    sentence = _how_little_it_moved(run)
    if sentence is None or len(weights) <= 2 or not first < FADED * last:  # noqa: PLR2004
        return None
    if len(run.settings.rates) > 1:  # then the ways say little about the gradients
        return None
    sentence += (
        f" So did the weights of the first layer, by {loss_text(first)} at most; those of the last "
        f"moved by up to {loss_text(last)}."
    )
    hint = Hint("The gradients fade on their way back: through fewer layers more of them arrives.")
    return _told(run, Kind.FADED, sentence, hint)


def _hardly_moved(run: Run) -> Diagnosis | None:
    sentence = _how_little_it_moved(run)
    return (
        _told(run, Kind.HARDLY_MOVED, sentence, further_reach(run.settings)) if sentence else None
    )


def _how_little_it_moved(run: Run) -> str | None:
    """Say from where to where the loss hardly moved, if that is what it did."""
    first, last = run.every_loss[[0, -1]]
    if abs(last - first) >= MOVEMENT * first:
        return None
    share = abs(last - first) / first
    change = "less than 0.1 %" if share < 0.001 else f"{share:.1%}".replace("%", " %")  # noqa: PLR2004
    return (
        f"The loss hardly moved: from {loss_text(first)} to {loss_text(last)}, "
        f"a change of {change}."
    )


def _still_falling(run: Run) -> Diagnosis | None:
    if not _is_falling(run):
        return None
    losses = run.every_loss
    sentence = (
        f"The loss fell from {loss_text(losses[0])} to {loss_text(losses[-1])} "
        "and was still falling when the epochs ran out."
    )
    return _told(run, Kind.STILL_FALLING, sentence, further_reach(run.settings))


def _turned(run: Run) -> Diagnosis | None:
    losses = run.every_loss
    if _last_fall(run) >= 0 or losses[-1] - losses.min() <= VISIBLE:
        return None
    sentence = (
        f"The loss fell to {loss_text(losses.min())} at epoch {losses.argmin():,}, "
        f"and was rising when the epochs ran out, at {loss_text(losses[-1])}."
    )
    return _told(run, Kind.TURNED, sentence, gentler_way(run.settings))


def _short(run: Run) -> Diagnosis | None:
    epochs = len(run.losses)
    if epochs >= SHORT:
        return None
    first, last = run.every_loss[[0, -1]]
    sentence = (
        f"In {epochs:,} epoch{'s' * (epochs > 1)} the loss {'fell' if last < first else 'went'} "
        f"from {loss_text(first)} to {loss_text(last)}, {_rows_right(run)}."
    )
    return _told(run, Kind.SHORT, sentence, more_epochs(run.settings))


def _levelled_off(run: Run) -> Diagnosis:
    sentence = f"The loss levelled off at {loss_text(run.final_loss)}, {_rows_right(run)}."
    reason = "Where it levels off depends on the random start."
    return _told(run, Kind.LEVELLED_OFF, sentence, more_units(run.settings, reason))


_STORIES = (
    *(_broke, _alike, _dead, _overfitted, _learned, _saturated, _rose, _bounced),
    *(_faded, _hardly_moved, _still_falling, _turned, _short),
)


def _rows_right(run: Run) -> str:
    if not run.has_classes:
        return (
            "all targets being alike"
            if run.r_squared is None
            else f"with an R² of {run.r_squared:.2f}"
        )
    return f"with {int(run.right.sum())} of {len(run.right)} rows right"


def _bounce(losses: FloatArray) -> str:
    """Return the highest bounce in words; no words, no bounce."""
    lowest_so_far = np.minimum.accumulate(losses)
    climbs = losses - lowest_so_far
    if not ((losses > BOUNCE * lowest_so_far) & (climbs > VISIBLE)).any():
        return ""
    epoch = int(climbs.argmax())
    low, high = lowest_so_far[epoch], losses[epoch]
    return f"from {loss_text(low)} up to {loss_text(high)} at epoch {epoch:,}"


def _is_falling(run: Run) -> bool:
    """Tell whether the loss still fell, by more than a little, when the epochs ran out."""
    losses, fall = run.every_loss, _last_fall(run)
    return bool(fall > min(FALL * (losses[-1] + fall), SHARE_OF_FALL * (losses[0] - losses[-1])))


def _last_fall(run: Run) -> float:
    """Return how far the loss fell over the last tenth of the epochs."""
    tenth = max(1, round(len(run.losses) / 10))
    return float(run.every_loss[-1 - tenth] - run.every_loss[-1])


def _width_of_a_layer_of_equals(run: Run) -> int:
    """Return the width of the first layer whose units began and ended alike; 0 for none."""
    for weights in run.checkpoints.parameters[:-2:2]:  # (states, units, inputs) each
        first_and_last = weights[[0, -1]]
        if weights.shape[1] > 1 and (first_and_last == first_and_last[:, :1]).all():
            return int(weights.shape[1])
    return 0


def _without_zero_grad(run: Run, diagnosis: Diagnosis) -> Diagnosis:
    """Return the diagnosis with the hint that helps where zero_grad() was forgotten.

    To put it back mostly does not: on the article's batch, forgetting it is faster.
    """
    settings, kind = run.settings, diagnosis.kind
    if not is_the_articles(settings):
        return replace(diagnosis, hint=PILED_UP, next_settings=None)
    gentle = settings.learning_rate < BOLDEST_RATE
    if kind is Kind.LEARNED or (gentle and kind in (Kind.HARDLY_MOVED, Kind.STILL_FALLING)):
        return diagnosis
    went_wrong = kind in (Kind.BROKE, Kind.DEAD, Kind.SATURATED, Kind.ROSE)
    if not went_wrong or run.final_loss <= run.loss_of_the_mean:
        return replace(diagnosis, hint=NO_BRAKE, next_settings=None)
    rate = rate_in_reach(settings)
    hint = f"Put optimizer.zero_grad() back and take a learning rate of {number_text(rate)}."
    remembered = replace(settings, zero_gradients=True, learning_rate=rate)
    return replace(diagnosis, hint=hint, next_settings=remembered)
