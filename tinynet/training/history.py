"""The states and passes that a training records."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from tinynet.training import film
from tinynet.training.engine import Engine, Forward
from tinynet.training.record import IntArray
from tinynet.training.run import Checkpoints, Passes, Run

MOST_CHECKPOINTS = 200  # besides the first state
MOST_BYTES = 8_000_000  # of all checkpoints and passes
NUMBER = 4  # bytes


class History:
    """The checkpoints and passes of a training, on its device, in memory allocated once."""

    def __init__(self, loop: Engine, epochs: int) -> None:
        self.loop = loop
        self.epochs: list[int] = []
        settings, batch, generator = loop.settings, loop.batch, loop.state().generator
        self._of_state: list[torch.Tensor] = []
        self._of_pass: list[torch.Tensor] = []
        self._shapes = [each.shape for each in self._of_a_state()]
        state = sum(shape.numel() for shape in self._shapes)
        parameters = sum(each.numel() for each in loop.parameters)
        self._rows, hidden = min(film.MOST_ROWS, len(batch)), sum(settings.hidden_units)
        answers = settings.outputs * (len(batch) + len(loop.test))
        of_a_pass = 1 + parameters + self._rows * hidden
        of_a_state = state + answers + (len(generator) if generator is not None else 0) // NUMBER
        most = _most_states(NUMBER * of_a_state, NUMBER * of_a_pass)
        self.stride = film.power_of_two(-(-epochs // (most - 1)))
        last = -(-epochs // self.stride)  # every stride-th state from 0, and the last
        numbers = of_a_pass + parameters + self._rows * settings.outputs
        self.film_stride = film.stride(numbers, last)
        states, passes = last + 1, -(-last // self.film_stride) + 1
        new = batch.inputs.new_empty
        self._states = new(states, state)
        self._generator = None if generator is None else generator.new_empty(states, len(generator))
        self._predictions = new(states, len(batch), settings.outputs)
        self._test_predictions = new(states, len(loop.test), settings.outputs)
        self._passes = new(passes, of_a_pass)

    @property
    def nbytes(self) -> int:
        """The size of the allocated memory in bytes."""
        generator = 0 if self._generator is None else self._generator.nbytes
        answers = self._predictions.nbytes + self._test_predictions.nbytes
        return self._states.nbytes + generator + answers + self._passes.nbytes

    def _of_a_state(self) -> list[torch.Tensor]:
        """Return the tensors of the loop's state, without the random generator."""
        loop = self.loop
        tensors = [*loop.parameters, *loop.memory]
        # Gradients matter to the next epoch only if they are not cleared.
        if loop.settings.zero_gradients:
            return tensors
        return [*tensors, *(loop.gradients or map(torch.zeros_like, loop.parameters))]

    def _of_a_pass(self, result: Forward) -> list[torch.Tensor]:
        """Return the gradients, and the hidden layers' outputs for the first rows."""
        return [*self.loop.gradients, *(each[: self._rows] for each in result.hidden)]

    def wants(self, epoch: int) -> bool:
        """Return whether to record the state before this epoch."""
        return epoch % self.stride == 0

    def record(self, epoch: int, tested: Forward | None) -> None:
        """Record the state of the loop, and its predictions for the test rows."""
        index = bisect_left(self.epochs, epoch)
        del self.epochs[index:]  # the training has gone back to an earlier state
        self.epochs.append(epoch)
        if self.loop.autograd or not self._of_state:  # without autograd, the views stay valid
            self._of_state = _flat(self._of_a_state())
        torch.cat(self._of_state, out=self._states[index])
        if self._generator is not None:
            self._generator[index] = self.loop.state().generator  # type: ignore[assignment]
        if tested:
            self._test_predictions[index] = tested.y_pred

    def record_pass(self, result: Forward) -> None:
        """Record the forward and backward pass of the last recorded state, before its update."""
        index = len(self.epochs) - 1
        self._predictions[index] = result.y_pred.detach()
        # A pass that the film skips is overwritten by the next pass that the film shows.
        place = -(-index // self.film_stride)
        if self.loop.autograd or not self._of_pass:
            self._of_pass = _flat(self._of_a_pass(result))
        torch.cat([result.loss.detach().view(1), *self._of_pass], out=self._passes[place])

    def take(self, run: Run) -> None:
        """Copy the checkpoints of a shorter run, except the last, which is the loop's state."""
        kept, passes = run.checkpoints, run.passes
        indices = np.flatnonzero(kept.epochs[:-1] % self.stride == 0)
        self.epochs = kept.epochs[indices].tolist()
        _fill(self._states, indices, *kept.parameters, *kept.memory, *kept.gradients)
        _fill(self._predictions, indices, kept.predictions)
        _fill(self._test_predictions, indices, kept.test_predictions)
        if self._generator is not None:
            _fill(self._generator, indices, kept.generator)
        filmed = kept.epochs[passes.checkpoints[:-1]]
        filmed_indices = np.flatnonzero(filmed % (self.stride * self.film_stride) == 0)
        layers = np.split(passes.hidden, np.cumsum(run.settings.hidden_units[:-1], dtype=int), 2)
        _fill(self._passes, filmed_indices, passes.losses, passes.gradients, *layers)

    def forget_last(self) -> None:
        """Forget the last state, from which the training may continue."""
        self.epochs.pop()

    def restore(self, state: int) -> int:
        """Set the loop to the last checkpoint before a state; return the checkpoint's epoch."""
        index = bisect_left(self.epochs, state) - 1
        self.loop.restore(self.to_checkpoints(), index)
        return self.epochs[index]

    def to_checkpoints(self) -> Checkpoints:
        """Return the recorded states."""
        count, state = len(self.epochs), self.loop.state()
        flat = self._states[:count].cpu().numpy()
        borders = accumulate((shape.numel() for shape in self._shapes), initial=0)
        pairs = zip(pairwise(borders), self._shapes, strict=True)
        arrays = [flat[:, start:end].reshape(count, *shape) for (start, end), shape in pairs]
        own, memory = len(state.parameters), len(state.parameters) + len(state.memory)
        return Checkpoints(
            epochs=np.array(self.epochs),
            parameters=tuple(arrays[:own]),
            memory=tuple(arrays[own:memory]),
            gradients=tuple(arrays[memory:]),
            predictions=self._predictions[:count].cpu().numpy(),
            test_predictions=self._test_predictions[:count].cpu().numpy(),
            **({} if self._generator is None else {"generator": self._generator[:count].numpy()}),
        )

    def to_passes(self) -> Passes:
        """Return the passes that a film of the recorded states shows."""
        last = len(self.epochs) - 1
        shown = np.array([*range(0, last, self.film_stride), last])
        flat = self._passes[: len(shown)].cpu().numpy()
        layers = [0, *(self._rows * each for each in self.loop.settings.hidden_units)]
        borders = np.cumsum(layers) + flat.shape[1] - sum(layers)
        hidden = [
            flat[:, start:end].reshape(len(shown), self._rows, -1)
            for start, end in pairwise(borders)
        ]
        empty = np.zeros((len(shown), self._rows, 0), np.float32)
        return Passes(
            checkpoints=shown,
            losses=flat[:, 0],
            gradients=flat[:, 1 : borders[0]],
            hidden=np.concatenate([empty, *hidden], axis=2),
        )


def _most_states(of_a_state: int, of_a_pass: int) -> int:
    """Return how many states fit into MOST_BYTES, with a film of all or some of them."""
    all_shown = MOST_BYTES // (of_a_state + of_a_pass)
    some_shown = (MOST_BYTES - film.MOST_BYTES) // of_a_state
    return min(MOST_CHECKPOINTS + 1, max(all_shown, some_shown))


def _fill(target: torch.Tensor, chosen: IntArray, *arrays: npt.NDArray[Any]) -> None:
    """Fill the first rows of a tensor with the chosen rows of these arrays, side by side."""
    rows = [each[chosen].reshape(len(chosen), math.prod(each.shape[1:])) for each in arrays]
    together = torch.from_numpy(np.concatenate(rows, axis=1))
    target[: len(chosen)] = together.view(len(chosen), *target.shape[1:])


def _flat(tensors: Iterable[torch.Tensor]) -> list[torch.Tensor]:
    """Flatten each tensor, as a view where possible."""
    return [each.detach().reshape(-1) for each in tensors]
