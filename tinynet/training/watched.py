"""WatchedFilm: the film of a model that is trained in a loop of the user's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from importlib import import_module
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from tinynet.training.chain import Chain, chain_of, in_evaluation
from tinynet.training.chain_parts import Linear, Undrawable
from tinynet.training.engine import measured
from tinynet.training.film import MOST_BYTES, MOST_ROWS, Film, power_of_two
from tinynet.training.outputs import Criterion, Rows, fitting, numbers, outputs_of
from tinynet.training.record import FloatArray
from tinynet.training.shown import Shown

MOST_STATES = 200  # besides the first
MOST_PARAMETERS = 25_000  # a model with more is not drawn; a film of so many has ten states

NUMBER = 4  # bytes


class _State(NamedTuple):
    """What a film shows of a state, besides its losses."""

    parameters: FloatArray
    gradients: FloatArray
    hidden: FloatArray
    predictions: FloatArray
    score: float
    test_score: float


class WatchedFilm(Shown):
    """The film of a model in a loop of the user's own: up to 201 states, spread over the loop.

    State 0 is the model when it was first watched, and state e is the model at the e-th `record()`.
    The criterion gives losses and gradients over all rows, without dropout. A model that cannot be
    drawn has an `obstacle` that says why; its losses are recorded all the same.
    """

    def __init__(
        self,
        model: nn.Module,
        criterion: Criterion,
        rows: Rows,
        test: Rows | None,
        names: tuple[str, ...],
    ) -> None:
        self.model, self.criterion, self.rows, self.test = model, criterion, rows, test
        self.names = names
        self.chain: Chain | None = None
        self.obstacle = ""
        self._losses: list[torch.Tensor] = []
        self._test_losses: list[torch.Tensor] = []
        self._kept: dict[int, torch.Tensor] = {}  # the tensors of the chain, by state
        self._states: dict[int, _State] = {}
        self.listeners: list[Callable[[], object]] = []  # called after each record
        try:
            chain = chain_of(model, rows.x)
            self.outputs = outputs_of(chain, criterion, rows)
            self._most = _most_states(chain, len(rows.x))
            self.chain = chain
        except Undrawable as reason:
            self.obstacle = str(reason)
        self.record()

    def __repr__(self) -> str:
        """Return the widths and the loss, in one line."""
        network = "-".join(map(str, self.chain.widths)) if self.chain else "not drawn"
        loss = "loss {:.4g} -> {:.4g}".format(*self.every_loss[[0, -1]])
        name = type(self.model).__name__
        return f"<WatchedFilm of {name} ({network}): {self.epochs:,} epochs, {loss}>"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the living picture for a notebook; with anywidget, as a widget that grows."""
        data, metadata = self._widget._repr_mimebundle_() if self._widget else ({}, {})
        return data | {"text/plain": repr(self), "text/html": self._repr_html_()}, metadata

    def _display_(self) -> Any:
        """Return what marimo shows: the widget that grows, or else the picture."""
        return self._widget or import_module("marimo").Html(self._repr_html_())

    @cached_property
    def _widget(self) -> Any:
        return import_module("tinynet.export.growing").widget_of(self)

    @property
    def drawn(self) -> Chain:
        """The chain; ValueError with the obstacle if there is none."""
        if self.chain is None:
            raise ValueError(self.obstacle)
        return self.chain

    @property
    def epochs(self) -> int:
        """The number of epochs so far."""
        return len(self._losses) - 1

    @property
    def every_loss(self) -> FloatArray:
        """(epochs + 1,): the loss of every state."""
        return numbers(torch.stack(self._losses))

    @property
    def every_test_loss(self) -> FloatArray:
        """(epochs + 1,): the same for the test rows; empty without test rows."""
        return numbers(torch.stack(self._test_losses)) if self.test else np.zeros(0, np.float32)

    @property
    def parameter_count(self) -> int:
        """The number of weights and biases that are drawn."""
        pairs = pairwise(self.chain.widths) if self.chain else ()
        return sum(outputs * (inputs + 1) for inputs, outputs in pairs)

    def record(self) -> None:
        """Record the present state of the model; call this once after each epoch."""
        self._record()
        for listener in self.listeners:
            listener()

    def _record(self) -> None:
        if self.chain is None:
            with in_evaluation(self.model), torch.no_grad():
                self._measure(self.model)
            return
        chain, tensors = self.chain, [each.detach() for each in self.chain.tensors()]
        self._keep(len(self._losses), torch.cat([each.reshape(-1) for each in tensors]))
        with torch.no_grad():
            self._measure(lambda x: chain.forward(x, tensors)[-1])

    def _measure(self, model: Callable[[torch.Tensor], Any]) -> None:
        rows, test = self.rows, self.test
        self._losses.append(self._loss(model(rows.x), rows.y).detach())
        if test:
            self._test_losses.append(self._loss(model(test.x), test.y).detach())

    def _loss(self, output: Any, y: torch.Tensor) -> torch.Tensor:
        loss = measured(self.criterion, fitting(output, self.criterion, y), y)
        if loss.numel() != 1:
            raise ValueError("criterion must return one number for all rows, such as their mean.")
        return loss

    def _keep(self, state: int, tensors: torch.Tensor) -> None:
        """Keep the last state, and every n-th state, where n grows with the film, as in a run."""
        stride, before = self._stride(state), self._stride(state - 1)
        candidates = [*self._kept] if stride > before else [state - 1] * (state > 0)
        for each in candidates:
            if each % stride:
                del self._kept[each]
        self._kept[state] = tensors

    def _stride(self, state: int) -> int:
        return power_of_two(max(1, -(-state // self._most)))

    def to_film(self) -> Film:
        """Return the kept states; ValueError if the model cannot be drawn."""
        chain = self.drawn
        # The passes wait until the film is first shown, so that recording stays fast.
        with torch.inference_mode(mode=False):  # a loop may record in this mode
            self._states = {
                state: self._states.get(state) or self._passed(chain, tensors)
                for state, tensors in self._kept.items()
            }
        epochs, has_test = np.array([*self._states]), self.test is not None
        columns = zip(*self._states.values(), strict=True)
        parts = dict(zip(_State._fields, map(np.array, columns), strict=True))
        return Film(
            epochs=epochs,
            losses=self.every_loss[epochs],
            parameters=parts["parameters"],
            gradients=parts["gradients"],
            hidden=parts["hidden"],
            predictions=parts["predictions"],
            scores=parts["score"],
            test_scores=parts["test_score"][: len(epochs) * has_test],
            test_losses=self.every_test_loss[epochs[: len(epochs) * has_test]],
        )

    def _passed(self, chain: Chain, flat: torch.Tensor) -> _State:
        """Run both passes in a kept state."""
        tensors = _apart(flat, chain.tensors())
        leaves = [tensors[place].requires_grad_() for place in _places(chain)]
        rows, test = self.rows, self.test
        with torch.enable_grad():
            hidden, y_pred, output = chain.forward(rows.x, tensors)
            loss = self._loss(output, rows.y)
        gradients = torch.autograd.grad(loss, leaves, materialize_grads=True)
        shown = [rows.x.new_empty(len(rows.x), 0), *hidden]
        return _State(
            parameters=_with_biases(chain, leaves),
            gradients=_with_biases(chain, gradients),
            hidden=numbers(torch.cat([each[:MOST_ROWS] for each in shown], dim=1)),
            predictions=numbers(self.outputs.predictions(y_pred[:MOST_ROWS]).reshape(-1)),
            score=self._score(rows, y_pred),
            test_score=self._score(test, chain.forward(test.x, tensors)[1]) if test else 0.0,
        )

    def _score(self, rows: Rows, y_pred: torch.Tensor) -> float:
        return self.outputs.score(numbers(self.outputs.predictions(y_pred)), rows.targets)


def _most_states(chain: Chain, rows: int) -> int:
    """Return how many states, besides the first, fit into a film, as in a run's film."""
    parameters = sum(out * (inputs + 1) for inputs, out in pairwise(chain.widths))
    if parameters > MOST_PARAMETERS:
        most = f"{MOST_PARAMETERS:,} can be drawn"
        raise Undrawable(f"It has {parameters:,} weights and biases, of which at most {most}.")
    of_a_state = 1 + 2 * parameters + min(rows, MOST_ROWS) * sum(chain.widths[1:])
    return min(MOST_STATES, MOST_BYTES // (NUMBER * of_a_state) - 1)


def _apart(flat: torch.Tensor, like: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """Return copies of the tensors in one flat tensor, each aligned as PyTorch aligns tensors."""
    pieces = torch.split(flat, [each.numel() for each in like])
    return [piece.reshape(each.shape).clone() for piece, each in zip(pieces, like, strict=True)]


def _places(chain: Chain) -> Iterator[int]:
    """Yield the places of the linear layers' tensors among the tensors of the chain."""
    place = 0
    for part in chain.parts:
        count = len(part.tensors())
        if isinstance(part, Linear):
            yield from range(place, place + count)
        place += count


def _with_biases(chain: Chain, tensors: Sequence[torch.Tensor]) -> FloatArray:
    """Return the numbers of all linear layers, with zeros for the biases that are left out."""
    given, found = iter(tensors), []
    for linear in chain.linears:
        found.append(next(given))
        found.append(found[-1].new_zeros(len(found[-1])) if linear.bias is None else next(given))
    return numbers(torch.cat([each.reshape(-1) for each in found]))
