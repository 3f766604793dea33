"""Settings -> Run, an epoch at a time, in turns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from itertools import islice
from time import perf_counter
from typing import Any

import numpy as np
import torch

from tinynet.backpropagation import fastest_loop
from tinynet.devices import processor
from tinynet.engine import Engine
from tinynet.fresh import as_in_a_fresh_process
from tinynet.run import Checkpoints, FloatArray, Run, frozen
from tinynet.settings import Settings

MOST_CHECKPOINTS = 200  # beside the first state
MOST_BYTES = 8_000_000  # of all checkpoints


def train(settings: Settings) -> Run:
    """Train the network of these settings to the end.

    On the CPU the losses are, bit for bit, those that the script of these settings prints:
    `to_script(settings)`. DeviceUnavailable if this machine lacks the device.
    """
    training = Training(settings)
    while not training.finished:
        training.advance(seconds=1)
    return training.to_run()


class Training:
    """A training in progress; `advance` it from any thread, one at a time."""

    def __init__(
        self, settings: Settings, open_loop: Callable[[Settings], Engine] = fastest_loop
    ) -> None:
        self.settings = settings
        self.epoch = 0  # updates made so far
        self.seconds = 0.0
        self.finished = False
        with as_in_a_fresh_process():
            self.loop = open_loop(settings)
            inputs = self.loop.batch.inputs  # whose kind of number, and device, all losses have
            self._losses = inputs.new_empty(settings.epochs)
            self._test_losses = inputs.new_empty(settings.epochs if len(self.loop.test) else 0)
            self._history = _History(self.loop, settings.epochs)

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return self.epoch / self.settings.epochs

    @property
    def nbytes(self) -> int:
        """The size of what it holds, in bytes; that of its Run is less."""
        losses = self._losses.nbytes + self._test_losses.nbytes
        return losses + self._history.nbytes + self.loop.nbytes

    def advance(self, seconds: float) -> None:
        """Train on until that much time has gone by, or to the end; an epoch at the least."""
        start = perf_counter()
        with as_in_a_fresh_process(autograd=self.loop.autograd):
            while self.epoch < self.settings.epochs:
                self._train_one_epoch()
                if perf_counter() - start >= seconds:
                    break
            self._look_at_losses()
        self.seconds += perf_counter() - start

    def to_run(self) -> Run:
        """Return what it leaves behind, or until its end, has made so far: an epoch or more."""
        data = self.loop.data
        with as_in_a_fresh_process(), torch.no_grad():
            tested = self._tested()
            _, predictions, final_loss = self.loop.forward()
            return Run(
                settings=self.settings,
                inputs=data.training.inputs.numpy(),
                targets=_column(data.training.targets),
                losses=self._losses[: self.epoch].cpu().numpy(),
                final_loss=final_loss.item(),
                predictions=predictions.cpu().numpy(),
                checkpoints=self._history.to_checkpoints(self.epoch, predictions),
                seconds=self.seconds,
                device=self.settings.device,
                torch_version=torch.__version__,
                processor=processor(),
                points=data.points.numpy(),
                test_points=data.test_points.numpy(),
                **tested,
            )

    result = to_run  # as whoever shares out turns asks for it

    def _tested(self) -> dict[str, Any]:
        """Return what a run knows of its test rows, if it has any."""
        test = self.loop.data.test
        if not len(test):
            return {}
        _, predictions, loss = self.loop.forward(self.loop.test)
        return {
            "test_inputs": test.inputs.numpy(),
            "test_targets": _column(test.targets),
            "test_losses": self._test_losses[: self.epoch].cpu().numpy(),
            "test_predictions": frozen(predictions.cpu().numpy()),  # before the next forward pass
            "final_test_loss": loss.item(),
        }

    def _train_one_epoch(self) -> None:
        # What is kept of an epoch stays on the device: asking a GPU for one number makes it wait.
        if len(self._test_losses):
            self._test_losses[self.epoch] = self.loop.measure(self.loop.test)
        train = self._train_on_batches if self.settings.batch_size else self._train_on_all_rows
        self._losses[self.epoch] = train()
        self.epoch += 1

    def _train_on_all_rows(self) -> torch.Tensor:
        _, y_pred, loss = self.loop.forward()
        if self._history.wants(self.epoch):
            self._history.record(self.epoch, y_pred.detach())
        self.loop.update(loss)
        return loss.detach()

    def _train_on_batches(self) -> torch.Tensor:
        if self._history.wants(self.epoch):
            with torch.no_grad():
                y_pred = self.loop.forward().y_pred
            self._history.record(self.epoch, y_pred)
        return self.loop.train_on_batches()

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


def _column(targets: torch.Tensor) -> FloatArray:
    """Return targets as a run holds them, (rows, 1): the number of a class is a number too."""
    column: FloatArray = targets.reshape(-1, 1).to(torch.float32).numpy()
    return column


class _History:
    """The checkpoints of a training, on its device, in memory taken once."""

    def __init__(self, loop: Engine, epochs: int) -> None:
        self.loop = loop
        inputs = loop.batch.inputs
        answers = inputs.new_empty(len(inputs), loop.settings.outputs)
        size = sum(each.nbytes for each in (*self._of_a_state(), answers))
        states = min(MOST_CHECKPOINTS, MOST_BYTES // size)
        self.stride = -(-epochs // states)
        states = -(-epochs // self.stride) + 1  # every stride-th from 0, and the last
        self.epochs: list[int] = []
        self.predictions = answers.new_empty(states, *answers.shape)
        self.kept = [each.new_zeros(states, *each.shape) for each in self._of_a_state()]

    @property
    def nbytes(self) -> int:
        return sum(each.nbytes for each in (self.predictions, *self.kept))

    def _of_a_state(self) -> list[torch.Tensor]:
        """Return the tensors that make up the present state of the loop."""
        state = self.loop.state()
        dice = [] if state.dice is None else [state.dice]
        tensors = [*state.parameters, *state.memory, *dice]
        # Only where nothing clears them does the gradient of one epoch matter to the next.
        if self.loop.settings.zero_gradients:
            return tensors
        return [*tensors, *(state.gradients or map(torch.zeros_like, state.parameters))]

    def wants(self, epoch: int) -> bool:
        return epoch % self.stride == 0

    def record(self, epoch: int, predictions: torch.Tensor) -> None:
        index = bisect_left(self.epochs, epoch)
        del self.epochs[index:]  # of states that the training has gone back behind
        self.epochs.append(epoch)
        self.predictions[index] = predictions
        for kept, tensor in zip(self.kept, self._of_a_state(), strict=True):
            kept[index] = tensor.detach()

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
        arrays = iter([each[: len(self.epochs)].detach().cpu().numpy() for each in self.kept])
        state = self.loop.state()
        return Checkpoints(
            epochs=np.array(self.epochs),
            parameters=tuple(islice(arrays, len(state.parameters))),
            memory=tuple(islice(arrays, len(state.memory))),
            **({} if state.dice is None else {"dice": next(arrays)}),
            gradients=tuple(arrays),
            predictions=self.predictions[: len(self.epochs)].cpu().numpy(),
        )
