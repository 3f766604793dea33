"""Several tensors in one, so that one call changes them all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import torch

ALIGNMENT = 16  # numbers, 64 bytes, as PyTorch allocates; other alignments round differently


class FlatTensors:
    """One tensor of zeros, with an aligned view for each of these shapes."""

    def __init__(self, shapes: Sequence[torch.Size]) -> None:
        lengths = [-(-shape.numel() // ALIGNMENT) * ALIGNMENT for shape in shapes]
        self.whole = torch.zeros(sum(lengths), dtype=torch.float32)
        self._borders = list(accumulate(lengths, initial=0))
        self.views = [
            self.whole[start:end][: shape.numel()].view(shape)
            for (start, end), shape in zip(pairwise(self._borders), shapes, strict=True)
        ]

    def split(self, index: int) -> list[torch.Tensor]:
        """Return the flat tensor in two parts: the views before an index, and the other views."""
        border = self._borders[index]
        return [self.whole[:border], self.whole[border:]]

    def copy(self, tensors: Sequence[torch.Tensor]) -> None:
        """Copy these tensors into the first views; set the other views to zero."""
        self.whole.zero_()
        for view, tensor in zip(self.views, tensors, strict=False):
            view.copy_(tensor)
