"""The article's loop: a network, its batch, and the five lines that train it."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn

from tinynet.data import Batch, dummy_batch
from tinynet.devices import find_device
from tinynet.network import build_network
from tinynet.run import Checkpoints
from tinynet.settings import Settings


class Forward(NamedTuple):
    """What an epoch's first two lines make; it stands until the next time they run."""

    hidden: list[torch.Tensor]  # (rows, hidden units) each, after ReLU
    y_pred: torch.Tensor  # (rows, 1)
    loss: torch.Tensor  # ()


class Loop:
    """The network, batch, criterion and optimizer of some settings, as they are before epoch 0."""

    autograd = True  # whether it needs PyTorch to note what it does

    def __init__(self, settings: Settings) -> None:
        device = torch.device(find_device(settings.device).name)
        # Drawn on the CPU in the article's order, seed, inputs, weights, and from a generator of
        # its own: PyTorch's global random state belongs to the whole process.
        generator = torch.Generator().manual_seed(settings.seed)
        batch = dummy_batch(generator)
        self.network = build_network(batch.inputs.shape[1], settings.hidden_units, generator)
        self.network.to(device)
        self.parameters = list(self.network.parameters())  # weight, bias, layer by layer
        self.batch: Batch = batch.to(device)
        self.criterion = nn.MSELoss()
        self.learning_rate = settings.learning_rate
        self.optimizer = torch.optim.SGD(self.parameters, lr=self.learning_rate)
        self.zero_gradients = settings.zero_gradients

    @property
    def gradients(self) -> list[torch.Tensor]:
        """What each parameter's `.grad` holds after an update."""
        return [each.grad for each in self.parameters if each.grad is not None]

    def forward(self) -> Forward:
        """Predict and measure."""
        made, hidden = self.batch.inputs, []
        for module in self.network:
            made = module(made)
            if isinstance(module, nn.ReLU):
                hidden.append(made)
        return Forward(hidden, made, self.criterion(made, self.batch.targets))

    def restore(self, kept: Checkpoints, index: int) -> None:
        """Go to a checkpoint, with the gradients that had piled up by then, if any had."""
        with torch.no_grad():
            for parameter, states in zip(self.parameters, kept.parameters, strict=True):
                parameter.copy_(torch.tensor(states[index]))
        for parameter, states in zip(self.parameters, kept.gradients, strict=False):
            standing = torch.tensor(states[index], device=parameter.device)
            parameter.grad = standing if index else None  # before the first epoch there is none

    def update(self, loss: torch.Tensor) -> None:
        """Clear the gradients of the epoch before, unless forgotten; go backward; step."""
        if self.zero_gradients:
            self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
