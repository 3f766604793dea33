"""The article's loop: a network, its batch, and the five lines that train it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import nn

from tinynet.data import Batch, dummy_batch
from tinynet.devices import find_device
from tinynet.network import build_network
from tinynet.settings import Settings


class Forward(NamedTuple):
    """What an epoch's first two lines make: predictions (rows, 1) and their loss."""

    y_pred: torch.Tensor
    loss: torch.Tensor


class Loop:
    """The network, batch, criterion and optimizer of some settings, as they are before epoch 0."""

    def __init__(self, settings: Settings) -> None:
        device = torch.device(find_device(settings.device).name)
        # Drawn on the CPU in the article's order, seed, inputs, weights, and from a generator of
        # its own: PyTorch's global random state belongs to the whole process.
        generator = torch.Generator().manual_seed(settings.seed)
        batch = dummy_batch(generator)
        self.network = build_network(batch.inputs.shape[1], settings.hidden_units, generator)
        self.network.to(device)
        self.batch: Batch = batch.to(device)
        self.criterion = nn.MSELoss()
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=settings.learning_rate)
        self.zero_gradients = settings.zero_gradients

    def forward(self) -> Forward:
        """Predict and measure."""
        y_pred = self.network(self.batch.inputs)
        return Forward(y_pred, self.criterion(y_pred, self.batch.targets))

    def clear(self) -> None:
        """Clear the gradients of the epoch before, unless the settings forget to."""
        if self.zero_gradients:
            self.optimizer.zero_grad()

    def update(self, loss: torch.Tensor) -> None:
        """Clear, go backward, step."""
        self.clear()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()


@contextmanager
def as_the_article_trains() -> Iterator[None]:
    """Work in one thread, with gradients, whatever the caller's thread was set to.

    Two threads round differently than one. `get_num_threads` comes first for a reason: a thread
    that has not asked yet would take the number of whichever thread set one last, later, in the
    middle of the training.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.inference_mode(mode=False), torch.enable_grad():
            yield
    finally:
        torch.set_num_threads(threads)
