"""Settings -> Run, an epoch at a time, in turns."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import torch

from tinynet.backpropagation import fastest_loop
from tinynet.devices import processor
from tinynet.engine import Engine, Forward
from tinynet.fresh import as_in_a_fresh_process
from tinynet.history import History
from tinynet.run import Checkpoints, FloatArray, Run
from tinynet.settings import Settings


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
            self._history = History(self.loop, settings.epochs)

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
        with as_in_a_fresh_process(autograd=self.loop.autograd):
            tested = self._test()
            self._history.record(self.epoch, tested)
            self.loop.show(self._history.record_pass)
            checkpoints, passes = self._history.to_checkpoints(), self._history.to_passes()
            self._history.forget_last()  # the training may go on
            return Run(
                settings=self.settings,
                inputs=data.training.inputs.numpy(),
                targets=_column(data.training.targets),
                losses=self._losses[: self.epoch].cpu().numpy(),
                final_loss=passes.losses[-1].item(),
                predictions=checkpoints.predictions[-1].copy(),
                checkpoints=checkpoints,
                passes=passes,
                seconds=self.seconds,
                device=self.settings.device,
                torch_version=torch.__version__,
                processor=processor(),
                points=data.points.numpy(),
                test_points=data.test_points.numpy(),
                **self._of_test_rows(checkpoints, tested),
            )

    result = to_run  # as whoever shares out turns asks for it

    def _of_test_rows(self, checkpoints: Checkpoints, tested: Forward | None) -> dict[str, Any]:
        """Return what a run knows of its test rows, if it has any."""
        if not tested:
            return {}
        test = self.loop.data.test
        return {
            "test_inputs": test.inputs.numpy(),
            "test_targets": _column(test.targets),
            "test_losses": self._test_losses[: self.epoch].cpu().numpy(),
            "test_predictions": checkpoints.test_predictions[-1].copy(),
            "final_test_loss": tested.loss.item(),
        }

    def _train_one_epoch(self) -> None:
        # What is kept of an epoch stays on the device: asking a GPU for one number makes it wait.
        tested = self._test()
        if tested:
            self._test_losses[self.epoch] = tested.loss
        look = None
        if self._history.wants(self.epoch):
            self._history.record(self.epoch, tested)
            look = self._history.record_pass
        self._losses[self.epoch] = self.loop.train_one_epoch(look)
        self.epoch += 1

    def _test(self) -> Forward | None:
        """Predict and measure the test rows, if there are any; that stands until another pass."""
        if not len(self.loop.test):
            return None
        with torch.no_grad():
            return self.loop.forward(self.loop.test)

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
