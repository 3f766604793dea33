"""The data that the network learns from: for now, the article's dummy batch."""

from __future__ import annotations

from dataclasses import dataclass

import torch

ROWS, FEATURES = 10, 10
TARGETS = (1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Batch:
    """Inputs (rows, features) and targets (rows, 1), float32, on one device."""

    inputs: torch.Tensor
    targets: torch.Tensor

    def to(self, device: torch.device) -> Batch:
        """Return the same batch on another device."""
        return Batch(self.inputs.to(device), self.targets.to(device))


def dummy_batch(generator: torch.Generator) -> Batch:
    """Return the article's batch: normal noise for inputs, ten fixed targets."""
    inputs = torch.randn(ROWS, FEATURES, generator=generator, dtype=torch.float32)
    targets = torch.tensor(TARGETS, dtype=torch.float32).reshape(ROWS, 1)
    return Batch(inputs, targets)
