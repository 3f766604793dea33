"""The cells about the loss, the optimizer and the loop."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from tinynet.export.cells import Cell, code, comment, prose
from tinynet.export.rows import source
from tinynet.registry.balance import balanced
from tinynet.registry.endings import ENDINGS
from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.settings import Settings, number_text
from tinynet.training import expressions

IN_EPOCH, IN_BATCH = " " * 4, " " * 8
FORWARD = "Forward: compute the predictions for the batch with the current weights."
ZERO_GRAD = "Clear the gradients of the last {}: PyTorch would add the new ones to them."
FORGOTTEN = "Missing here: optimizer.zero_grad(), so the gradients of every {} so far accumulate."
BACKWARD = "Backward: compute the gradient of the loss by every weight."
PENALTY = "The penalty on the size of the weights affects only the gradients, not the printed loss."
CLIP = "Scale all gradients down if their total norm is above this limit."
SCHEDULE = "Set the learning rate of the next epoch."
BATCHES = "Shuffle all rows, and take one batch at a time."
TOTAL = "The loss of the epoch is the mean over its batches, weighted by their number of rows."
LAST_LAYER = "The last layer is a parameter group of its own, with its own learning rate."
KEEP = "Keep a copy of the weights with the lowest test loss so far."
GO_BACK = "The last update may have the lowest test loss too; else go back to the kept weights."
TEST = "Measure the loss on the test rows, which never change the weights."


def optimizer_cells(settings: Settings) -> Iterator[Cell]:
    """Describe the loss and the optimizer."""
    yield prose(
        "## The loss and the optimizer",
        "The loss measures how wrong the predictions are; the optimizer moves the weights against "
        "its\ngradient.",
        *([LAST_LAYER] if len(settings.rates) > 1 else []),
    )
    lines = [
        f"criterion = {expressions.criterion(settings)}",
        f"optimizer = {expressions.optimizer(settings)}",
    ]
    if scheduler := expressions.scheduler(settings):
        lines.append(f"scheduler = {scheduler}")
    yield code(source(balanced) if LOSSES[settings.loss].balances else "", "\n".join(lines))


def training_cells(settings: Settings, *, collect: bool) -> Iterator[Cell]:
    """Describe the loop, which may collect its losses in a list."""
    clearing = (
        "clear the old gradients, compute the new ones"
        if settings.zero_gradients
        else "add the new gradients to the old ones"
    )
    yield prose("## The training", f"Predict, measure, {clearing}, step; repeat in each epoch.")
    before = ENDINGS[settings.keep].before
    lines = [before] if before else []
    if collect:
        lines.append("losses = []")
    if collect and settings.test_rows:
        lines.append("test_losses = []")
    lines.append(f"for epoch in range({settings.epochs}):")
    epoch = _epoch_of_batches if settings.batch_size else _epoch_of_all_rows
    yield code("\n".join([*lines, *epoch(settings, collect=collect)]))


def ending_cells(settings: Settings) -> Iterator[Cell]:
    """Describe how the script goes back to the best state, if it does."""
    if after := ENDINGS[settings.keep].after:
        yield prose("## The best state", GO_BACK)
        yield code(after)


def answer_cells(settings: Settings) -> Iterator[Cell]:
    """Describe how predictions become answers, where that is not obvious."""
    if answer_code := settings.task.answer_code:
        yield prose("## The answers", "For each row, the class with the largest output.")
        yield code(f"with torch.no_grad():\n{IN_EPOCH}answers = {answer_code}")


def _epoch_of_all_rows(settings: Settings, *, collect: bool) -> Iterator[str]:
    yield from _forward(settings, IN_EPOCH, "x", "y")
    yield from _test(settings)
    yield from _report(settings, "loss.item()", collect=collect)
    yield from _update(settings, IN_EPOCH)
    yield from _schedule(settings)


def _epoch_of_batches(settings: Settings, *, collect: bool) -> Iterator[str]:
    yield from _test(settings)
    yield comment(BATCHES, IN_EPOCH)
    yield f"{IN_EPOCH}total = 0"
    yield f"{IN_EPOCH}for rows in torch.randperm(len(x)).split({settings.batch_size}):"
    yield from _forward(settings, IN_BATCH, "x[rows]", "y[rows]")
    yield from _update(settings, IN_BATCH)
    yield f"{IN_BATCH}total = total + loss.detach() * len(rows)"
    yield comment(TOTAL, IN_EPOCH)
    yield f"{IN_EPOCH}mean = (total / len(x)).item()"
    yield from _report(settings, "mean", collect=collect)
    yield from _schedule(settings)


def _forward(settings: Settings, indent: str, x: str, y: str) -> Iterator[str]:
    measure = f"Training minimises the mean {LOSSES[settings.loss].words}."
    yield comment(FORWARD, indent)
    yield f"{indent}y_pred = model({x})"
    yield comment(f"Measure how wrong they are. {measure}", indent)
    yield f"{indent}loss = criterion(y_pred, {y})"


def _update(settings: Settings, indent: str) -> Iterator[str]:
    text = ZERO_GRAD if settings.zero_gradients else FORGOTTEN
    yield comment(text.format("batch" if settings.batch_size else "epoch"), indent)
    if settings.zero_gradients:
        yield f"{indent}optimizer.zero_grad()"
    yield comment(BACKWARD, indent)
    yield from _backward(settings, indent)
    if settings.clip:
        yield comment(CLIP, indent)
        yield f"{indent}nn.utils.clip_grad_norm_(model.parameters(), {number_text(settings.clip)})"
    moves = OPTIMIZERS[settings.optimizer].how(settings.l2)
    yield comment(f"Step: move every weight {moves}, which should lower the next loss.", indent)
    yield f"{indent}optimizer.step()"


def _backward(settings: Settings, indent: str) -> Iterator[str]:
    if not settings.l1:
        yield f"{indent}loss.backward()"
        return
    size = "sum(p.abs().sum() for p in model.parameters())"
    yield comment(PENALTY, indent)
    yield f"{indent}(loss + {number_text(settings.l1)} * {size}).backward()"


def _test(settings: Settings) -> Iterator[str]:
    if settings.test_rows:
        yield comment(TEST, IN_EPOCH)
        yield f"{IN_EPOCH}with torch.no_grad():"
        yield f"{IN_EPOCH}    test_loss = criterion(model(x_test), y_test)"
    if in_epoch := ENDINGS[settings.keep].in_epoch:
        yield comment(KEEP, IN_EPOCH)
        yield indent(in_epoch, IN_EPOCH)


def _report(settings: Settings, loss: str, *, collect: bool) -> Iterator[str]:
    test = ", ' test loss: ', test_loss.item()" if settings.test_rows else ""
    yield f"{IN_EPOCH}print('epoch: ', epoch, ' loss: ', {loss}{test})"
    if collect:
        yield f"{IN_EPOCH}losses.append({loss})"
        if test:
            yield f"{IN_EPOCH}test_losses.append(test_loss.item())"


def _schedule(settings: Settings) -> Iterator[str]:
    if expressions.scheduler(settings):
        yield comment(SCHEDULE, IN_EPOCH)
        yield f"{IN_EPOCH}scheduler.step()"
