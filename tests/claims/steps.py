"""Claims about why a run ended short of good: its steps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tests.claims.truth import C, E, N, P, Truth, claim, count, says, says_share
from tinynet.training.rates import learning_rates


@claim(
    rf"zero_grad\(\) is missing, so gradients accumulate: after {E} the accumulated gradient was "
    rf"(over )?{N} times as long as the loss's own gradient"
)
def piled_up(truth: Truth, when: str, over: str | None, times: str) -> bool:
    state = count(when)
    accumulated = [each[truth.index(state)].ravel() for each in truth.run.checkpoints.gradients]
    own = truth.gradient(state)
    pile = np.concatenate(accumulated).astype(np.float64) + own
    pile += truth.settings.l1 * np.sign(truth.weights(state))
    ratio = float(np.linalg.norm(pile) / np.linalg.norm(own))
    is_told = ratio > 90 if over else abs(ratio - float(times)) <= 0.06 + 0.02 * ratio
    return not truth.settings.zero_gradients and is_told and ratio > 1.9


@claim(
    rf"The weights moved too far at once: between {C} and {E} they started downhill, but the loss "
    rf"rose from {N} to {N}"
)
def too_long(truth: Truth, start: str, end: str, low: str, high: str) -> bool:
    one, other = truth.weights(count(start)), truth.weights(count(end))
    before, after = truth.kept[count(start)], truth.kept[count(end)]
    begin = truth.loss_with(one)
    shares = 2.0 ** -np.arange(1, 40)
    is_lower = any(truth.loss_with(one + share * (other - one)) < begin for share in shares)
    return says(low, before) and says(high, after) and before < after and is_lower


@claim(rf"Momentum carried the weights uphill: between {C} and {E} the loss rose from {N} to {N}")
def momentum(truth: Truth, start: str, end: str, low: str, high: str) -> bool:
    way = truth.weights(count(end)) - truth.weights(count(start))
    before, after = truth.kept[count(start)], truth.kept[count(end)]
    has_momentum = truth.settings.optimizer in ("momentum", "nesterov", "adam", "adamw")
    is_up = bool(way @ truth.gradient(count(start)) > 0)
    return says(low, before) and says(high, after) and before < after and has_momentum and is_up


@claim(
    rf"The gradients vanish on their way back through {C} layers: the first layer's weights moved "
    rf"by at most {N}, the last layer's by up to {N}"
)
def faded(truth: Truth, layers: str, first: str, last: str) -> bool:
    matrices = truth.run.checkpoints.parameters[::2]
    ways = [np.abs(each[-1] - each[0]).max() for each in matrices]
    sizes = [np.abs(each).max() for each in truth.gradients(0)[::2]]
    fades = ways[0] < 0.0101 * ways[-1] and sizes[0] < 0.0101 * sizes[-1]
    return fades and len(ways) == count(layers) and says(first, ways[0]) and says(last, ways[-1])


@claim(
    rf"The steps were small at a learning rate of {N}: in {E} the weights moved by {P} of their "
    r"size"
)
def small_steps(truth: Truth, rate: str, epochs: str, share: str) -> bool:
    states = [truth.weights(state) for state in truth.run.checkpoints.epochs.tolist()]
    way = sum(np.linalg.norm(np.diff(pair, axis=0)) for pair in pairwise(states))
    moved = float(way / np.linalg.norm(states[0]))
    is_set = float(rate) == truth.settings.learning_rate and count(epochs) == truth.epochs
    return is_set and says_share(share, moved) and moved < 0.101


@claim(
    rf"The steps were small: the loss fell steadily, by {N} in the third quarter of the epochs and "
    rf"by {N} in the last"
)
def steady(truth: Truth, third: str, last: str) -> bool:
    half, quarter = truth.at_share(0.5), truth.at_share(0.75)
    is_told = says(third, half - quarter) and says(last, quarter - truth.last)
    return is_told and 0.49 < (quarter - truth.last) / (half - quarter) < 2.05


@claim(
    rf"The learning rate ran out: in the last epoch it was {P} of its initial value, while the "
    rf"gradient was still {P} as long as halfway"
)
def ran_out(truth: Truth, left: str, long: str) -> bool:
    rates = learning_rates(truth.settings)  # from PyTorch's scheduler
    sizes = [
        np.linalg.norm(truth.gradient(state))
        for state in (truth.film[len(truth.film) // 2], truth.film[-1])
    ]
    is_left = says_share(left, rates[-1][0] / rates[0][0]) and rates[-1][0] < 0.101 * rates[0][0]
    return is_left and says_share(long, float(sizes[1] / sizes[0])) and sizes[1] > 0.49 * sizes[0]
