"""Settings -> Run, an epoch at a time, in turns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from time import perf_counter

import numpy as np
import torch

from tinynet.backpropagation import fastest_loop
from tinynet.devices import processor
from tinynet.fresh import as_in_a_fresh_process
from tinynet.loop import Loop
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

    def __init__(
        self, settings: Settings, open_loop: Callable[[Settings], Loop] = fastest_loop
    ) -> None:
        self.settings = settings
        self.epoch = 0  # updates made so far
        self.seconds = 0.0
        self.finished = False
        with as_in_a_fresh_process():
            self.loop = open_loop(settings)
            targets = self.loop.batch.targets
            self._losses = targets.new_empty(settings.epochs)
            self._history = _History(self.loop, settings.epochs)

    @property
    def nbytes(self) -> int:
        """The size of what it holds, in bytes; that of its Run is about the same."""
        return self._losses.nbytes + self._history.nbytes

    def advance(self, seconds: float) -> None:
        """Train on for an epoch, and until that much time has gone by, or to the end."""
        start = perf_counter()
        with as_in_a_fresh_process(autograd=self.loop.autograd):
            while self.epoch < self.settings.epochs:
                self._train_one_epoch()  # one at least, or a busy machine would have no run to show
                if perf_counter() - start >= seconds:
                    break
            self._look_at_losses()
        self.seconds += perf_counter() - start

    def to_run(self) -> Run:
        """Return what the training leaves behind, or until its end, what it has made so far."""
        batch = self.loop.batch
        with as_in_a_fresh_process(), torch.no_grad():
            _, predictions, final_loss = self.loop.forward()
            return Run(
                settings=self.settings,
                inputs=batch.inputs.cpu().numpy(),
                targets=batch.targets.cpu().numpy(),
                losses=self._losses[: self.epoch].cpu().numpy(),
                final_loss=final_loss.item(),
                predictions=predictions.cpu().numpy(),
                checkpoints=self._history.to_checkpoints(self.epoch, predictions),
                seconds=self.seconds,
                device=self.settings.device,
                torch_version=torch.__version__,
                processor=processor(),
            )

    def _train_one_epoch(self) -> None:
        _, y_pred, loss = self.loop.forward()
        # What is kept of an epoch stays on the device: asking a GPU for one number makes it wait.
        self._losses[self.epoch] = loss.detach()
        if self._history.wants(self.epoch):
            self._history.record(self.epoch, y_pred.detach())
        self.loop.update(loss)
        self.epoch += 1

    def _look_at_losses(self) -> None:
        """End at the first loss that is no finite number: after it all is NaN, for ever."""
        broken = (~torch.isfinite(self._losses[: self.epoch])).nonzero()
        if len(broken):
            self._go_back(int(broken[0]) + 1)
        self.finished = len(broken) > 0 or self.epoch == self.settings.epochs

    def _go_back(self, state: int) -> None:
        """Return to a state that the turn has left behind, by way of the checkpoint before it."""
        self.epoch = self._history.restore(state)
        while self.epoch < state:
            self._train_one_epoch()


class _History:
    """The checkpoints of a training, on its device, in memory taken once."""

    def __init__(self, loop: Loop, epochs: int) -> None:
        self.loop = loop
        self.stride = -(-epochs // MOST_CHECKPOINTS)
        states = -(-epochs // self.stride) + 1  # every stride-th from 0, and the last
        targets, parameters = loop.batch.targets, loop.parameters
        self.epochs: list[int] = []
        self.predictions = targets.new_empty(states, *targets.shape)
        self.parameters = [each.new_empty(states, *each.shape) for each in parameters]
        # Only where nothing clears them does the gradient of one epoch matter to the next.
        kept = [] if loop.zero_gradients else parameters
        self.gradients = [each.new_zeros(states, *each.shape) for each in kept]

    @property
    def nbytes(self) -> int:
        tensors = (self.predictions, *self.parameters, *self.gradients)
        return sum(each.nbytes for each in tensors)

    def wants(self, epoch: int) -> bool:
        return epoch % self.stride == 0

    def record(self, epoch: int, predictions: torch.Tensor) -> None:
        index = bisect_left(self.epochs, epoch)
        del self.epochs[index:]  # of states that the training has gone back behind
        self.epochs.append(epoch)
        self.predictions[index] = predictions
        for kept, parameter in zip(self.parameters, self.loop.parameters, strict=True):
            kept[index] = parameter.detach()
        for kept, gradient in zip(self.gradients, self.loop.gradients, strict=False):
            kept[index] = gradient

    def restore(self, state: int) -> int:
        """Put the loop back to the last checkpoint before a state; return that checkpoint's."""
        index = bisect_left(self.epochs, state) - 1
        self.loop.restore(self._recorded(), index)
        return self.epochs[index]

    def to_checkpoints(self, epoch: int, predictions: torch.Tensor) -> Checkpoints:
        """Return all states, with the present one as the last; the training may go on."""
        self.record(epoch, predictions)
        checkpoints = self._recorded()
        self.epochs.pop()
        return checkpoints

    def _recorded(self) -> Checkpoints:
        kept = slice(len(self.epochs))
        return Checkpoints(
            epochs=np.array(self.epochs),
            parameters=tuple(each[kept].detach().cpu().numpy() for each in self.parameters),
            gradients=tuple(each[kept].cpu().numpy() for each in self.gradients),
            predictions=self.predictions[kept].cpu().numpy(),
        )
