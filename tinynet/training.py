"""Settings -> Run, an epoch at a time: the article's loop, in turns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import torch
from torch import nn

from tinynet.data import dummy_batch
from tinynet.devices import find_device, processor
from tinynet.network import build_network
from tinynet.run import Checkpoints, Run
from tinynet.settings import Settings

MOST_CHECKPOINTS = 200  # beside the first state


def train(settings: Settings) -> Run:
    """Train the network of these settings to the end.

    On the CPU the losses are, bit for bit, those of the article's loop after
    `torch.set_num_threads(1)` and `torch.manual_seed(seed)`. DeviceUnavailable if this machine
    lacks the device.
    """
    training = Training(settings)
    while not training.finished:
        training.advance(seconds=1)
    return training.to_run()


class Training:
    """A training in progress; `advance` it from any thread, one at a time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.epoch = 0  # updates made so far
        self.seconds = 0.0
        self.finished = False
        device = torch.device(find_device(settings.device).name)
        with as_the_article_trains():
            self._set_up(device)

    def _set_up(self, device: torch.device) -> None:
        settings = self.settings
        # Drawn on the CPU in the article's order, seed, inputs, weights, and from a generator of
        # its own: PyTorch's global random state belongs to the whole process.
        generator = torch.Generator().manual_seed(settings.seed)
        batch = dummy_batch(generator)
        self.network = build_network(batch.inputs.shape[1], settings.hidden_units, generator)
        self.network.to(device)
        self.batch = batch.to(device)
        self.criterion = nn.MSELoss()
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=settings.learning_rate)
        self._losses = torch.empty(settings.epochs, dtype=torch.float32, device=device)
        self._history = _History(self.network, self.batch.targets, settings.epochs)

    @property
    def nbytes(self) -> int:
        """The size of what it holds, in bytes; that of its Run is about the same."""
        return self._losses.nbytes + self._history.nbytes

    def advance(self, seconds: float) -> None:
        """Train on until that much time has gone by, or to the end."""
        start, first = perf_counter(), self.epoch
        with as_the_article_trains():
            while self.epoch < self.settings.epochs and perf_counter() - start < seconds:
                self._train_one_epoch()
            self._look_at_losses(first)
        self.seconds += perf_counter() - start

    def to_run(self) -> Run:
        """Return what the finished training leaves behind."""
        assert self.finished, "A training has no Run before its end."  # noqa: S101
        with as_the_article_trains(), torch.no_grad():
            predictions = self.network(self.batch.inputs)
            final_loss = self.criterion(predictions, self.batch.targets)
        self._history.close(self.epoch, predictions)
        return Run(
            settings=self.settings,
            inputs=self.batch.inputs.cpu().numpy(),
            targets=self.batch.targets.cpu().numpy(),
            losses=self._losses[: self.epoch].cpu().numpy(),
            final_loss=final_loss.item(),
            predictions=predictions.cpu().numpy(),
            checkpoints=self._history.to_checkpoints(),
            seconds=self.seconds,
            device=self.settings.device,
            torch_version=torch.__version__,
            processor=processor(),
        )

    def _train_one_epoch(self) -> None:
        y_pred = self.network(self.batch.inputs)
        loss = self.criterion(y_pred, self.batch.targets)
        # What is kept of an epoch stays on the device: asking a GPU for one number makes it wait.
        self._losses[self.epoch] = loss.detach()
        if self._history.wants(self.epoch):
            self._history.record(self.epoch, y_pred.detach())
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.epoch += 1

    def _look_at_losses(self, first: int) -> None:
        """End at the first loss that is no finite number: after it all is NaN, for ever."""
        broken = (~torch.isfinite(self._losses[first : self.epoch])).nonzero()
        if len(broken):
            self.epoch = first + int(broken[0]) + 1
        self.finished = len(broken) > 0 or self.epoch == self.settings.epochs


class _History:
    """The checkpoints of a training, on its device, in memory taken once."""

    def __init__(self, network: nn.Module, outputs: torch.Tensor, epochs: int) -> None:
        self.network = network
        self.stride = -(-epochs // MOST_CHECKPOINTS)
        states = -(-epochs // self.stride) + 1  # every stride-th from 0, and the last
        self.epochs = torch.empty(states, dtype=torch.int64)
        self.parameters = [each.new_empty(states, *each.shape) for each in network.parameters()]
        self.predictions = outputs.new_empty(states, *outputs.shape)
        self.recorded = 0

    @property
    def nbytes(self) -> int:
        return sum(each.nbytes for each in (self.epochs, self.predictions, *self.parameters))

    def wants(self, epoch: int) -> bool:
        return epoch % self.stride == 0

    def record(self, epoch: int, predictions: torch.Tensor) -> None:
        self.epochs[self.recorded] = epoch
        for kept, now in zip(self.parameters, self.network.parameters(), strict=True):
            kept[self.recorded] = now.detach()
        self.predictions[self.recorded] = predictions
        self.recorded += 1

    def close(self, epoch: int, predictions: torch.Tensor) -> None:
        """Record the last state; a training that broke may have gone on for some epochs."""
        self.recorded = int((self.epochs[: self.recorded] < epoch).sum())
        self.record(epoch, predictions)

    def to_checkpoints(self) -> Checkpoints:
        kept = slice(self.recorded)
        return Checkpoints(
            epochs=self.epochs[kept].numpy(),
            parameters=tuple(each[kept].detach().cpu().numpy() for each in self.parameters),
            predictions=self.predictions[kept].cpu().numpy(),
        )


@contextmanager
def as_the_article_trains() -> Iterator[None]:
    """Train in one thread, with gradients, whatever the caller's thread was set to.

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
