"""Run -> Epoch: all values that the five lines compute, in PyTorch, bit for bit."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch import nn

from tinynet.analysis.epoch import Epoch, LayerTrace, Tensors, batch_count
from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.training.backpropagation import fastest_loop
from tinynet.training.engine import measured
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.loop import Loop
from tinynet.training.record import FloatArray, frozen
from tinynet.training.run import Run


def explain(run: Run, epoch: int, batch: int = 0) -> Epoch:
    """Replay one epoch or batch of a run from the nearest checkpoint.

    Raise ValueError if there is no such epoch or batch.
    """
    _check("epoch", epoch, len(run.losses) - 1)
    _check("batch", batch, batch_count(run.settings) - 1)
    loop, rows = _replayed(run, epoch, batch)
    with fresh_torch_state():
        return _open(loop, rows, epoch, batch)


def _check(name: str, value: int, last: int) -> None:
    if not 0 <= value <= last:
        raise ValueError(f"{name} must be from 0 to {last}, not {value}.")


def _replayed(run: Run, epoch: int, batch: int) -> tuple[Loop, torch.Tensor]:
    """Return the loop just before a step, with the previous step's gradients, and the rows.

    The fastest loop replays the earlier steps; the loop with autograd continues from its state.
    """
    kept = run.checkpoints
    nearest = int(np.searchsorted(kept.epochs, max(epoch - 1, 0), side="right")) - 1
    with fresh_torch_state():
        fastest, loop = fastest_loop(run.settings), Loop(run.settings)
    with fresh_torch_state(autograd=fastest.autograd):
        fastest.restore(kept, nearest)
        for _ in range(int(kept.epochs[nearest]), epoch):
            fastest.train_one_epoch()
        batches = iter(fastest.shuffled())
        for rows in islice(batches, batch):
            fastest.update(fastest.forward(fastest.take(rows)).loss)
        rows = next(batches)
    with fresh_torch_state():
        loop.load_state(fastest.state())
    return loop, rows


def _open(loop: Loop, places: torch.Tensor, epoch: int, batch: int) -> Epoch:
    """Take the step and record all its values."""
    settings = loop.settings
    rows = loop.take(places) if settings.batch_size else loop.batch
    parameters = dict(loop.network.named_parameters())
    accumulated, before = _copies(loop.gradients), _copies(loop.parameters)
    memory, rates = _memory(loop), _rates(loop)
    sums, outputs = _forward(loop, rows.inputs)
    loss = measured(loop.criterion, outputs[-1], rows.targets)
    loop.backward(loss)
    gradients = _copies(loop.gradients)
    loop.step()
    return Epoch(
        number=epoch,
        names=tuple(f"model[{name.replace('.', '].')}" for name in parameters),
        layers=tuple(
            LayerTrace(*_copies((total, out, total.grad, out.grad)))
            for total, out in zip(sums, outputs, strict=True)
        ),
        loss=loss.item(),
        row_losses=_row_losses(loop, outputs[-1], rows.targets),
        accumulated=accumulated,
        gradients=gradients,
        before=before,
        after=_copies(loop.parameters),
        batch=batch,
        batches=batch_count(settings),
        rows=frozen(places.numpy()),
        rates=rates,
        clipped=_copies(loop.gradients) if settings.clip else (),
        memory=memory,
        steps=loop.updates + 1,
    )


def _forward(loop: Loop, x: torch.Tensor) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """Run the forward pass; return each layer's sums and outputs, which retain their gradients."""
    sums: list[torch.Tensor] = []
    outputs: list[torch.Tensor] = []
    for module in loop.network:
        x = module(x)
        x.retain_grad()
        if isinstance(module, nn.Linear):
            sums.append(x)
            outputs.append(x)
        else:
            outputs[-1] = x
    return sums, outputs


def _row_losses(loop: Loop, y_pred: torch.Tensor, y: torch.Tensor) -> FloatArray:
    """Return the loss of each row; NaN where the criterion rejects the predictions."""
    loss = LOSSES[loop.settings.loss]
    criterion: Any = loss.plain.criterion()
    criterion.reduction = "none"
    try:
        losses = criterion(y_pred, y)
    except RuntimeError:
        losses = torch.full_like(y_pred, float("nan"))
    weights = loss.weights_of(_copy(y)).astype(np.float32)
    return frozen(_copy(losses).ravel() * weights.ravel())


def _memory(loop: Loop) -> dict[str, Tensors]:
    """Return the optimizer's state by PyTorch's names; empty before the first step."""
    names = OPTIMIZERS[loop.settings.optimizer].remembers if loop.updates else ()
    tensors = iter(loop.memory)
    return {name: _copies(islice(tensors, len(loop.parameters))) for name in names}


def _rates(loop: Loop) -> tuple[float, ...]:
    """Return the learning rate of each parameter; the last two belong to the last layer."""
    return (*[loop.rates[0]] * (len(loop.parameters) - 2), *[loop.rates[-1]] * 2)


def _copy(tensor: torch.Tensor) -> FloatArray:
    return frozen(tensor.detach().cpu().numpy())


def _copies(tensors: Iterable[torch.Tensor | None]) -> Tensors:
    return tuple(_copy(each) for each in tensors if each is not None)
