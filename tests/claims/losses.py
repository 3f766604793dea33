"""Claims about the course of the loss."""

from __future__ import annotations

import numpy as np

from tests.claims.truth import C, E, N, P, Truth, claim, count, says, says_share


@claim(rf"[Tt]he loss( of all rows)?(?:, measured every {C} epochs,)? ")
def subject(truth: Truth, of_all: str | None, every: str | None) -> bool:
    apart = int(np.diff(truth.film).max()) if len(truth.film) > 1 else 1
    with_batches = truth.settings.batch_size > 0
    is_told = count(every) == apart if every else apart == 1 or not with_batches
    return bool(of_all) == with_batches and is_told


@claim(rf"rose from {N} to {N}")
def rose(truth: Truth, low: str, high: str) -> bool:
    rise = truth.last - truth.first
    ends = says(low, truth.first) and says(high, truth.last)
    return ends and low != high and rise > 0.0009


@claim(rf"bounced, from {N} up to {N} after {E}, and ended at {N}")
def bounced(truth: Truth, low: str, high: str, when: str, end: str) -> bool:
    return bounce(truth, low, high, when) and says(end, truth.last) and high != end


def bounce(truth: Truth, low: str, high: str, when: str) -> bool:
    state = count(when)
    before = min(loss for each, loss in truth.losses.items() if each <= state)
    after = min(loss for each, loss in truth.losses.items() if each >= state)
    top = truth.losses[state]
    is_between = top > 1.049 * before and top > 1.049 * after
    return says(low, before) and says(high, top) and is_between


@claim(rf"hardly moved: from {N} to {N}, a change of {P}")
def hardly_moved(truth: Truth, one: str, other: str, share: str) -> bool:
    change = abs(truth.last - truth.first) / (truth.first or 1)
    ends = says(one, truth.first) and says(other, truth.last)
    is_small = change < 0.0501 or one == other
    return ends and is_small and says_share(share, change)


@claim(
    rf"fell from {N} to {N} and was still falling(?: slowly)? at the end, by {N} over the "
    rf"last (?:{C} )?epochs?"
)
def still_falling(truth: Truth, one: str, other: str, by: str, last: str) -> bool:
    tail = truth.since(count(last) if last else 1)
    ends = says(one, truth.first) and says(other, truth.last)
    ups = np.diff(tail).max(initial=0)
    falls = says(by, tail[0] - tail[-1]) and tail[0] - tail[-1] > ups and truth.last < truth.first
    return ends and falls


@claim(rf"fell from {N} to {N} after {E}, but ended higher, at {N}")
def ended_higher(truth: Truth, one: str, low: str, when: str, end: str) -> bool:
    lowest = min(truth.losses.values())
    is_lowest = truth.losses[count(when)] == lowest and says(low, lowest)
    ends = says(one, truth.first) and says(end, truth.last) and low != end
    return is_lowest and ends and lowest < truth.first


@claim(
    rf"fell from {N} to {N}, where it levelled off: over the last (?:{C} )?epochs? it changed "
    r"by less than 0\.1 %"
)
def levelled_off(truth: Truth, one: str, other: str, last: str) -> bool:
    epochs = count(last) if last else 1
    tail = truth.since(epochs)
    is_flat = np.ptp(tail) <= 0.00101 * truth.last and 2 * epochs >= truth.epochs >= 50
    return (
        says(one, truth.first) and says(other, truth.last) and truth.last < truth.first and is_flat
    )


@claim(rf"(fell|went) from {N} to {N} in {E}")
def fell(truth: Truth, way: str, one: str, other: str, epochs: str) -> bool:
    ends = says(one, truth.first) and says(other, truth.last) and one != other
    is_down = truth.last < truth.first
    is_told = is_down == (way == "fell") and count(epochs) == truth.epochs
    return ends and is_told


@claim(rf"fell from {N} to {N}(?:, though it bounced on the way, from {N} up to {N} after {E})?\.")
def learned(truth: Truth, one: str, other: str, *up: str) -> bool:
    ends = says(one, truth.first) and says(other, truth.last) and truth.last < truth.first
    return ends and (not up[0] or bounce(truth, *up))


@claim(rf"In (?:the last of {E}|its first epoch) the loss was not a finite number, and ")
def diverged(truth: Truth, epochs: str | None) -> bool:
    is_last = not np.isfinite(truth.run.losses[-1]) and np.isfinite(truth.run.losses[:-1]).all()
    return bool(is_last) and truth.epochs == (count(epochs) if epochs else 1)


@claim(r"training stopped there")
def ended_there(truth: Truth) -> bool:
    return truth.epochs <= truth.settings.epochs and truth.run.diverged


@claim(rf"After the last of {E} the loss is not a finite number")
def diverged_at_last(truth: Truth, epochs: str) -> bool:
    loss = truth.kept[truth.epochs]
    before = bool(np.isfinite(truth.run.losses).all())
    return before and not np.isfinite(loss) and count(epochs) == truth.epochs
