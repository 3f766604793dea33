"""From a frame of pandas to tensors: functions that the script contains as they stand."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tinynet.registry.pytorch import Later

if TYPE_CHECKING:
    import pandas as pd
    import torch
else:
    from tinynet.registry.pytorch import torch

    pd: Any = Later(lambda: import_module("pandas"))  # half a second to import


def columns_of(frame, words):
    """Return the columns as numbers; of words, a column for each: 1 in the rows that have it."""
    frame = pd.get_dummies(frame, columns=words, dtype=float)
    return torch.tensor(frame.to_numpy(dtype=float))


def standardise(x, rows):
    """Give each column mean 0 and deviation 1 over these rows, where it is not constant there."""
    known = x[rows]
    mean, deviation = known.mean(dim=0), known.std(dim=0, correction=0)
    # Of tiny numbers it may be 0 too: their squares are too small for a float.
    deviation[(known.amin(dim=0) == known.amax(dim=0)) | (deviation == 0)] = 1
    # Rows that are not among them may lie far away, but not out of all bounds.
    return ((x - mean) / deviation).clamp(-1e6, 1e6).float()
