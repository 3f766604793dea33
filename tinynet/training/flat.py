"""Tensors in one: a view for each, and the whole for what is done to all of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import torch

BORDER = 16  # numbers, 64 bytes: where PyTorch lets a tensor begin; elsewhere it rounds otherwise


class Flat:
    """Tensors of these shapes in one, each on a border, zeros at first and in between."""

    def __init__(self, shapes: Sequence[torch.Size]) -> None:
        lengths = [-(-shape.numel() // BORDER) * BORDER for shape in shapes]
        self.whole = torch.zeros(sum(lengths), dtype=torch.float32)
        self._borders = list(accumulate(lengths, initial=0))
        self.parts = [
            self.whole[start:end][: shape.numel()].view(shape)
            for (start, end), shape in zip(pairwise(self._borders), shapes, strict=True)
        ]

    def split(self, index: int) -> list[torch.Tensor]:
        """Return what holds the parts before an index, and the others."""
        border = self._borders[index]
        return [self.whole[:border], self.whole[border:]]

    def copy(self, tensors: Sequence[torch.Tensor]) -> None:
        """Take over the numbers of these tensors; zeros where there are none."""
        self.whole.zero_()
        for part, tensor in zip(self.parts, tensors, strict=False):
            part.copy_(tensor)
