"""Engine: the base of the loops, with everything that the script creates before its loop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar, NamedTuple

import torch

from tinynet.settings import Settings
from tinynet.training.data import Batch, draw_data
from tinynet.training.devices import find_device
from tinynet.training.network import build_network
from tinynet.training.rates import Rates, learning_rates
from tinynet.training.run import Checkpoints

Tensors = list[torch.Tensor]
Look = Callable[["Forward"], None]  # called with a forward pass, before the update


class Forward(NamedTuple):
    """The result of a forward pass; the next pass may overwrite it."""

    hidden: Tensors  # (rows, hidden units) each, after the activation
    y_pred: torch.Tensor  # (rows, outputs)
    loss: torch.Tensor  # ()


class State(NamedTuple):
    """Everything that the loop needs to continue."""

    updates: int  # the number of updates so far
    parameters: Tensors  # weight, bias, layer by layer
    gradients: Tensors  # the content of every .grad
    memory: Tensors  # of the optimizer, name by name
    generator: torch.Tensor | None  # state of the shuffles' generator; None for full batches


class Engine(ABC):
    """The network, rows and learning rates of some settings, before epoch 0."""

    autograd: ClassVar[bool]  # whether it needs PyTorch to record a graph
    parameters: Tensors  # weight, bias, layer by layer

    def __init__(self, settings: Settings) -> None:
        device = torch.device(find_device(settings.device).name)
        # Draw on the CPU in the script's order: data, split, weights, shuffles. Use a generator of
        # our own, since PyTorch's global random state belongs to the whole process.
        self._generator = torch.Generator().manual_seed(settings.seed)
        self.settings = settings
        self.data = draw_data(settings, self._generator)
        self.network = build_network(settings, self._generator).to(device)
        self.batch, self.test = self.data.training.to(device), self.data.test.to(device)
        self.updates = 0
        self._rates = learning_rates(settings)
        self.updates_per_epoch = -(-len(self.batch) // (settings.batch_size or len(self.batch)))

    @property
    def rates(self) -> Rates:
        """The learning rates of the next update: one rate, or two if the last layer has its own."""
        if len(self._rates) == 1:  # a shortcut, since every update reads this
            return self._rates[0]
        epoch = self.updates // self.updates_per_epoch
        return self._rates[min(epoch, len(self._rates) - 1)]

    @property
    @abstractmethod
    def gradients(self) -> Tensors:
        """The `.grad` of each parameter after an update; empty before the first update."""

    @property
    @abstractmethod
    def memory(self) -> Tensors:
        """The state of the optimizer; zeros before the first update."""

    @property
    def nbytes(self) -> int:
        """The size of its tensors in bytes."""
        data, batches = self.data, (self.batch, self.test)
        tensors = (data.points, data.test_points, *self.parameters, *self.gradients, *self.memory)
        rows = (tensor for each in batches for tensor in (each.inputs, each.targets))
        return sum(each.nbytes for each in (*tensors, *rows))

    @abstractmethod
    def forward(self, batch: Batch | None = None) -> Forward:
        """Compute predictions and loss of a batch; None means all training rows."""

    @abstractmethod
    def backward(self, loss: torch.Tensor) -> None:
        """Clear the gradients, unless zero_grad() is left out, and run the backward pass."""

    @abstractmethod
    def step(self) -> None:
        """Clip the gradients if the settings say so, and update the parameters."""

    @abstractmethod
    def load_state(self, state: State) -> None:
        """Continue from a state, which another engine may have reached."""

    @abstractmethod
    def load_gradients(self, gradients: Tensors) -> None:
        """Set every `.grad`; clear it where there is no gradient."""

    def update(self, loss: torch.Tensor, look: Callable[[], None] | None = None) -> None:
        """Run the backward pass, call `look`, and update the parameters."""
        self.backward(loss)
        if look:
            look()
        self.step()
        self.updates += 1

    def show(self, look: Look) -> None:
        """Run both passes on all rows, call `look`, and restore the gradients."""
        before = [each.clone() for each in self.gradients]
        result = self.forward()
        self.backward(result.loss)
        look(result)
        self.load_gradients(before)

    def shuffled(self) -> Iterable[torch.Tensor]:
        """Draw the order of an epoch's rows; return the indices of each batch."""
        if not self.settings.batch_size:
            return (torch.arange(len(self.batch)),)
        order = torch.randperm(len(self.batch), generator=self._generator)
        batches: tuple[torch.Tensor, ...] = torch.split(order, self.settings.batch_size)
        return batches

    def take(self, rows: torch.Tensor) -> Batch:
        """Return a batch of the training rows; the next batch of its size may overwrite it."""
        return self.batch.take(rows)

    def train_one_epoch(self, look: Look | None = None) -> torch.Tensor:
        """Update on all rows, or on each batch; return the loss that the script prints.

        `look` is called with a forward pass of all rows, after the backward pass.
        """
        if self.settings.batch_size:
            if look:
                self.show(look)
            return self._train_on_batches()
        result = self.forward()
        self.update(result.loss, partial(look, result) if look else None)
        return result.loss.detach()

    def _train_on_batches(self) -> torch.Tensor:
        """Update on each batch of an epoch; return the mean loss, as the script computes it."""
        total = self.batch.inputs.new_zeros(())
        for rows in self.shuffled():
            loss = self.forward(self.take(rows)).loss
            self.update(loss)
            total = total + loss.detach() * len(rows)
        return total / len(self.batch)

    def state(self) -> State:
        """Return the present state; training changes its tensors."""
        generator = self._generator.get_state() if self.settings.batch_size else None
        gradients = self.gradients if self.updates else []
        return State(self.updates, self.parameters, gradients, self.memory, generator)

    def restore(self, kept: Checkpoints, index: int) -> None:
        """Continue from a checkpoint."""
        generator = torch.tensor(kept.generator[index]) if self.settings.batch_size else None
        updates = int(kept.epochs[index]) * self.updates_per_epoch
        parameters, gradients, memory = (
            [torch.tensor(each[index]) for each in states]
            for states in (kept.parameters, kept.gradients if updates else (), kept.memory)
        )
        self.load_state(State(updates, parameters, gradients, memory, generator))

    def _load_common(self, state: State) -> None:
        self.updates = state.updates
        with torch.no_grad():
            for parameter, value in zip(self.parameters, state.parameters, strict=True):
                parameter.copy_(value)
        if state.generator is not None:
            self._generator.set_state(state.generator)


def measured(
    criterion: Callable[[Any, Any], torch.Tensor], y_pred: torch.Tensor, y: torch.Tensor
) -> torch.Tensor:
    """Return the loss, or NaN for predictions that the criterion refuses, as BCELoss refuses NaN.

    The script ends there with an error; the run ends with that loss.
    """
    try:
        return criterion(y_pred, y)
    except RuntimeError:
        if y_pred.isfinite().all():
            raise
        return y_pred.sum() * float("nan")
