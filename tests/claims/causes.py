"""Claims about why a run ended short of good: its units, its shape, its penalties."""

from __future__ import annotations

import numpy as np
import torch

from tests.claims.truth import C, N, Numbers, P, Truth, claim, count, says, says_share


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
    # A sum near 0 can round to either side of it.
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
    """Return the lowest loss of a linear model that PyTorch's LBFGS finds from there."""
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
    l1, l2 = truth.settings.l1, l2_in_loss(truth)
    adds = l1 * np.abs(weights).sum() + l2 / 2 * (weights**2).sum()
    pull, loss = penalty(truth, weights), truth.gradient(truth.epochs)
    sizes = np.linalg.norm(pull), np.linalg.norm(loss)
    against = bool(pull @ loss < -0.85 * sizes[0] * sizes[1] < 0)
    is_near = bool(0.49 < sizes[0] / sizes[1] < 2.05)
    return says(term, adds) and bool(adds > 0.099 * truth.last) and against and is_near


def penalty(truth: Truth, weights: Numbers) -> Numbers:
    assert truth.settings.optimizer != "adamw" or not truth.settings.l2 or truth.settings.l1
    pull: Numbers = truth.settings.l1 * np.sign(weights) + l2_in_loss(truth) * weights
    return pull


def l2_in_loss(truth: Truth) -> float:
    """Return the factor of the squared weights in the loss: AdamW shrinks the weights itself."""
    return 0 if truth.settings.optimizer == "adamw" else truth.settings.l2
