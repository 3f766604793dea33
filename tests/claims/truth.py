"""The facts of a run, computed with PyTorch and NumPy, and how a text writes a number."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from tests.films import balanced
from tinynet import Run
from tinynet.training.engine import Engine
from tinynet.training.loop import Loop

N = r"(-?\d+(?:\.\d+)?(?:e[+-]\d+)?|inf|nan)"  # a number
C = r"(\d[\d,]*)"  # a count
E = rf"{C} epochs?"
P = r"(less than 0\.1|\d+(?:\.\d+)?) %"
ROWS = r"((?:training |test )?)rows? (?:is|are)"
CRITERIA: dict[str, Any] = {
    "mse": nn.functional.mse_loss,
    "bce": nn.functional.binary_cross_entropy,
    "balanced_bce": partial(balanced, nn.functional.binary_cross_entropy),
    "l1": nn.functional.l1_loss,
    "huber": nn.functional.huber_loss,
    "cross_entropy": nn.functional.cross_entropy,
    "balanced_cross_entropy": partial(balanced, nn.functional.cross_entropy),
}
Numbers = npt.NDArray[np.float64]


def count(text: str) -> int:
    return int(text.replace(",", ""))


def says(text: str, value: float) -> bool:
    """Tell whether a text is this number, rounded to the digits of the text."""
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
    """The facts of a run, from its arrays and from PyTorch alone."""

    def __init__(self, run: Run) -> None:
        self.run, self.settings = run, run.settings
        self.epochs = len(run.losses)
        self.film = run.checkpoints.epochs[run.passes.checkpoints].tolist()

    def criterion(self, y_pred: torch.Tensor, y: torch.Tensor, **options: Any) -> torch.Tensor:
        """Return PyTorch's own loss."""
        is_of_classes = self.run.task == "multiclass"
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
        """The loss of all rows in each kept state, by PyTorch's own criterion."""
        states = zip(self.run.checkpoints.epochs, self.run.checkpoints.predictions, strict=True)
        return {int(each): self.measured(made, self.run.targets) for each, made in states}

    @cached_property
    def losses(self) -> dict[int, float]:
        """The loss of each state; with batches, only of the states that the film shows."""
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
        """The losses of the last epochs."""
        start = self.epochs - epochs
        assert start in self.losses
        return [loss for state, loss in sorted(self.losses.items()) if state >= start]

    def at_share(self, share: float) -> float:
        """Return the loss of the last state up to a share of the epochs."""
        latest = min(round(share * self.epochs), self.epochs - 1)
        return self.losses[max(state for state in self.losses if state <= latest)]

    def answered(self, predictions: Any) -> Any:
        """Return the predicted class of each row, computed by hand."""
        if self.run.task == "multiclass":
            return predictions.argmax(axis=1)
        return (predictions[:, 0] > 0.5).astype(int)

    def correct(self, which: str) -> tuple[int, int]:
        """Return the number of correct rows, and the number of rows."""
        predictions, targets = self._of(which)
        return int((self.answered(predictions) == targets.ravel()).sum()), len(targets)

    def r_squared(self, which: str) -> float:
        """Return R², computed by hand."""
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
        """Return PyTorch's own network in one of the kept states."""
        loop = Loop(self.settings)
        loop.restore(self.run.checkpoints, self.index(state))
        return loop

    def index(self, state: int) -> int:
        """Return the index of a state among the kept states."""
        return int(np.flatnonzero(self.run.checkpoints.epochs == state)[0])

    def gradients(self, state: int) -> list[Numbers]:
        """Return autograd's gradients of the loss of all rows without penalties, in 64 bits."""
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
        """Return all gradients as one vector."""
        return np.concatenate([each.ravel() for each in self.gradients(state)])

    def weights(self, state: int) -> Numbers:
        """Return all weights and biases of a kept state."""
        parameters = self.run.checkpoints.parameters
        flat = [each[self.index(state)].ravel() for each in parameters]
        return np.concatenate(flat).astype(np.float64)

    def hidden(self) -> list[torch.Tensor]:
        """Return the outputs of each hidden layer for all rows in the last state."""
        made, outputs = torch.tensor(self.run.inputs), []
        modules = list(self.at(self.epochs).network)
        for module, following in zip(modules, [*modules[1:], None], strict=True):
            made = module(made)
            if not isinstance(module, nn.Linear) or isinstance(following, nn.Linear):
                outputs.append(made.detach())
        return outputs[: len(self.settings.hidden_units)]

    def loss_with(self, weights: Numbers) -> float:
        """Return the loss of all rows with other weights, in 64 bits."""
        loop = self.at(0)
        network = loop.network.double()
        nn.utils.vector_to_parameters(torch.tensor(weights), network.parameters())
        with torch.no_grad():
            y_pred = network(loop.batch.inputs.double())
            return self.criterion(y_pred, loop.batch.targets).item()


Check = Callable[..., bool]
CLAIMS: list[tuple[re.Pattern[str], Check]] = []


def claim(pattern: str) -> Callable[[Check], Check]:
    """Register a check for the statements that match a pattern."""

    def note(check: Check) -> Check:
        CLAIMS.append((re.compile(pattern), check))
        return check

    return note
