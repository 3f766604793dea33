"""Engine: what the script has before its loop, and what any way to run that loop must do."""

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
Look = Callable[["Forward"], None]  # at what was made, before the parameters move


class Forward(NamedTuple):
    """What an epoch's first two lines make; it stands until the next time they run."""

    hidden: Tensors  # (rows, hidden units) each, after the activation
    y_pred: torch.Tensor  # (rows, outputs)
    loss: torch.Tensor  # ()


class State(NamedTuple):
    """All that the loop needs to go on from where it is."""

    updates: int  # made so far
    parameters: Tensors  # weight, bias, layer by layer
    gradients: Tensors  # what every .grad holds
    memory: Tensors  # the optimizer's: all tensors of one name, then of the next
    generator: torch.Tensor | None  # where the shuffles go on; None without any


class Engine(ABC):
    """The network, rows and rates of some settings, as they are before epoch 0."""

    autograd: ClassVar[bool]  # whether it needs PyTorch to note what it does
    parameters: Tensors  # weight, bias, layer by layer

    def __init__(self, settings: Settings) -> None:
        device = torch.device(find_device(settings.device).name)
        # Drawn on the CPU in the order of the script: data, split, weights, shuffles; and from a
        # generator of its own: PyTorch's global random state belongs to the whole process.
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
        """The learning rates of the next update: one, or another for the last layer."""
        if len(self._rates) == 1:  # asked at every update: what needs no sum has none
            return self._rates[0]
        epoch = self.updates // self.updates_per_epoch
        return self._rates[min(epoch, len(self._rates) - 1)]

    @property
    @abstractmethod
    def gradients(self) -> Tensors:
        """What each parameter's `.grad` holds after an update; empty before the first."""

    @property
    @abstractmethod
    def memory(self) -> Tensors:
        """What the optimizer remembers, zeros before the first update."""

    @property
    def nbytes(self) -> int:
        """The size of the memory that it works in, in bytes."""
        data, both = self.data, (self.batch, self.test)
        tensors = (data.points, data.test_points, *self.parameters, *self.gradients, *self.memory)
        rows = (tensor for each in both for tensor in (each.inputs, each.targets))
        return sum(each.nbytes for each in (*tensors, *rows))

    @abstractmethod
    def forward(self, batch: Batch | None = None) -> Forward:
        """Predict and measure a batch; None is all training rows."""

    @abstractmethod
    def backward(self, loss: torch.Tensor) -> None:
        """Clear the gradients, unless that is forgotten; go backward from the last loss made."""

    @abstractmethod
    def step(self) -> None:
        """Clip the gradients, where that is asked for, and move the parameters."""

    @abstractmethod
    def load_state(self, state: State) -> None:
        """Go to a state, whichever engine has been there."""

    @abstractmethod
    def load_gradients(self, gradients: Tensors) -> None:
        """Let every `.grad` hold this; nothing where there is none."""

    def update(self, loss: torch.Tensor, look: Callable[[], None] | None = None) -> None:
        """Go backward from the last loss made, let somebody look, and move the parameters."""
        self.backward(loss)
        if look:
            look()
        self.step()
        self.updates += 1

    def show(self, look: Look) -> None:
        """Go forward and backward on all rows, and let somebody look at what that makes.

        The gradients are then those that were there before.
        """
        before = [each.clone() for each in self.gradients]
        made = self.forward()
        self.backward(made.loss)
        look(made)
        self.load_gradients(before)

    def shuffled(self) -> Iterable[torch.Tensor]:
        """Return the rows of each of an epoch's batches: another throw of the dice."""
        if not self.settings.batch_size:
            return (torch.arange(len(self.batch)),)
        order = torch.randperm(len(self.batch), generator=self._generator)
        batches: tuple[torch.Tensor, ...] = torch.split(order, self.settings.batch_size)
        return batches

    def take(self, rows: torch.Tensor) -> Batch:
        """Return a batch of the training rows; it stands until the next of its size."""
        return self.batch.take(rows)

    def train_one_epoch(self, look: Look | None = None) -> torch.Tensor:
        """Update on all rows, or on each batch; return the loss that the script prints.

        Somebody may look at what all rows make first.
        """
        if self.settings.batch_size:
            if look:
                self.show(look)
            return self._train_on_batches()
        made = self.forward()
        self.update(made.loss, partial(look, made) if look else None)
        return made.loss.detach()

    def _train_on_batches(self) -> torch.Tensor:
        """Update on each batch of an epoch; return the mean of the losses, as the script does."""
        total = self.batch.inputs.new_zeros(())
        for rows in self.shuffled():
            loss = self.forward(self.take(rows)).loss
            self.update(loss)
            total = total + loss.detach() * len(rows)
        return total / len(self.batch)

    def state(self) -> State:
        """Return the present state; its tensors go on changing."""
        generator = self._generator.get_state() if self.settings.batch_size else None
        gradients = self.gradients if self.updates else []
        return State(self.updates, self.parameters, gradients, self.memory, generator)

    def restore(self, kept: Checkpoints, index: int) -> None:
        """Go to a checkpoint."""
        generator = torch.tensor(kept.generator[index]) if self.settings.batch_size else None
        updates = int(kept.epochs[index]) * self.updates_per_epoch
        parameters, gradients, memory = (
            [torch.tensor(each[index]) for each in states]
            for states in (kept.parameters, kept.gradients if updates else (), kept.memory)
        )
        self.load_state(State(updates, parameters, gradients, memory, generator))

    def _load_what_all_have(self, state: State) -> None:
        self.updates = state.updates
        with torch.no_grad():
            for parameter, value in zip(self.parameters, state.parameters, strict=True):
                parameter.copy_(value)
        if state.generator is not None:
            self._generator.set_state(state.generator)


def measured(
    criterion: Callable[[Any, Any], torch.Tensor], y_pred: torch.Tensor, y: torch.Tensor
) -> torch.Tensor:
    """Return the loss of predictions; NaN of those that the criterion refuses, as BCELoss does NaN.

    The script ends there, with an error; the run ends at that loss.
    """
    try:
        return criterion(y_pred, y)
    except RuntimeError:
        if y_pred.isfinite().all():
            raise
        return y_pred.sum() * float("nan")
