"""From a pandas frame to tensors: functions whose source the script contains."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tinynet.registry.pytorch import LazyModule

if TYPE_CHECKING:
    import pandas as pd
    import torch
else:
    from tinynet.registry.pytorch import torch

    pd: Any = LazyModule(lambda: import_module("pandas"))  # takes half a second to import


def columns_of(frame, words):
    """Return the columns as numbers; one-hot encode the columns in `words`."""
    frame = pd.get_dummies(frame, columns=words, dtype=float)
    return torch.tensor(frame.to_numpy(dtype=float))


def scale_of(x, rows):
    """Return the mean and the deviation of each column over these rows; 1 if it is constant."""
    known = x[rows]
    mean, deviation = known.mean(dim=0), known.std(dim=0, correction=0)
    # The deviation of tiny numbers may be 0 too: their squares are too small for a float.
    deviation[(known.amin(dim=0) == known.amax(dim=0)) | (deviation == 0)] = 1
    return mean, deviation


def scaled(x, mean, deviation):
    """Scale each column; keep rows that lie far away within a million deviations."""
    return ((x - mean) / deviation).clamp(-1e6, 1e6).float()


def standardise(x, rows):
    """Scale each column to mean 0 and deviation 1 over these rows, unless it is constant there."""
    return scaled(x, *scale_of(x, rows))
