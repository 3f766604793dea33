"""One epoch opened up: what each of the loop's five lines makes, in PyTorch, bit for bit."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from torch import nn

from tinynet.epoch import Epoch, Layer, Tensors
from tinynet.fresh import as_in_a_fresh_process
from tinynet.loop import Loop
from tinynet.run import FloatArray, Run, frozen


def explain(run: Run, epoch: int) -> Epoch:
    """Replay a run from its nearest checkpoint and open one epoch up; ValueError if it has none."""
    if not 0 <= epoch < len(run.losses):
        raise ValueError(f"epoch must be from 0 to {len(run.losses) - 1}, not {epoch}.")
    with as_in_a_fresh_process():
        loop = _replayed(run, epoch)
        parameters = dict(loop.network.named_parameters())
        standing = _copies(each.grad for each in parameters.values() if each.grad is not None)
        before = _copies(parameters.values())
        sums, outputs = _forward(loop)
        y_pred = outputs[-1]
        loss = loop.criterion(y_pred, loop.batch.targets)
        loop.update(loss)
        return Epoch(
            number=epoch,
            names=tuple(f"model[{name.replace('.', '].')}" for name in parameters),
            layers=tuple(
                Layer(*_copies((made, out, made.grad)))
                for made, out in zip(sums, outputs, strict=True)
            ),
            loss=loss.item(),
            squared_errors=_copy((y_pred - loop.batch.targets).square().ravel()),
            standing=standing,
            gradients=_copies(each.grad for each in parameters.values()),
            before=before,
            after=_copies(parameters.values()),
        )


def _replayed(run: Run, epoch: int) -> Loop:
    """Return the loop as it stands before an epoch, the last epoch's gradients included."""
    kept = run.checkpoints
    nearest = int(np.searchsorted(kept.epochs, max(epoch - 1, 0), side="right")) - 1
    loop = Loop(run.settings)
    loop.restore(kept, nearest)
    for _ in range(int(kept.epochs[nearest]), epoch):
        loop.update(loop.forward().loss)
    return loop


def _forward(loop: Loop) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """Pass the batch through, and keep each layer's sums, with their gradients, and outputs."""
    sums, outputs = [], []
    made = loop.batch.inputs
    for module in loop.network:
        made = module(made)
        if isinstance(module, nn.Linear):
            made.retain_grad()
            sums.append(made)
        else:
            outputs.append(made)
    return sums, outputs


def _copy(tensor: torch.Tensor) -> FloatArray:
    return frozen(tensor.detach().cpu().numpy())


def _copies(tensors: Iterable[torch.Tensor | None]) -> Tensors:
    return tuple(_copy(each) for each in tensors if each is not None)
