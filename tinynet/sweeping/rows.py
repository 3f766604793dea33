"""Everything random: the rows of networks, their order, and the first weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch

from tinynet.settings import Settings
from tinynet.training.data import Batch, Data, draw_data
from tinynet.training.network import build_network

GENERATOR = 5_056  # bytes of its state


@dataclass(frozen=True, eq=False)
class Draw:
    """Rows, first weights, and the random generator, which then draws the shuffles."""

    data: Data
    parameters: list[torch.Tensor]
    generator: torch.Generator

    @property
    def nbytes(self) -> int:
        """The size of its tensors in bytes."""
        batches = self.data.training, self.data.test
        rows = sum(each.inputs.nbytes + each.targets.nbytes for each in batches)
        return rows + sum(each.nbytes for each in self.parameters) + GENERATOR


def drawn(settings: Settings) -> Draw:
    """Draw in the order of the script."""
    generator = torch.Generator().manual_seed(settings.seed)
    data = draw_data(settings, generator)
    network = build_network(settings, generator)
    return Draw(data, [each.detach() for each in network.parameters()], generator)


class GroupBatch(NamedTuple):
    """A batch for each group of networks."""

    inputs: torch.Tensor  # (groups, rows, inputs + 1): the last is 1, for the bias
    targets: torch.Tensor  # (groups, rows, 1, 1), or (groups, rows, 1, networks)

    @property
    def nbytes(self) -> int:
        """The size of the tensors in bytes."""
        return self.inputs.nbytes + self.targets.nbytes


class Rows:
    """The rows of each draw, and the index of each group's draw."""

    def __init__(self, batches: list[Batch], of_groups: list[int], device: str) -> None:
        inputs = torch.stack([each.inputs for each in batches])
        self._inputs = torch.cat([inputs, inputs.new_ones(*inputs.shape[:2], 1)], 2).to(device)
        targets = torch.stack([each.targets for each in batches])
        self._targets = targets.reshape(*inputs.shape[:2], 1, 1).to(device)
        self._of_groups = torch.tensor(of_groups, device=device)

    def __len__(self) -> int:
        """Return the number of rows in each draw."""
        return self._inputs.shape[1]

    @property
    def nbytes(self) -> int:
        """The size of the tensors in bytes."""
        return self._inputs.nbytes + self._targets.nbytes

    @property
    def targets(self) -> torch.Tensor:
        """The targets of each group, (groups, rows, 1, 1)."""
        return self._targets.index_select(0, self._of_groups)

    def parts(self, size: int) -> Iterator[GroupBatch]:
        """Yield batches of `size` rows, in order."""
        for start in range(0, len(self), size):
            some = slice(start, start + size)
            tensors = self._inputs[:, some], self._targets[:, some]
            yield GroupBatch(*(each.index_select(0, self._of_groups) for each in tensors))

    def shuffled(self, generator: list[torch.Generator], size: int) -> Iterator[GroupBatch]:
        """Yield batches of `size` rows, in the order that the generators draw."""
        orders = torch.stack([torch.randperm(len(self), generator=each) for each in generator])
        places = orders + len(self) * torch.arange(len(generator))[:, None]
        of_groups = places.to(self._of_groups.device).index_select(0, self._of_groups)
        for start in range(0, len(self), size):
            some = of_groups[:, start : start + size]
            yield GroupBatch(_taken(self._inputs, some), _taken(self._targets, some))


def _taken(tensor: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Return the rows with these indices, (groups, rows), counted through all draws."""
    taken = tensor.flatten(0, 1).index_select(0, places.flatten())
    return taken.view(*places.shape, *tensor.shape[2:])
