"""Watch: a film of a model in a training loop of the user's own."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from tinynet.training.outputs import Criterion, Rows
from tinynet.training.watched import WatchedFilm


def watch(  # noqa: PLR0913, PLR0917 - as a script names them
    model: nn.Module,
    x: torch.Tensor,
    y: torch.Tensor,
    criterion: Criterion,
    x_test: torch.Tensor | None = None,
    y_test: torch.Tensor | None = None,
    names: Sequence[str] | None = None,
) -> WatchedFilm:
    """Return a film of a model; call its `record()` once after each epoch of your own loop.

    `x` and `y` are all training rows, and `names` names the inputs. Watching changes nothing in the
    loop: neither the model nor the random state. ValueError for rows that do not fit.
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch.nn.Module, not {type(model).__name__}.")
    if (x_test is None) != (y_test is None):
        raise ValueError("x_test and y_test belong together: give both, or neither.")
    rows = _rows(x, y)
    test = None if x_test is None or y_test is None else _rows(x_test, y_test)
    inputs = rows.inputs.shape[1]
    if names is not None and [*map(type, names)] != [str] * inputs:
        raise ValueError(f"names must be {inputs} texts, one for each input.")
    return WatchedFilm(model, criterion, rows, test, tuple(names or ()))


def _rows(x: torch.Tensor, y: torch.Tensor) -> Rows:
    for name, each in (("x", x), ("y", y)):
        if not isinstance(each, torch.Tensor) or not each.dim():
            raise TypeError(f"{name} must be a tensor of rows, not {type(each).__name__}.")
    if len(x) != len(y) or not len(x):
        raise ValueError(f"x and y must have the same rows, not {len(x)} and {len(y)}.")
    # Copies, because the loop may change its own rows later.
    return Rows(x.detach().clone(), y.detach().clone())
