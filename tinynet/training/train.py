"""Settings -> Run: the training itself, in turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from tinynet.settings import KEEP, Settings, differences, set_to, settings_of
from tinynet.training import expressions
from tinynet.training.backpropagation import fastest_loop
from tinynet.training.best import best_state_of
from tinynet.training.devices import processor
from tinynet.training.engine import Engine, Forward
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.history import History
from tinynet.training.progress import progress_bar
from tinynet.training.record import FloatArray
from tinynet.training.run import Checkpoints, Run
from tinynet.training.turns import InTurns

BETWEEN_LOOKS = 0.1  # seconds, of a progress bar


def train(
    settings: Settings,
    *,
    after: Run | None = None,
    progress: bool = False,
    callback: Callable[[int, float], object] | None = None,
) -> Run:
    """Train the network of these settings.

    On the CPU the losses equal the output of the script, `to_script(settings)`, bit for bit.
    `after` is a finished run of fewer epochs to continue from: that saves time and keeps every bit.
    ValueError if the run cannot continue, as with a schedule that depends on the number of epochs.
    DeviceUnavailable if this machine lacks the device.

    `progress=True` shows a bar, for which tqdm must be installed. After each epoch,
    `callback(epoch, loss)` gets the number of epochs so far and the last loss. If it returns True,
    training stops, and the run has the epochs so far.
    """
    training = Training(settings_of(settings), after=after)
    seconds = 0 if callback else BETWEEN_LOOKS if progress else 1
    with progress_bar(training.settings.epochs, training.epoch, shown=progress) as show:
        while not training.finished:
            training.advance(seconds)
            if progress:
                show(training.epoch, training.last_loss)
            if callback and callback(training.epoch, training.last_loss) is True:
                break
    return training.to_run()


def why_not(settings: Settings, run: Run) -> str:  # noqa: PLR0911 - a sentence for each reason
    """Return why a training of these settings cannot continue a run; "" if it can."""
    if run.diverged:
        return "A diverged run cannot continue: its loss is not finite."
    if not run.finished:
        return "A run that is still training cannot be continued."
    longer = set_to(run.settings, {"epochs": settings.epochs})
    if settings != longer or settings.epochs <= run.settings.epochs:
        other = ", ".join(differences(settings, run.settings)) or "the same settings"
        return f"A run continues with more epochs and no other change, not with {other}."
    if expressions.scheduler(settings) != expressions.scheduler(run.settings):
        schedule = f"schedule {settings.schedule}"
        return f"With {schedule} no run continues: its rates depend on the number of epochs."
    if settings.keep != KEEP.article:
        return f"With {KEEP.in_words(settings.keep)} no run continues: its last state is gone."
    if (run.torch_version, run.processor) != (torch.__version__, processor()):
        where = f"PyTorch {run.torch_version} on {run.processor}"
        return f"A run continues only with {where}, as it began: others round differently."
    return ""


class Training(InTurns):
    """A training in progress."""

    def __init__(
        self,
        settings: Settings,
        open_loop: Callable[[Settings], Engine] = fastest_loop,
        *,
        after: Run | None = None,
    ) -> None:
        """Begin before epoch 0, or at the end of `after`; ValueError if that cannot continue."""
        if after and (obstacle := why_not(settings, after)):
            raise ValueError(obstacle)
        super().__init__()
        self.settings = settings
        self.epoch = 0  # the number of epochs so far
        with fresh_torch_state():
            self.loop = open_loop(settings)
            inputs = self.loop.batch.inputs  # the losses have its dtype and device
            self._losses = inputs.new_empty(settings.epochs)
            self._test_losses = inputs.new_empty(settings.epochs if len(self.loop.test) else 0)
            self._history = History(self.loop, settings.epochs)
        self._best = best_state_of(self.loop)
        if after:
            self._take(after)

    @property
    def share(self) -> float:
        """The share that is done, from 0 to 1."""
        return self.epoch / self.settings.epochs

    @property
    def last_loss(self) -> float:
        """The loss of the last epoch so far, before its update."""
        return self._losses[self.epoch - 1].item()

    @property
    def nbytes(self) -> int:
        """The size of its tensors in bytes; its Run is smaller."""
        losses = self._losses.nbytes + self._test_losses.nbytes
        return losses + self._history.nbytes + self.loop.nbytes

    def to_run(self) -> Run:
        """Return the run so far, after one epoch at least."""
        data = self.loop.data
        with fresh_torch_state(autograd=self.loop.autograd):
            tested = self._test_at_the_end() if self.finished else self._test()
            self._history.record(self.epoch, tested)
            self.loop.show(self._history.record_pass)
            checkpoints, passes = self._history.to_checkpoints(), self._history.to_passes()
            self._history.forget_last()  # the training may continue
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

    result = to_run  # the name in the protocol `serving.requests.Work`

    def _of_test_rows(self, checkpoints: Checkpoints, tested: Forward | None) -> dict[str, Any]:
        """Return the fields of Run about test rows, if there are any."""
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

    def _take(self, run: Run) -> None:
        """Continue from the end of a run, with its checkpoints."""
        self.epoch, self.seconds = len(run.losses), run.seconds
        with fresh_torch_state(autograd=self.loop.autograd):
            self.loop.restore(run.checkpoints, -1)
            self._history.take(run)
            self._losses[: self.epoch] = torch.tensor(run.losses)
            self._test_losses[: self.epoch] = torch.tensor(run.test_losses)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with fresh_torch_state(autograd=self.loop.autograd):
            yield
            self._look_at_losses()

    def _step(self) -> bool:
        self._train_one_epoch()
        return self.epoch == self.settings.epochs

    def _train_one_epoch(self) -> None:
        # The losses stay on the device: reading a number makes a GPU wait.
        tested = self._test()
        if tested:
            self._test_losses[self.epoch] = tested.loss
            self._look_for_the_best(tested)
        look = None
        if self._history.wants(self.epoch):
            self._history.record(self.epoch, tested)
            look = self._history.record_pass
        self._losses[self.epoch] = self.loop.train_one_epoch(look)
        self.epoch += 1

    def _test(self) -> Forward | None:
        """Return a forward pass of the test rows, if any; the next pass may overwrite it."""
        if not len(self.loop.test):
            return None
        with torch.no_grad():
            return self.loop.forward(self.loop.test)

    def _test_at_the_end(self) -> Forward | None:
        """Return the forward pass of the last state; first restore the best state if it is kept."""
        tested = self._test()
        if not tested or not self._best:
            return tested
        self._look_for_the_best(tested)
        self._best.restore()
        return self._test()

    def _look_for_the_best(self, tested: Forward) -> None:
        if not self._best:
            return
        if self.epoch and not self._losses[self.epoch - 1].isfinite():
            self._best.close()
        self._best.see(tested.loss.item())

    def _look_at_losses(self) -> None:
        """Finish at the first loss that is not finite, since all later losses are NaN."""
        diverged = (~torch.isfinite(self._losses[: self.epoch])).nonzero()
        if len(diverged):
            self._go_back(int(diverged[0]) + 1)
            self.finished = True

    def _go_back(self, state: int) -> None:
        """Return to an earlier state: restore the checkpoint before it, and train up to it."""
        self.epoch = self._history.restore(state)
        while self.epoch < state:
            self._train_one_epoch()


def _column(targets: torch.Tensor) -> FloatArray:
    """Return targets or class indices as a column of floats, (rows, 1)."""
    column: FloatArray = targets.reshape(-1, 1).to(torch.float32).numpy()
    return column
