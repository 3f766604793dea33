"""What a diagnosis says, read as claims, each held to its run by PyTorch, or by hand in NumPy.

`false_claims(run)` reads the words from the first to the last: each statement is one of the
patterns below, and has its own check. Words that no pattern reads count as false too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from tinynet import Run
from tinynet.analysis.diagnosis import Diagnosis, Kind, is_good
from tinynet.training.engine import Engine
from tinynet.training.loop import Loop
from tinynet.training.rates import learning_rates

N = r"(-?\d+(?:\.\d+)?(?:e[+-]\d+)?|inf|nan)"  # a number
C = r"(\d[\d,]*)"  # a count
E = rf"{C} epochs?"
P = r"(less than 0\.1|\d+(?:\.\d+)?) %"
ROWS = r"((?:training |test )?)rows? (?:is|are)"
CRITERIA: dict[str, Any] = {
    "mse": nn.functional.mse_loss,
    "bce": nn.functional.binary_cross_entropy,
    "l1": nn.functional.l1_loss,
    "huber": nn.functional.huber_loss,
    "cross_entropy": nn.functional.cross_entropy,
}
Numbers = npt.NDArray[np.float64]


def count(text: str) -> int:
    return int(text.replace(",", ""))


def says(text: str, value: float) -> bool:
    """Whether a text is that number, with the digits that it has."""
    if text in ("inf", "nan"):
        return str(float(value)) == text
    is_plain = "e" not in text and "." in text
    decimals = len(text.partition(".")[2])
    off = abs(float(text) - value)
    return off <= (0.51 * 10.0**-decimals + 2e-6 * abs(value) if is_plain else 0.06 * abs(value))


def says_share(text: str, share: float) -> bool:
    if text.startswith("less"):
        return share < 0.00101
    decimals = len(text.partition(".")[2])
    return abs(float(text) - 100 * share) <= 0.51 * 10.0**-decimals + 0.002 * 100 * share


class Truth:
    """What is so of a run, from its arrays and from PyTorch alone."""

    def __init__(self, run: Run) -> None:
        self.run, self.settings = run, run.settings
        self.epochs = len(run.losses)
        self.film = run.checkpoints.epochs[run.passes.checkpoints].tolist()

    def criterion(self, y_pred: torch.Tensor, y: torch.Tensor, **options: Any) -> torch.Tensor:
        """Return PyTorch's own loss."""
        is_of_classes = self.settings.loss == "cross_entropy"
        y = y.ravel().long() if is_of_classes else y.to(y_pred.dtype)
        loss: torch.Tensor = CRITERIA[self.settings.loss](y_pred, y, **options)
        return loss

    def measured(self, predictions: Any, targets: Any) -> float:
        """Return the loss of predictions; NaN where the criterion refuses them."""
        try:
            return self.criterion(torch.tensor(predictions), torch.tensor(targets)).item()
        except RuntimeError:  # cross-entropy refuses NaN
            return float("nan")

    @cached_property
    def kept(self) -> dict[int, float]:
        """The loss of all rows, by PyTorch's own criterion, in every state that was kept."""
        states = zip(self.run.checkpoints.epochs, self.run.checkpoints.predictions, strict=True)
        return {int(each): self.measured(made, self.run.targets) for each, made in states}

    @cached_property
    def losses(self) -> dict[int, float]:
        """That of every state where all rows come at once; else of those that the film shows."""
        if self.settings.batch_size:
            return {state: self.kept[state] for state in self.film}
        printed = dict(enumerate(self.run.losses.tolist()))
        for state in printed.keys() & self.kept.keys():
            assert np.isclose(printed[state], self.kept[state], rtol=1e-5, equal_nan=True)
        return printed | {self.epochs: self.kept[self.epochs]}

    @property
    def first(self) -> float:
        """The loss before the first epoch."""
        return self.losses[0]

    @property
    def last(self) -> float:
        """The loss after the last epoch."""
        return self.losses[self.epochs]

    def since(self, epochs: int) -> list[float]:
        """The losses of the last so many epochs."""
        start = self.epochs - epochs
        assert start in self.losses
        return [loss for state, loss in sorted(self.losses.items()) if state >= start]

    def at_share(self, share: float) -> float:
        """Return the loss of the last state that is no later than a share of the epochs."""
        latest = min(round(share * self.epochs), self.epochs - 1)
        return self.losses[max(state for state in self.losses if state <= latest)]

    def answered(self, predictions: Any) -> Any:
        """The class that each row is given; by hand."""
        if self.run.task == "multiclass":
            return predictions.argmax(axis=1)
        return (predictions[:, 0] > 0.5).astype(int)

    def correct(self, which: str) -> tuple[int, int]:
        """Return how many rows are correct, and of how many."""
        predictions, targets = self._of(which)
        return int((self.answered(predictions) == targets.ravel()).sum()), len(targets)

    def r_squared(self, which: str) -> float:
        """Return R², by hand."""
        predictions, targets = (each.astype(float).ravel() for each in self._of(which))
        spread = np.sum((targets - targets.mean()) ** 2)
        return float(1 - np.sum((targets - predictions) ** 2) / spread)

    def score(self, which: str) -> float:
        """Return the share of correct rows, or R²."""
        if self.run.task == "regression":
            return self.r_squared(which)
        correct, rows = self.correct(which)
        return correct / rows

    def _of(self, which: str) -> tuple[Any, Any]:
        if which == "test":
            return self.run.test_predictions, self.run.test_targets
        return self.run.predictions, self.run.targets

    def at(self, state: int) -> Engine:
        """PyTorch's own network in one of the kept states."""
        loop = Loop(self.settings)
        loop.restore(self.run.checkpoints, self.index(state))
        return loop

    def index(self, state: int) -> int:
        """Return the place of a state among those that were kept."""
        return int(np.flatnonzero(self.run.checkpoints.epochs == state)[0])

    def gradients(self, state: int) -> list[Numbers]:
        """What autograd finds of the loss of all rows alone; in 64 bits."""
        loop = self.at(state)
        network = loop.network.double()
        for each in network.parameters():
            each.grad = None
        loss = self.criterion(network(loop.batch.inputs.double()), loop.batch.targets)
        loss.backward()  # type: ignore[no-untyped-call]
        return [
            (torch.zeros_like(each) if each.grad is None else each.grad).numpy()
            for each in network.parameters()
        ]

    def gradient(self, state: int) -> Numbers:
        """Return all of that, one after the other."""
        return np.concatenate([each.ravel() for each in self.gradients(state)])

    def weights(self, state: int) -> Numbers:
        """Return all weights and biases of a state that was kept."""
        parameters = self.run.checkpoints.parameters
        flat = [each[self.index(state)].ravel() for each in parameters]
        return np.concatenate(flat).astype(np.float64)

    def hidden(self) -> list[torch.Tensor]:
        """What each hidden layer gives for all rows in the last state."""
        made, outputs = torch.tensor(self.run.inputs), []
        modules = list(self.at(self.epochs).network)
        for module, following in zip(modules, [*modules[1:], None], strict=True):
            made = module(made)
            if not isinstance(module, nn.Linear) or isinstance(following, nn.Linear):
                outputs.append(made.detach())
        return outputs[: len(self.settings.hidden_units)]

    def loss_with(self, weights: Numbers) -> float:
        """The loss of all rows with other weights, in 64 bits."""
        loop = self.at(0)
        network = loop.network.double()
        nn.utils.vector_to_parameters(torch.tensor(weights), network.parameters())
        with torch.no_grad():
            y_pred = network(loop.batch.inputs.double())
            return self.criterion(y_pred, loop.batch.targets).item()


Check = Callable[..., bool]
CLAIMS: list[tuple[re.Pattern[str], Check]] = []


def claim(pattern: str) -> Callable[[Check], Check]:
    """Let a check read the statements of a pattern."""

    def note(check: Check) -> Check:
        CLAIMS.append((re.compile(pattern), check))
        return check

    return note


# What the loss did.


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


# What the network answers.


@claim(rf"{C} of {C} {ROWS} correct")
def counted(truth: Truth, correct: str, rows: str, which: str) -> bool:
    return whose(truth, which) and truth.correct(which.strip()) == (count(correct), count(rows))


@claim(rf"[Aa]ll {C} {ROWS} correct")
def all_correct(truth: Truth, rows: str, which: str) -> bool:
    return whose(truth, which) and truth.correct(which.strip()) == (count(rows), count(rows))


@claim(rf"[Tt]he only {ROWS} (not )?correct")
def one_row(truth: Truth, which: str, wrong: str | None) -> bool:
    return whose(truth, which) and truth.correct(which.strip()) == (0 if wrong else 1, 1)


def whose(truth: Truth, which: str) -> bool:
    return truth.run.has_test == bool(which)


@claim(rf"R² is {N} on (its|the training|the test) rows")
def r_squared(truth: Truth, value: str, which: str) -> bool:
    is_told = whose(truth, which.removeprefix("its"))
    return is_told and says(value, truth.r_squared(which.removeprefix("the ")))


CLASS = r"class (\d+)"


@claim(
    rf"It answers {CLASS} for every (training )?row: the {C} rows? of {CLASS} (?:is|are) correct, "
    r"(.*?) (?:is|are) not\."
)
def one_class(truth: Truth, *told_of: str) -> bool:
    said, which, right, same, others = told_of
    targets = truth.run.targets.ravel().astype(int)
    answers = truth.answered(truth.run.predictions)
    counts = {int(each): int((targets == each).sum()) for each in targets}
    is_one = bool((answers == int(said)).all()) and said == same and whose(truth, which or "")
    wrong = {number: rows for number, rows in counts.items() if number != int(said)}
    one_by_one = {int(n): count(rows) for rows, n in re.findall(rf"the {C} of {CLASS}", others)}
    together = re.fullmatch(rf"the {C} of the {C} other classes", others)
    told = one_by_one == wrong
    if together:
        told = (count(together[1]), count(together[2])) == (sum(wrong.values()), len(wrong))
    return is_one and bool(wrong) and told and counts.get(int(said)) == count(right)


@claim(rf"It answers {CLASS} for every (training )?row, but no row has that class\.")
def no_class(truth: Truth, said: str, which: str) -> bool:
    answers = truth.answered(truth.run.predictions)
    is_one = bool((answers == int(said)).all()) and whose(truth, which or "")
    return is_one and int(said) not in truth.run.targets.ravel().tolist()


@claim(
    rf"It answers (?:{N} for every row|nearly the same number for every row, from {N} to {N}), "
    rf"while the targets range from {N} to {N}"
)
def one_number(truth: Truth, *told: str | None) -> bool:
    same, low, high, least, most = told
    made, targets = truth.run.predictions, truth.run.targets
    low, high = low or same, high or same
    ends = says(least or "", targets.min()) and says(most or "", targets.max())
    answers = says(low or "", made.min()) and says(high or "", made.max())
    return ends and answers and bool(np.ptp(made) <= 0.0101 * np.ptp(targets))


@claim(r"It learned its training rows by heart: ")
def by_heart(truth: Truth) -> bool:
    training, test = truth.score("training"), truth.score("test")
    gap, good = (0.2, 0.9) if truth.run.task == "regression" else (0.1, 0.95)
    is_enough = min(len(truth.run.targets), len(truth.run.test_targets)) >= 5
    return is_enough and training >= good > test and training - test >= gap - 1e-9


@claim(rf"but only (?:{C} of {C} test rows|{N} on the test rows)")
def only(truth: Truth, right: str | None, rows: str | None, value: str | None) -> bool:
    if value:
        return says(value, truth.r_squared("test"))
    return bool(right and rows) and truth.correct("test") == (count(right or ""), count(rows or ""))


@claim(
    rf"The loss on the test rows was lowest (?:after {E}|before the first epoch), at {N}; it ended "
    rf"at {N}"
)
def lowest_test(truth: Truth, when: str | None, low: str, end: str) -> bool:
    last = truth.measured(truth.run.test_predictions, truth.run.test_targets)
    losses = [*truth.run.test_losses.tolist(), last]
    state = count(when or "0")
    kept = truth.run.checkpoints
    if state in kept.epochs.tolist():
        made = truth.measured(kept.test_predictions[truth.index(state)], truth.run.test_targets)
        assert np.isclose(made, losses[state], rtol=1e-5)
    return losses[state] == min(losses) and says(low, min(losses)) and says(end, last)


# Why.


@claim(rf"It has {C} weights and biases, but only {C} rows to learn from")
def weights_and_rows(truth: Truth, weights: str, rows: str) -> bool:
    numbers = sum(each.numel() for each in truth.at(0).network.parameters())
    return (numbers, len(truth.run.targets)) == (count(weights), count(rows)) and numbers > count(
        rows
    )


@claim(r"The steps were too large: the weights are no longer finite")
def weights_diverged(truth: Truth) -> bool:
    return not np.isfinite(truth.weights(truth.epochs)).all()


@claim(rf"The steps were too large: the largest weight grew from {N} to {N}")
def weights_grew(truth: Truth, first: str, last: str) -> bool:
    before, after = (np.abs(truth.weights(state)).max() for state in (0, truth.epochs))
    return says(first, before) and says(last, after) and after > 9.9 * before


@claim(
    rf"All {C} units of a hidden layer started identical and still have the same weights, so they "
    "do no more than one unit would"
)
def alike(truth: Truth, width: str) -> bool:
    layers = [made for made in truth.hidden() if made.shape[1] == count(width)]
    do_the_same = any(torch.equal(made, made[:, :1].expand_as(made)) for made in layers)
    start = list(truth.at(0).network.parameters())[:-2:2]
    began = any(bool((each == each[:1]).all()) and len(each) == count(width) > 1 for each in start)
    return do_the_same and began


@claim(
    rf"(?:All {C} units|The only unit) of (?:the hidden layer|hidden layer (\d)) (?:is|are) dead: "
    "(?:it outputs|they output) 0 for every row, so (?:its|their) weights get no gradient from the "
    "loss"
)
def dead(truth: Truth, width: str | None, layer: str | None) -> bool:
    number = int(layer or 1)
    made = truth.hidden()[number - 1]
    gradients = truth.gradients(truth.epochs)[2 * number - 2 : 2 * number]
    no_gradient = not any(each.any() for each in gradients)
    is_named = (layer is None) == (len(truth.settings.hidden_units) == 1)
    is_off = not made.any() and made.shape[1] == (count(width) if width else 1)
    return is_named and is_off and no_gradient


@claim(
    rf"{C} of the {C} units of (?:the hidden layer|hidden layer (\d)) (?:is dead: it outputs|"
    "are dead: they output) 0 for every row"
)
def partly_dead(truth: Truth, off: str, width: str, layer: str | None) -> bool:
    made = truth.hidden()[int(layer or 1) - 1]
    largest = made.abs().amax(0)
    # A sum just about 0 can round to either side of it.
    least, most = int((largest == 0).sum()), int((largest < 1e-6).sum())
    is_named = (layer is None) == (len(truth.settings.hidden_units) == 1)
    return is_named and least <= count(off) <= most and made.shape[1] == count(width)


@claim(
    rf"The sigmoid is saturated: for the (?:{C}|one) wrong rows? it answers close to 0 or 1, where "
    "its slope is almost zero, so almost no gradient comes back"
)
def saturated(truth: Truth, rows: str | None) -> bool:
    loop = truth.at(truth.epochs)
    sums = loop.network[:-1](loop.batch.inputs).detach().requires_grad_()
    y_pred = torch.sigmoid(sums)
    truth.criterion(y_pred, loop.batch.targets, reduction="sum").backward()  # type: ignore[no-untyped-call]
    wrong = (y_pred > 0.5).float() != loop.batch.targets
    assert sums.grad is not None
    at_ends = torch.minimum(y_pred, 1 - y_pred)[wrong].max().item() < 1.1e-4
    no_gradient = sums.grad[wrong].abs().max().item() < 1.1e-4
    return at_ends and no_gradient and int(wrong.sum()) == (count(rows) if rows else 1)


@claim(
    r"(Its hidden layers are linear, so|Without a hidden layer) it can only (draw a straight line|"
    "draw straight lines|add up its weighted inputs), and the loss is at its minimum"
)
def straight_line(truth: Truth, why: str, can: str) -> bool:
    settings = truth.settings
    no_layer = not settings.hidden_units
    is_linear = no_layer or settings.activation == "linear"
    if can != "add up its weighted inputs":
        x = truth.run.points
        few = x.shape[1] == (1 if truth.run.task == "regression" else 2)
        is_line = few and np.array_equal(np.sort(x, 1), np.sort(truth.run.inputs, 1))
        is_linear &= is_line and (truth.run.task == "multiclass") == ("lines" in can)
    return is_linear and no_layer == (why[0] == "W") and lowest_near(truth) > 0.995 * truth.last


def lowest_near(truth: Truth) -> float:
    """The lowest loss of one weighted sum of the inputs that PyTorch's LBFGS finds from there."""
    weights = truth.run.checkpoints.parameters
    matrix, bias = np.eye(truth.run.inputs.shape[1]), np.zeros(truth.run.inputs.shape[1])
    for weight, add in zip(weights[::2], weights[1::2], strict=True):
        matrix, bias = weight[-1] @ matrix, weight[-1] @ bias + add[-1]
    parts = [torch.tensor(each, dtype=torch.float64).requires_grad_() for each in (matrix, bias)]
    x, y = torch.tensor(truth.run.inputs).double(), torch.tensor(truth.run.targets)
    optimizer = torch.optim.LBFGS(parts, max_iter=300, line_search_fn="strong_wolfe")

    def measure() -> torch.Tensor:
        optimizer.zero_grad()
        y_pred = x @ parts[0].T + parts[1]
        loss = truth.criterion(y_pred.sigmoid() if truth.run.task == "binary" else y_pred, y)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(measure)  # type: ignore[no-untyped-call]
    return measure().item()


@claim(
    rf"The weight penalty outweighs the loss: it shrank the weights to {P} of their initial size"
)
def outweighs(truth: Truth, share: str) -> bool:
    first, last = truth.weights(0), truth.weights(truth.epochs)
    pull, loss = penalty(truth, last), truth.gradient(truth.epochs)
    kept = np.linalg.norm(last) / np.linalg.norm(first)
    is_as_strong = np.linalg.norm(pull) > 0.85 * np.linalg.norm(loss)
    return bool(says_share(share, float(kept)) and kept < 0.501 and is_as_strong)


@claim(
    rf"The weight penalty works against the loss: the penalty is {N}, and its gradient opposes the "
    "gradient of the loss"
)
def holds_up(truth: Truth, term: str) -> bool:
    weights = truth.weights(truth.epochs)
    l1, l2 = truth.settings.l1, truth.settings.l2
    adds = l1 * np.abs(weights).sum() + l2 / 2 * (weights**2).sum()
    pull, loss = penalty(truth, weights), truth.gradient(truth.epochs)
    sizes = np.linalg.norm(pull), np.linalg.norm(loss)
    against = bool(pull @ loss < -0.85 * sizes[0] * sizes[1] < 0)
    is_near = bool(0.49 < sizes[0] / sizes[1] < 2.05)
    return says(term, adds) and bool(adds > 0.099 * truth.last) and against and is_near


def penalty(truth: Truth, weights: Numbers) -> Numbers:
    assert truth.settings.optimizer != "adamw" or not truth.settings.l2 or truth.settings.l1
    l2 = 0 if truth.settings.optimizer == "adamw" else truth.settings.l2
    pull: Numbers = truth.settings.l1 * np.sign(weights) + l2 * weights
    return pull


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


@claim(rf"The steps were small: in {E} the weights moved by {P} of their size")
def small_steps(truth: Truth, epochs: str, share: str) -> bool:
    states = [truth.weights(state) for state in truth.run.checkpoints.epochs.tolist()]
    way = sum(np.linalg.norm(np.diff(pair, axis=0)) for pair in pairwise(states))
    moved = float(way / np.linalg.norm(states[0]))
    return count(epochs) == truth.epochs and says_share(share, moved) and moved < 0.101


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
    rates = learning_rates(truth.settings)  # as PyTorch's scheduler gives them
    sizes = [
        np.linalg.norm(truth.gradient(state))
        for state in (truth.film[len(truth.film) // 2], truth.film[-1])
    ]
    is_left = says_share(left, rates[-1][0] / rates[0][0]) and rates[-1][0] < 0.101 * rates[0][0]
    return is_left and says_share(long, float(sizes[1] / sizes[0])) and sizes[1] > 0.49 * sizes[0]


# What a good end means.


@claim(rf"It gets (?:all {C}|{C} of {C}) test rows right")
def test_rows(truth: Truth, every: str | None, right: str | None, rows: str | None) -> bool:
    told = (every, every) if every else (right, rows)
    return truth.correct("test") == tuple(count(each or "") for each in told)


@claim(rf"On the test rows R² is {N}")
def test_r_squared(truth: Truth, value: str) -> bool:
    return says(value, truth.r_squared("test"))


@claim(r"All test rows have the same target, so they have no R²")
def one_test_target(truth: Truth) -> bool:
    return len(truth.run.test_targets) > 0 and not np.ptp(truth.run.test_targets)


@claim(r"All rows have the same target, so there is nothing to tell apart")
def one_target(truth: Truth) -> bool:
    return not np.ptp(truth.run.targets)


@claim(r"Hold out some test rows to see whether it generalises")
def no_test(truth: Truth) -> bool:
    return not len(truth.run.test_targets) and len(truth.run.targets) >= 10


@claim(r"Many rules fit so few rows; only more rows can tell which one it learned")
def few_rows(truth: Truth) -> bool:
    return not len(truth.run.test_targets) and len(truth.run.targets) < 10


@claim(r"The inputs are pure noise, so it learned them by heart")
def noise(truth: Truth) -> bool:
    return truth.settings.data == "dummy" and truth.score("training") >= 0.95


@claim(r"How few hidden units can do that\?")
def how_few(truth: Truth) -> bool:
    return max(truth.settings.hidden_units) > 1


def claims(text: str) -> Iterator[tuple[Check | None, tuple[str, ...]]]:
    """Yield the check of each statement, and what it says; None for words that nobody reads."""
    place = 0
    while place < len(text):
        found = [(match, check) for one, check in CLAIMS if (match := one.match(text, place))]
        if not found:
            yield None, (text[place:],)
            return
        match, check = max(found, key=lambda each: each[0].end())
        yield check, match.groups()
        place = match.end()
        place += len(text[place:]) - len(text[place:].lstrip(" .;,"))


TOLD = {  # what the words of each kind must hold
    Kind.DIVERGED: "not a finite number",
    Kind.CONSTANT_ANSWER: "It answers ",
    Kind.OVERFITTED: "by heart: ",
    Kind.LEARNED: "; the loss",
    Kind.ROSE: " rose from ",
    Kind.BOUNCED: " bounced, ",
    Kind.HARDLY_MOVED: " hardly moved: ",
    Kind.STILL_FALLING: " still falling",
    Kind.ENDED_HIGHER: " ended higher",
    Kind.LEVELLED_OFF: " levelled off: ",
    Kind.FELL: " in ",
}


def false_claims(run: Run, diagnosis: Diagnosis) -> list[str]:
    """Return what a diagnosis says that is not so, or that nobody can read."""
    truth, false = Truth(run), []
    for part in (diagnosis.sentence, diagnosis.cause, diagnosis.moral):
        for check, told in claims(part):
            if not check or not check(truth, *told):
                false.append(f"{check.__name__ if check else 'unread'}: {part}")
    if TOLD[diagnosis.kind] not in diagnosis.sentence:
        false.append(f"kind {diagnosis.kind}: {diagnosis.sentence}")
    if is_good(run) != good(truth):
        false.append(f"is_good is {is_good(run)}")
    if diagnosis.cause and diagnosis.moral:
        false.append("a cause beside a moral")
    return false


def good(truth: Truth) -> bool:
    """Whether the run is good enough; by hand."""
    enough = 0.9 if truth.run.task == "regression" else 0.95
    which = "test" if len(truth.run.test_targets) >= 5 else "training"
    if truth.run.task == "regression" and not np.ptp(truth.run.test_targets[:, 0].tolist() or [0]):
        which = "training"
    if not np.isfinite([truth.run.losses[-1], truth.run.final_loss]).all():
        return False
    if truth.run.task == "regression" and not np.ptp(truth.run.targets) and which == "training":
        return False
    if truth.run.task != "regression":
        run = truth.run
        made, rows = run.predictions, run.targets
        if which == "test":
            made, rows = run.test_predictions, run.test_targets
        said = made.argmax(1) if made.shape[1] > 1 else made[:, 0] > 0.5
        if len({*said.tolist()}) == 1 < len({*rows[:, 0].tolist()}):
            return False
    return truth.score(which) >= enough
