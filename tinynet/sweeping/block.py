"""A block: networks that train together, from their first weights to their results."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.settings import Settings
from tinynet.sweeping.calls import Step, StepOfPyTorch, losses_of_rows, weights_of_rows
from tinynet.sweeping.networks import Networks, Penalties, layer_sizes, must_be_kept_zero, packed
from tinynet.sweeping.plan import DRAWN, Cells, SweepPlan
from tinynet.sweeping.rates import first_rates, rates_of_networks
from tinynet.sweeping.rows import Draw, GroupBatch, Rows, drawn
from tinynet.training.record import FloatArray

# Numbers in one layer: with fewer, a call's overhead exceeds its work; more do not fit in the
# processor's cache.
NUMBERS = 400_000
MOST_NETWORKS = 4_096
MOST_PRODUCTS = 40_000_000  # of weights and inputs in one step, which takes a few milliseconds
MOST_DRAWN = 8_000_000  # numbers, if each network has its own rows
ACCELERATOR_FACTOR = 64  # other devices have more cores, and each call costs more
CHECK = 50  # epochs between checks for diverged networks on other devices, since a check waits


class Results:
    """The results of all cells; NaN until they are known."""

    def __init__(self, cells: int) -> None:
        self.losses, self.test_losses, self.accuracies, self.test_accuracies = (
            np.full(cells, np.nan, np.float32) for _ in range(4)
        )
        self.diverged = np.zeros(cells, np.bool_)

    @property
    def nbytes(self) -> int:
        """The size of the arrays in bytes."""
        return 4 * self.losses.nbytes + self.diverged.nbytes


class BestStates:
    """The parameters of each network at its lowest test loss so far."""

    def __init__(self, parameters: torch.Tensor, losses: FloatArray) -> None:
        self.parameters = parameters.clone()
        self._lowest = losses.copy()

    @property
    def nbytes(self) -> int:
        """The size of its arrays and tensors in bytes."""
        return self.parameters.nbytes + self._lowest.nbytes

    def see(self, parameters: torch.Tensor, losses: FloatArray) -> None:
        """Keep the parameters of the networks whose test loss is the lowest so far."""
        lower = losses < self._lowest
        self._lowest[lower] = losses[lower]
        lower_on_device = torch.from_numpy(lower)[:, None].to(parameters.device)
        self.parameters = torch.where(lower_on_device, parameters, self.parameters)


def blocks(plan: SweepPlan, kind: Cells) -> Iterator[Cells]:
    """Split cells, (groups, networks, lengths), into blocks of an efficient size."""
    groups, networks, _ = kind.shape
    for columns in _cuts(networks, lambda index: _fitting(plan, kind[0, index])):
        count = columns.stop - columns.start
        for rows in _cuts(groups, lambda index: _fitting(plan, kind[index, columns][-1]) // count):  # noqa: B023 - used before it changes
            yield kind[rows, columns]


def _cuts(length: int, fitting: Callable[[int], int]) -> Iterator[slice]:
    """Split a range into slices no longer than `fitting` of their first and of their last index."""
    start = 0
    while start < length:
        stop = min(length, start + max(1, fitting(start)))
        stop = min(stop, start + max(1, fitting(stop - 1)))
        yield slice(start, stop)
        start = stop


def _fitting(plan: SweepPlan, cells: Cells) -> int:
    """Return how many networks of this kind fit into a block."""
    settings = plan.settings_of(int(cells[0]))
    rows = settings.batch_size or settings.training_rows
    parameters = sum((inputs + 1) * outputs for inputs, outputs in layer_sizes(settings))
    numbers = max(rows * max((1, *settings.hidden_units)), parameters)
    products = rows * parameters
    factor = _device_factor(settings)
    limits = (MOST_NETWORKS, 1), (NUMBERS, numbers), (MOST_PRODUCTS, products)
    fitting = min(factor * most // each for most, each in limits)
    if all(len(plan.all_values(name)) == 1 for name in DRAWN):
        return fitting  # all networks have the same rows
    return min(fitting, MOST_DRAWN // (settings.all_rows * settings.inputs))


def _device_factor(settings: Settings) -> int:
    return 1 if is_on_cpu(settings) else ACCELERATOR_FACTOR


def is_on_cpu(settings: Settings) -> bool:
    """Return whether numbers can be read without waiting for a device."""
    return settings.device == "cpu"


class NetworkBlock:
    """Networks that train together; `work` yields after each step of a few milliseconds."""

    def __init__(self, plan: SweepPlan, cells: Cells, results: Results) -> None:
        self.plan, self.cells, self.results = plan, cells, results
        self.share = 0.0  # the share of the epochs that is done
        self._first = cells[:, :, 0]  # one cell of each network
        self._lengths = np.array(plan.values("epochs", cells)).reshape(cells.shape)
        self._alive = np.ones(self._first.shape, np.bool_)
        self._holds: Sequence[Networks | Rows | GroupBatch | Draw | BestStates] = []
        self._settings = self._as_wide_as_the_widest()
        self._row_losses = LOSSES[self._settings.loss].plain.row_losses
        self._row_losses_on_device = losses_of_rows(self._settings)
        self._alive_on_device: torch.Tensor | None = None
        self._best: BestStates | None = None

    @property
    def nbytes(self) -> int:
        """The size of its arrays and tensors in bytes."""
        return 2 * self.cells.nbytes + sum(each.nbytes for each in self._holds)

    def work(self) -> Iterator[None]:
        """Draw the rows and weights, train, and record the results."""
        labels = self.plan.labels(self._first, DRAWN)
        _, places, which = np.unique(labels, return_index=True, return_inverse=True)
        draws: list[Draw] = []
        self._holds = draws
        for cell in self._first.flat[places].tolist():
            draws.append(drawn(self.plan.settings_of(cell)))
            yield
        which = which.reshape(labels.shape)
        networks = self._networks(draws, which)
        yield
        used, of_groups = np.unique(which[:, 0], return_inverse=True)
        draws = [draws[place] for place in used]
        device = self._settings.device
        training = Rows([each.data.training for each in draws], of_groups.tolist(), device)
        test = Rows([each.data.test for each in draws], of_groups.tolist(), device)
        draws = draws if self._settings.batch_size else []  # only shuffles still need them
        self._holds = [networks, training, test, *draws]
        yield from self._train(networks, training, test, [each.generator for each in draws])

    def _as_wide_as_the_widest(self) -> Settings:
        settings = self.plan.settings_of(int(self._first.flat[0]))
        widths = self.plan.widths(self._first)
        return replace(settings, hidden_units=tuple(map(max, zip(*widths, strict=True))))

    def _networks(self, draws: list[Draw], which: npt.NDArray[np.int64]) -> Networks:
        settings = self._settings
        starts = torch.stack([packed(each.parameters, settings) for each in draws])
        starts, places = starts.to(settings.device), torch.from_numpy(which).to(settings.device)
        parameters = starts[places].transpose(1, 2).contiguous()
        steps = [self._step() for _ in first_rates(self.plan, settings, self._first)]
        networks = Networks(settings, parameters, steps, self._penalties())
        if len(self.plan.widths(self._first)) > 1 and must_be_kept_zero(settings):
            ones = [[torch.ones_like(each) for each in draw.parameters] for draw in draws]
            masks = torch.stack([packed(each, settings) for each in ones]).to(settings.device)
            networks.kept_zero = masks[places].transpose(1, 2).contiguous()
        return networks

    def _step(self) -> Step:
        if step := OPTIMIZERS[self._settings.optimizer].step:
            return step
        return StepOfPyTorch([self.plan.settings_of(cell) for cell in self._first.ravel().tolist()])

    def _penalties(self) -> Penalties:
        optimizer = OPTIMIZERS[self._settings.optimizer]
        # A torch.optim optimizer applies the weight decay itself.
        return Penalties(
            l1=self._numbers("l1"),
            l2=self._numbers("l2") if optimizer.step else None,
            clip=self._numbers("clip", zero_means=torch.inf),
        )

    def _numbers(self, name: str, *, zero_means: float = 0) -> torch.Tensor | None:
        """Return a number for each network, (groups, 1, networks); None if it is off for all."""
        numbers = self.plan.numbers(name, self._first)
        numbers[numbers == 0] = zero_means
        off = np.isin(numbers, [0, np.inf]).all()
        return None if off else torch.from_numpy(numbers)[:, None].to(self._settings.device)

    def _train(
        self, networks: Networks, training: Rows, test: Rows, generator: list[torch.Generator]
    ) -> Iterator[None]:
        rates_of_epochs = rates_of_networks(self.plan, self._settings, self._first)
        size, last = self._settings.batch_size, int(self._lengths.max())
        parts = () if size else training.parts(len(training))
        repeated = [_repeated(each, networks) for each in parts]
        self._holds = [*self._holds, *repeated]
        for epoch in range(last + 1):
            some_end = bool((self._lengths == epoch).any())
            if some_end or epoch % CHECK == 0:
                self._read_alive()
            if self._settings.keep == "best":
                yield from self._look_for_the_best(networks, test)
            if some_end:
                yield from self._record(epoch, networks, training, test)
            self.share = epoch / last
            if epoch == last or not self._alive.any():
                break
            rates = next(rates_of_epochs)
            for inputs, targets in training.shuffled(generator, size) if size else repeated:
                self._check_losses(networks.forward(inputs), targets)
                networks.update(inputs, targets, rates)
                yield
        self.results.diverged[self.cells[self._lengths > epoch]] = True

    def _check_losses(self, y_pred: torch.Tensor, targets: torch.Tensor) -> None:
        """Mark the networks whose loss is not finite: their training ends there."""
        if is_on_cpu(self._settings):
            sums = self._row_losses(_outputs_last(y_pred), _outputs_last(targets)).sum(1)
            self._alive &= np.isfinite(sums)[..., 0]
            return
        finite = self._row_losses_on_device(y_pred, targets).sum(1)[:, 0].isfinite()
        alive = self._alive_on_device
        self._alive_on_device = finite if alive is None else alive & finite

    def _read_alive(self) -> None:
        if self._alive_on_device is not None:
            self._alive &= self._alive_on_device.cpu().numpy()

    def _look_for_the_best(self, networks: Networks, test: Rows) -> Iterator[None]:
        losses, _ = yield from self._measure(networks, test)
        if not self._best:
            self._best = BestStates(networks.parameters, losses)
            self._holds = [*self._holds, self._best]
        self._best.see(networks.parameters, losses)

    def _record(self, epoch: int, networks: Networks, training: Rows, test: Rows) -> Iterator[None]:
        """Record the cells that end after this epoch, with the best states if they are kept."""
        if not self._best:
            yield from self._record_present(epoch, networks, training, test)
            return
        present = networks.parameters.clone()
        networks.parameters.copy_(self._best.parameters)
        yield from self._record_present(epoch, networks, training, test)
        networks.parameters.copy_(present)

    def _record_present(
        self, epoch: int, networks: Networks, training: Rows, test: Rows
    ) -> Iterator[None]:
        """Record the results of the present parameters."""
        ended, results = self._lengths == epoch, self.results
        cells = self.cells[ended]
        losses, accuracies = yield from self._measure(networks, training)
        good = self._alive & np.isfinite(losses)
        results.diverged[cells] = ~_of_cells(good, ended)
        results.losses[cells] = _of_cells(np.where(good, losses, np.nan), ended)
        results.accuracies[cells] = _of_cells(np.where(good, accuracies, np.nan), ended)
        if not len(test):
            return
        losses, accuracies = yield from self._measure(networks, test)
        results.test_losses[cells] = _of_cells(np.where(good, losses, np.nan), ended)
        results.test_accuracies[cells] = _of_cells(np.where(good, accuracies, np.nan), ended)

    def _measure(
        self, networks: Networks, rows: Rows
    ) -> Generator[None, None, tuple[FloatArray, FloatArray]]:
        """Return each network's loss and accuracy, which is NaN for a regression."""
        sums, correct = np.zeros((2, *self._first.shape), np.float32)
        answers = self._settings.task.answers
        weights = _outputs_last(weights_of_rows(self._settings, rows.targets))
        for part in rows.parts(self._rows_at_once()):
            y_pred, y = map(_outputs_last, (networks.forward(part.inputs), part.targets))
            some, weights = np.split(weights, [y.shape[1]], axis=1)
            sums += (some * self._row_losses(y_pred, y)).sum(1)[..., 0]
            correct += np.equal(answers(y_pred), y).sum(1)[..., 0] if answers else np.nan
            yield
        return sums / len(rows), correct / len(rows)

    def _rows_at_once(self) -> int:
        widest = max((1, *self._settings.hidden_units))
        return max(1, _device_factor(self._settings) * NUMBERS // (widest * self._first.size))


def _outputs_last(outputs: torch.Tensor) -> npt.NDArray[Any]:
    """Return outputs in the order of the tables: (groups, rows, networks, outputs)."""
    transposed: npt.NDArray[Any] = outputs.transpose(2, 3).cpu().numpy()
    return transposed


def _repeated(part: GroupBatch, networks: Networks) -> GroupBatch:
    """Return the rows with the targets repeated per network, which is faster than broadcasting."""
    shape = *part.targets.shape[:3], networks.parameters.shape[2]
    return GroupBatch(part.inputs, part.targets.expand(shape).contiguous())


def _of_cells(values: npt.NDArray[Any], ended: npt.NDArray[np.bool_]) -> npt.NDArray[Any]:
    """Return, for each cell that has ended, the value of the cell's network."""
    return np.broadcast_to(values[:, :, None], ended.shape)[ended]
